package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// earliest runs a query for the least of some times.
func (s *Store) earliest(ctx context.Context, what, query string) (time.Time, error) {
	var ms int64
	err := s.readers.QueryRowContext(ctx, query).Scan(&ms)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", what, err)
	}
	return moment(ms), nil
}

// SentTimes implements [ledger.Store].
func (s *Store) SentTimes(ctx context.Context, account string, since time.Time) ([]time.Time, error) {
	times, err := s.sentTimes(ctx, account, since)
	if err != nil {
		return nil, fmt.Errorf("sent times of account %q: %w", account, err)
	}
	return times, nil
}

func (s *Store) sentTimes(ctx context.Context, account string, since time.Time) (times []time.Time, err error) {
	rows, err := s.readers.QueryContext(ctx, `SELECT began FROM deliveries
		WHERE account = ? AND began >= ? ORDER BY began`, account, millis(since))
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

// Record implements [ledger.Reader].
func (s *Store) Record(ctx context.Context, seq int64) (ledger.Record, error) {
	record, err := s.record(ctx, seq)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("event %d: %w", seq, err)
	}
	return record, nil
}

func (s *Store) record(ctx context.Context, seq int64) (ledger.Record, error) {
	var (
		r           ledger.Record
		facts, more []byte
	)
	err := s.readers.QueryRowContext(ctx, `SELECT verdict, because, rule, mode, revision, facts, rest
		FROM entries WHERE seq = ?`, seq).
		Scan(&r.Verdict, &r.Because, &r.Rule, &r.Mode, &r.Revision, &facts, &more)
	if errors.Is(err, sql.ErrNoRows) {
		return r, ledger.ErrNoEntry
	}
	if err != nil {
		return r, err
	}
	if facts != nil {
		if err := json.Unmarshal(facts, &r.Event); err != nil {
			return r, fmt.Errorf("facts: %w", err)
		}
	}
	var rest rest
	if err := json.Unmarshal(more, &rest); err != nil {
		return r, fmt.Errorf("record: %w", err)
	}
	if rest.Actions == nil {
		if rest.Actions, err = s.actions(ctx, seq); err != nil {
			return r, err
		}
	}
	return r.Restore(rest.Actions, rest.Rules), nil
}

// actions are those of an entry's deliveries.
func (s *Store) actions(ctx context.Context, seq int64) ([]rules.Action, error) {
	deliveries, err := s.deliveries(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	actions := make([]rules.Action, len(deliveries))
	for i, delivery := range deliveries {
		actions[i] = actionOfPlan(delivery.Plan)
	}
	return actions, nil
}

// Deliveries implements [ledger.Reader].
func (s *Store) Deliveries(ctx context.Context, seq int64) ([]ledger.Settled, error) {
	settled, err := s.deliveries(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("deliveries of event %d: %w", seq, err)
	}
	return settled, nil
}

func (s *Store) deliveries(ctx context.Context, seq int64) (settled []ledger.Settled, err error) {
	rows, err := s.readers.QueryContext(ctx, `SELECT id, account, media, conversation, rule, text, request, received,
		due, expires, attempts, state, ended, coalesce(posted_id, ''), reason, because
		FROM deliveries WHERE id BETWEEN ? AND ? ORDER BY id`, seq*perEvent, seq*perEvent+perEvent-1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanSettled(rows)
		if err != nil {
			return nil, err
		}
		settled = append(settled, d)
	}
	return settled, rows.Err()
}

func scanSettled(rows *sql.Rows) (ledger.Settled, error) {
	var (
		d                             ledger.Settled
		request                       []byte
		received, due, expires, ended int64
	)
	err := rows.Scan(&d.ID, &d.Account, &d.Media, &d.Conversation, &d.Rule, &d.Text, &request, &received, &due, &expires,
		&d.Attempts, &d.State, &ended, &d.Fate.PostedID, &d.Fate.Reason, &d.Fate.Because)
	if err != nil {
		return d, err
	}
	d.Seq, d.Action = d.ID/perEvent, actionOf(d.ID)
	d.Received, d.Due, d.Expires = moment(received), moment(due), moment(expires)
	if ended != 0 {
		d.Fate.State, d.Fate.At = d.State, moment(ended)
	}
	if d.Fate.State == ledger.Sending { // again: the attempt before was surely not sent
		d.Fate.State = ledger.Planned
	}
	return d, json.Unmarshal(request, &d.Request)
}

// Backlog implements [ledger.Reader].
func (s *Store) Backlog(ctx context.Context) (n int, err error) {
	if err := s.readers.QueryRowContext(ctx, `SELECT count(*) FROM inbox`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the backlog: %w", err)
	}
	return n, nil
}

// Counts implements [ledger.Reader].
func (s *Store) Counts(ctx context.Context) (ledger.Counts, error) {
	counts := ledger.Counts{Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}}
	rows, err := s.readers.QueryContext(ctx, `SELECT 'open', '', count(*) FROM inbox
		UNION ALL SELECT 'verdict', verdict, count(*) FROM entries GROUP BY verdict
		UNION ALL SELECT 'delivery', state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		return ledger.Counts{}, fmt.Errorf("count: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var sort, name string
		var n int
		if err := rows.Scan(&sort, &name, &n); err != nil {
			return ledger.Counts{}, fmt.Errorf("count: %w", err)
		}
		switch sort {
		case "open":
			counts.Open = n
		case "verdict":
			counts.Verdicts[ledger.Verdict(name)] = n
		case "delivery":
			counts.Deliveries[ledger.State(name)] = n
		}
	}
	if err := rows.Err(); err != nil {
		return ledger.Counts{}, fmt.Errorf("count: %w", err)
	}
	return counts, nil
}
