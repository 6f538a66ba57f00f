package sqlite

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"
)

// expireWaiting ends what waited for a person. At the time at which it expires it may still be said.
const expireWaiting = `UPDATE deliveries SET state = 'cancelled', because = 'expired', ended = ?1, reason = '` + nobodyDecided + `'
	WHERE state = 'waiting' AND expires > 0 AND expires < ?1 RETURNING id`

const nobodyDecided = `nobody approved it while it was young enough to be said`

// Expire implements [ledger.Store].
func (s *Store) Expire(ctx context.Context, now time.Time) (int, error) {
	var ended []int64
	err := s.writer.do(ctx, func(tx *tx) error {
		ended = ended[:0]
		for _, expire := range []*statement{tx.expire, tx.expirePaused} {
			err := expire.each(func(row []driver.Value) error {
				ended = append(ended, column[int64](row[0]))
				return nil
			}, now)
			if err != nil {
				return err
			}
		}
		for _, id := range ended {
			if _, err := tx.giveMarksBack.exec(id); err != nil {
				return err
			}
		}
		_, err := tx.sweepPauses.exec(now)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("expire deliveries: %w", err)
	}
	return len(ended), nil
}
