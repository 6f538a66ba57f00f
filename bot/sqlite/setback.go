package sqlite

import (
	"context"
	"fmt"
	"time"
)

const (
	// latest looks at the last rows only, which are found by their numbers: no time has an index of its own. Some, since
	// what came last needn't have happened last.
	latest = `SELECT max(
		coalesce((SELECT max(at) FROM milestones), 0),
		coalesce((SELECT max(received) FROM (SELECT received FROM inbox ORDER BY seq DESC LIMIT 100)), 0),
		coalesce((SELECT max(max(decided, received)) FROM (SELECT decided, received FROM entries ORDER BY seq DESC LIMIT 100)), 0),
		coalesce((SELECT max(max(entered, ended, coalesce(began, 0))) FROM (SELECT entered, ended, began FROM deliveries ORDER BY id DESC LIMIT 100)), 0))`

	setBackEvents = `UPDATE inbox SET received = min(received, ?1), due = iif(due > ?1, max(due - ?2, ?1), due),
			leased = iif(leased > ?1, max(leased - ?2, ?1), leased)
		WHERE received > ?1 OR due > ?1 OR leased > ?1`

	setBackPlanned = `UPDATE deliveries SET due = max(due - ?2, ?1) WHERE state = 'planned' AND due > ?1`

	setBackDoubts = `UPDATE deliveries SET settle = max(settle - ?2, ?1) WHERE settle > 0 AND settle > ?1`

	lateDeliveries = `SELECT id FROM deliveries WHERE id >= ? AND max(entered, ended, coalesce(began, 0)) > ? ORDER BY id LIMIT ?`

	// A mark is found by its delivery's time, so that both change together.
	setBackMarks = `UPDATE marks SET entered = ?2 WHERE delivery = ?1 - ?1 % 16 AND entered > ?2
		AND hash IN (SELECT hashes.value FROM deliveries, json_each(deliveries.marks) AS hashes WHERE deliveries.id = ?1)`

	setBackDelivery = `UPDATE deliveries SET entered = min(entered, ?2), ended = min(ended, ?2), began = iif(began > ?2,
			iif(state IN ('sending', 'unknown'), max(began - ?3 - 60000, 1), ?2), began)
		WHERE id = ?1`

	setBackMilestones = `INSERT INTO milestones (at, last) SELECT ?1, max(last) FROM milestones WHERE at >= ?1 HAVING count(*) > 0
		ON CONFLICT DO UPDATE SET last = excluded.last`

	dropLateMilestones = `DELETE FROM milestones WHERE at > ?`

	// setBackBatch is how many deliveries one transaction changes.
	setBackBatch = 200
)

// setBack are the statements for it.
type setBack struct{ events, planned, doubts, marks, delivery, milestones, former *statement }

// Latest implements [ledger.Clocked].
func (s *Store) Latest(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "latest time", latest)
}

// SetBack implements [ledger.Clocked].
func (s *Store) SetBack(ctx context.Context, now time.Time, by time.Duration) error {
	if err := s.setBackDeliveries(ctx, now, by); err != nil {
		return fmt.Errorf("set back: %w", err)
	}
	err := s.writer.do(ctx, func(tx *tx) error {
		for _, run := range []*statement{tx.setBack.events, tx.setBack.planned, tx.setBack.doubts} {
			if _, err := run.exec(now, by.Milliseconds()); err != nil {
				return err
			}
		}
		for _, run := range []*statement{tx.setBack.milestones, tx.setBack.former} {
			if _, err := run.exec(now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("set back: %w", err)
	}
	return nil
}

// setBackDeliveries is apart from the rest, and first, since it may take long: it reads all deliveries there are.
func (s *Store) setBackDeliveries(ctx context.Context, now time.Time, by time.Duration) error {
	for from, more := int64(0), true; more; {
		ids, err := numbers(ctx, s.db, lateDeliveries, from, millis(now), setBackBatch)
		if err != nil || len(ids) == 0 {
			return err
		}
		from, more = ids[len(ids)-1]+1, len(ids) == setBackBatch
		err = s.writer.do(ctx, func(tx *tx) error {
			for _, id := range ids {
				if _, err := tx.setBack.marks.exec(id, now); err != nil {
					return err
				}
				if _, err := tx.setBack.delivery.exec(id, now, by.Milliseconds()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
