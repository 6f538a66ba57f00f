package sqlite

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

const (
	selectPlanned = `SELECT id, account, media, conversation, rule, text, request, received, due, expires, attempts
		FROM deliveries WHERE state = 'planned' AND due <= ? ORDER BY due, id LIMIT ?`

	sendDelivery = `UPDATE deliveries SET state = 'sending', attempts = attempts + 1, began = ? WHERE id = ?`

	finishDelivery = `UPDATE deliveries SET state = ?1, posted_id = ?2, reason = ?3, because = ?4, ended = ?5,
		due = iif(?1 = 'planned', ?6, due), began = iif(?1 IN ('posted', 'unknown'), began, NULL)
		WHERE id = ?7 AND state = 'sending'`

	doubtDeliveries = `UPDATE deliveries SET state = 'unknown', ended = ?,
		reason = 'the program ended while it was being sent' WHERE state = 'sending'`
)

// TakeDeliveries implements [ledger.Store].
func (s *Store) TakeDeliveries(ctx context.Context, n int, now time.Time) ([]ledger.Delivery, error) {
	if n <= 0 {
		return nil, nil
	}
	var taken []ledger.Delivery
	err := s.writer.do(ctx, func(tx *tx) error {
		taken = taken[:0]
		err := tx.planned.each(func(row []driver.Value) error {
			delivery, err := deliveryOf(row)
			taken = append(taken, delivery)
			return err
		}, now, int64(n))
		if err != nil {
			return err
		}
		for i := range taken {
			taken[i].State = ledger.Sending
			taken[i].Attempts++
			if _, err := tx.send.exec(now, taken[i].ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("take deliveries: %w", err)
	}
	return taken, nil
}

// deliveryOf makes a delivery of the columns of selectPlanned.
func deliveryOf(row []driver.Value) (ledger.Delivery, error) {
	id := column[int64](row[0])
	d := ledger.Delivery{
		ID:       id,
		Seq:      id / perEvent,
		Attempts: int(column[int64](row[10])),
		Plan: ledger.Plan{
			Account:      column[string](row[1]),
			Media:        column[string](row[2]),
			Conversation: column[string](row[3]),
			Rule:         column[string](row[4]),
			Action:       actions[id%perEvent],
			Text:         column[string](row[5]),
			Received:     moment(column[int64](row[7])),
			Due:          moment(column[int64](row[8])),
			Expires:      moment(column[int64](row[9])),
		},
	}
	if err := json.Unmarshal(column[[]byte](row[6]), &d.Request); err != nil {
		return d, fmt.Errorf("request of delivery %d: %w", id, err)
	}
	return d, nil
}

// Finish implements [ledger.Store].
func (s *Store) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	switch fate.State {
	case ledger.Posted, ledger.Refused, ledger.Unknown, ledger.Cancelled, ledger.Planned:
	default:
		return fmt.Errorf("finish delivery %d: %q is no fate", id, fate.State)
	}
	var postedID any
	if fate.PostedID != "" {
		postedID = fate.PostedID
	}
	err := s.writer.do(ctx, func(tx *tx) error {
		changed, err := tx.finish.exec(string(fate.State), postedID, fate.Reason, string(fate.Because), fate.At, fate.Due, id)
		if err == nil && changed == 0 {
			err = fmt.Errorf("is not in sending")
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("finish delivery %d: %w", id, err)
	}
	return nil
}

// NextDelivery implements [ledger.Store].
func (s *Store) NextDelivery(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "next delivery", `SELECT due FROM deliveries WHERE state = 'planned' ORDER BY due LIMIT 1`)
}

// Recover implements [ledger.Store].
func (s *Store) Recover(ctx context.Context, now time.Time) (ledger.Recovered, error) {
	var found ledger.Recovered
	err := s.writer.do(ctx, func(tx *tx) error {
		leases, err := tx.endLeases.exec()
		if err != nil {
			return err
		}
		unknown, err := tx.doubt.exec(now)
		found = ledger.Recovered{Leases: int(leases), Unknown: int(unknown)}
		return err
	})
	if err != nil {
		return ledger.Recovered{}, fmt.Errorf("recover: %w", err)
	}
	return found, nil
}
