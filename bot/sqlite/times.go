package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// NextDelivery implements [ledger.Store].
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "next delivery", firstPlanned(isCall))
}

// earliest runs a query for the least of some times.
func (s *Store) earliest(ctx context.Context, what, query string) (time.Time, error) {
	var ms int64
	err := s.db.QueryRowContext(ctx, query).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		s.mend(err)
		return time.Time{}, fmt.Errorf("%s: %w", what, explain(err))
	}
	return moment(ms), nil
}

const sentTimes = `SELECT began FROM deliveries WHERE account = ? AND began >= ? AND live = ? AND id % 16 = ? ORDER BY began`

// SentTimes implements [ledger.Store].
func (s *Store) SentTimes(ctx context.Context, account, action string, live bool, since time.Time) ([]time.Time, error) {
	times, err := s.sentTimes(ctx, account, action, live, since)
	if err != nil {
		return nil, fmt.Errorf("sent times of account %q: %w", account, err)
	}
	return times, nil
}

func (s *Store) sentTimes(ctx context.Context, account, action string, live bool, since time.Time) (times []time.Time, err error) {
	number := slices.Index(once(), action)
	if number < 0 {
		return nil, fmt.Errorf("%q is done more than once an event", action)
	}
	rows, err := s.db.QueryContext(ctx, sentTimes, account, millis(since), live, number)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var ms int64
		if err := rows.Scan(&ms); err != nil {
			return nil, err
		}
		times = append(times, moment(ms))
	}
	return times, rows.Err()
}
