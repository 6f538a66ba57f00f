package sqlite

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
)

const (
	takeDoubts = `UPDATE deliveries SET settle = ?3, looking = 1
		WHERE id IN (SELECT id FROM deliveries WHERE account = ?4 AND settle > 0 AND settle <= ?1 AND state = 'unknown'
			ORDER BY settle, id LIMIT ?2 + 0)
		RETURNING ` + ofDelivery + `, began, looks, again, reason, accepted`

	nextDoubted = `SELECT account FROM deliveries WHERE account >= ? AND settle > 0 ORDER BY account LIMIT 1`

	nextDoubt = `SELECT settle FROM deliveries WHERE settle > 0 AND state = 'unknown' ORDER BY settle LIMIT 1`

	finishDoubted = `UPDATE deliveries SET state = 'unknown', reason = ?, because = ?, ended = ?, settle = ?, looking = 0, looks = 0,
		accepted = ? WHERE id = ? AND state = 'sending'`

	settlePosted = `UPDATE deliveries SET state = 'posted', posted_id = ?1, reason = ?2, because = ?3, ended = ?4,
		settle = 0, looking = 0 WHERE id = ?5 AND attempts = ?6 AND state = 'unknown'`

	settleUnsaid = `UPDATE deliveries SET state = 'planned', reason = ?1, because = ?2, ended = ?3, due = ?4, began = NULL,
		settle = 0, looking = 0, looks = 0, again = 1 WHERE id = ?5 AND attempts = ?6 AND state = 'unknown'
		AND accepted = 0`

	settleUnknown = `UPDATE deliveries SET reason = ?1, because = ?2, ended = ?3, settle = ?4, looking = 0, looks = ?5
		WHERE id = ?6 AND attempts = ?7 AND state = 'unknown'`

	// One that is being sent may have been posted already, and its id not be written yet.
	contested = `SELECT 1 FROM deliveries WHERE posted_id = ?1 AND account = ?2 AND id <> ?4
		UNION ALL SELECT 1 FROM deliveries WHERE state = 'sending' AND account = ?2 AND text = ?3 AND id <> ?4 AND id % 16 = 0
		LIMIT 1`

	// What somebody looked for when the program ended is looked for at once.
	endLooks = `UPDATE deliveries SET settle = ?1, looking = 0 WHERE settle > 0 AND settle > ?1 AND looking = 1`
)

// TakeDoubts implements [ledger.Doubts].
func (s *Store) TakeDoubts(ctx context.Context, room share.Room, now, until time.Time) ([]ledger.Doubt, error) {
	if room.Most <= 0 {
		return nil, nil
	}
	var taken []ledger.Doubt
	err := s.writer.do(ctx, func(tx *tx) error {
		taken = taken[:0]
		return tx.doubted.share(room, func(account string, most int) (int, error) {
			before := len(taken)
			err := tx.takeDoubts.each(func(row []driver.Value) error {
				doubt, err := doubtOf(row)
				taken = append(taken, doubt)
				return err
			}, now, int64(most), until, account)
			return len(taken) - before, err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("take doubts: %w", err)
	}
	slices.SortFunc(taken, func(a, b ledger.Doubt) int { return cmp.Or(a.Began.Compare(b.Began), cmp.Compare(a.ID, b.ID)) })
	return taken, nil
}

// doubtOf makes a doubt of the columns of takeDoubts.
func doubtOf(row []driver.Value) (ledger.Doubt, error) {
	delivery, err := deliveryOf(row)
	delivery.State = ledger.Unknown
	return ledger.Doubt{
		Delivery: delivery, Began: moment(column[int64](row[17])), Looks: int(column[int64](row[18])),
		Again: column[int64](row[19]) != 0, Reason: column[string](row[20]),
		Accepted: column[int64](row[21]) != 0,
	}, err
}

// NextDoubt implements [ledger.Doubts].
func (s *Store) NextDoubt(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "next doubt", nextDoubt)
}

// Settle implements [ledger.Doubts].
func (s *Store) Settle(ctx context.Context, d ledger.Doubt, fate ledger.Fate) error {
	err := s.writer.do(ctx, func(tx *tx) error {
		changed, err := tx.settle(&d, &fate)
		if err == nil && changed == 0 {
			err = ledger.ErrNotInDoubt
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("settle delivery %d: %w", d.ID, err)
	}
	return nil
}

func (t *tx) settle(d *ledger.Doubt, fate *ledger.Fate) (changed int64, err error) {
	because := string(fate.Because)
	switch fate.State {
	case ledger.Posted:
		row, err := t.contested.first(fate.PostedID, d.Account, d.Text, d.ID)
		if err != nil {
			return 0, err
		}
		if row != nil {
			return 0, ledger.ErrContested
		}
		return t.settlePosted.exec(fate.PostedID, fate.Reason, because, fate.At, d.ID, int64(d.Attempts))
	case ledger.Planned:
		return t.settleUnsaid.exec(fate.Reason, because, fate.At, fate.Due, d.ID, int64(d.Attempts))
	case ledger.Unknown:
		return t.settleUnknown.exec(fate.Reason, because, fate.At, fate.Due, int64(d.Looks), d.ID, int64(d.Attempts))
	default:
		return 0, fmt.Errorf("%q settles nothing", fate.State)
	}
}

// SentIDs implements [ledger.Doubts].
func (s *Store) SentIDs(ctx context.Context, account string, ids []string) (map[string]bool, error) {
	sent := map[string]bool{}
	for _, id := range ids {
		rows, err := s.db.QueryContext(ctx, sentID, id, account)
		if err != nil {
			return nil, fmt.Errorf("sent id %q: %w", id, err)
		}
		found := rows.Next()
		if err := rows.Close(); err != nil {
			return nil, fmt.Errorf("sent id %q: %w", id, err)
		}
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("sent id %q: %w", id, err)
		}
		if found {
			sent[id] = true
		}
	}
	return sent, ctx.Err()
}
