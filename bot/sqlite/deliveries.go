package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

const (
	// ofDelivery are the columns that deliveryOf reads.
	ofDelivery = `id, account, media, conversation, rule, text, request, received, due, expires, attempts,
			variant, author, username, approved, place, live`

	takePlanned = `UPDATE deliveries SET state = 'sending', attempts = attempts + 1, began = ?1
		WHERE id IN (SELECT id FROM deliveries WHERE state = 'planned' AND account = ?3 AND place = '' AND due <= ?1
			AND NOT ` + isPaused + ` ORDER BY due, id LIMIT ?2 + 0)
		RETURNING ` + ofDelivery

	nextPlanned = `SELECT account FROM deliveries WHERE account >= ? AND place = '' AND state = 'planned' ORDER BY account LIMIT 1`

	// What was sent or may have been keeps the time at which it began. These are two statements since one that names
	// a column of an index writes that index anew.
	finishSent = `UPDATE deliveries SET state = ?, posted_id = ?, reason = ?, because = ?, ended = ?
		WHERE id = ? AND state = 'sending'`

	finishUnsent = `UPDATE deliveries SET state = ?1, posted_id = ?2, reason = ?3, because = ?4, ended = ?5,
		began = NULL, due = iif(?1 = 'planned', ?7, due), attempts = attempts - ?8 WHERE id = ?6 AND state = 'sending'`

	// Only a public reply can be looked for. To hide a comment, or to notify people, once more does no harm.
	doubtDeliveries = `UPDATE deliveries SET state = 'unknown', ended = ?1, settle = iif(id % 16 = 0, began + ?2, 0), looking = 0,
		looks = 0, reason = '` + cutOff + `', because = 'failed' WHERE state = 'sending' AND id % 16 < 2`

	repeatDeliveries = `UPDATE deliveries SET state = 'planned', ended = ?1, due = ?1, began = NULL, reason = '` + cutOff + `'
		WHERE state = 'sending' AND id % 16 >= 2`

	cutOff = `the program ended while it was being sent`
)

// TakeDeliveries implements [ledger.Store].
func (s *Store) TakeDeliveries(ctx context.Context, room share.Room, now time.Time) ([]ledger.Delivery, error) {
	return s.takeOf(ctx, "deliveries", room, now, func(tx *tx) (*round, *statement) { return &tx.planned, tx.take })
}

// takeOf takes deliveries round those who share the room: accounts, or places.
func (s *Store) takeOf(ctx context.Context, what string, room share.Room, now time.Time, of func(*tx) (*round, *statement)) ([]ledger.Delivery, error) {
	if room.Most <= 0 {
		return nil, nil
	}
	var taken []ledger.Delivery
	err := s.writer.do(ctx, func(tx *tx) error {
		taken = taken[:0]
		round, take := of(tx)
		return round.share(room, func(who string, most int) (int, error) {
			before := len(taken)
			err := take.each(func(row []driver.Value) error {
				delivery, err := deliveryOf(row)
				taken = append(taken, delivery)
				return err
			}, now, int64(most), who)
			return len(taken) - before, err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("take %s: %w", what, err)
	}
	slices.SortFunc(taken, func(a, b ledger.Delivery) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
	return taken, nil
}

// deliveryOf makes a delivery of the columns of takePlanned.
func deliveryOf(row []driver.Value) (ledger.Delivery, error) {
	id := column[int64](row[0])
	d := ledger.Delivery{
		ID:       id,
		Seq:      id / perEvent,
		State:    ledger.Sending,
		Attempts: int(column[int64](row[10])),
		Plan: ledger.Plan{
			Account:      column[string](row[1]),
			Media:        column[string](row[2]),
			Conversation: column[string](row[3]),
			Rule:         column[string](row[4]),
			Action:       actionOf(id),
			Text:         column[string](row[5]),
			Received:     moment(column[int64](row[7])),
			Due:          moment(column[int64](row[8])),
			Expires:      moment(column[int64](row[9])),
			Variant:      column[string](row[11]),
			Author:       rules.From{ID: column[string](row[12]), Username: column[string](row[13])},
			Approved:     column[int64](row[14]) != 0,
			To:           column[string](row[15]),
			Live:         column[int64](row[16]) != 0,
		},
	}
	if err := json.Unmarshal(column[[]byte](row[6]), &d.Request); err != nil {
		return d, fmt.Errorf("request of delivery %d: %w", id, err)
	}
	return d, nil
}

// Finish implements [ledger.Store].
func (s *Store) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	var postedID any
	if fate.PostedID != "" {
		postedID = fate.PostedID
	}
	args := []any{string(fate.State), postedID, fate.Reason, string(fate.Because), fate.At, id}
	finish := func(tx *tx) *statement { return tx.finishSent }
	switch fate.State {
	case ledger.Posted:
	case ledger.Unknown:
		if !fate.Due.IsZero() {
			finish = func(tx *tx) *statement { return tx.finishDoubted }
			args = []any{fate.Reason, string(fate.Because), fate.At, fate.Due, fate.Accepted, id}
		}
	case ledger.Refused, ledger.Cancelled, ledger.Planned:
		finish = func(tx *tx) *statement { return tx.finishUnsent }
		args = append(args, fate.Due, uncounted(fate))
	default:
		return fmt.Errorf("finish delivery %d: %q is no fate", id, fate.State)
	}
	err := s.writer.do(ctx, func(tx *tx) error {
		changed, err := finish(tx).exec(args...)
		switch {
		case err != nil:
			return err
		case changed == 0:
			return ledger.ErrNotSending
		case fate.State == ledger.Refused || fate.State == ledger.Cancelled:
			_, err = tx.giveMarksBack.exec(id)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("finish delivery %d: %w", id, err)
	}
	return nil
}

// uncounted is by how much the fate lessens the attempts.
func uncounted(fate ledger.Fate) int64 {
	if fate.State == ledger.Planned && fate.Uncounted {
		return 1
	}
	return 0
}

// Recover implements [ledger.Store].
func (s *Store) Recover(ctx context.Context, now time.Time, settleAfter time.Duration) (ledger.Recovered, error) {
	var found ledger.Recovered
	err := s.writer.do(ctx, func(tx *tx) error {
		leases, err := tx.endLeases.exec()
		if err != nil {
			return err
		}
		if _, err := tx.endLooks.exec(now); err != nil {
			return err
		}
		again, err := tx.repeat.exec(now)
		if err != nil {
			return err
		}
		unknown, err := tx.doubt.exec(now, settleAfter.Milliseconds())
		found = ledger.Recovered{Leases: int(leases), Unknown: int(unknown), Again: int(again)}
		return err
	})
	if err != nil {
		return ledger.Recovered{}, fmt.Errorf("recover: %w", err)
	}
	return found, nil
}
