package sqlite

import (
	"context"
	"fmt"
	"slices"
	"time"
)

const (
	// An event has no delay of its own: whatever is due later was put off. It goes back to its place by age.
	hastenEvents = `UPDATE inbox SET due = max(min(received, ?2), 1)
		WHERE seq IN (SELECT seq FROM inbox WHERE turn IS NULL AND due IS NOT NULL AND due > ?2 AND account = ?1 LIMIT ?3)`

	// One that waits for its rule's delay alone has no reason beside it.
	hastenDeliveries = `UPDATE deliveries SET due = ?2
		WHERE id IN (SELECT id FROM deliveries WHERE state = 'planned' AND due > ?2 AND account = ?1 AND place = ''
			AND reason <> '' LIMIT ?3)`

	// A first look comes as long after the POST as it would have, and a second as long after the first: what ended last
	// is that, or its refusal.
	hastenDoubts = `UPDATE deliveries SET settle = max(?2, began + ?3, ended + ?3 / 2)
		WHERE id IN (SELECT id FROM deliveries WHERE account = ?1 AND settle > 0 AND settle > ?2 AND state = 'unknown'
			AND looking = 0 AND settle > max(?2, began + ?3, ended + ?3 / 2) LIMIT ?4)`

	// mostHastened bounds a transaction: others wait for the writer meanwhile.
	mostHastened = 500
)

// Hasten implements [ledger.Store].
func (s *Store) Hasten(ctx context.Context, account string, now time.Time, settleAfter time.Duration) error {
	hasten := func(which func(*tx) *statement, args ...any) error {
		for {
			var changed int64
			err := s.writer.do(ctx, func(tx *tx) (err error) {
				changed, err = which(tx).exec(append(slices.Clone(args), int64(mostHastened))...)
				return err
			})
			if err != nil {
				return fmt.Errorf("hasten account %q: %w", account, err)
			}
			if changed < mostHastened {
				return nil
			}
		}
	}
	if err := hasten(func(tx *tx) *statement { return tx.hastenEvents }, account, now); err != nil {
		return err
	}
	if err := hasten(func(tx *tx) *statement { return tx.hastenDeliveries }, account, now); err != nil {
		return err
	}
	return hasten(func(tx *tx) *statement { return tx.hastenDoubts }, account, now, settleAfter.Milliseconds())
}
