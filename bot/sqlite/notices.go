package sqlite

import (
	"context"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
)

const (
	takeNoticed = `UPDATE deliveries SET state = 'sending', attempts = attempts + 1, began = ?1
		WHERE id IN (SELECT id FROM deliveries WHERE state = 'planned' AND place = ?3 AND place <> '' AND due <= ?1
			AND NOT ` + isPaused + ` ORDER BY due, id LIMIT ?2 + 0)
		RETURNING ` + ofDelivery

	nextNoticed = `SELECT place FROM deliveries WHERE place >= ? AND place <> '' AND state = 'planned' ORDER BY place LIMIT 1`
)

// TakeNotices implements [ledger.Store].
func (s *Store) TakeNotices(ctx context.Context, room share.Room, now time.Time) ([]ledger.Delivery, error) {
	return s.takeOf(ctx, "notifications", room, now, func(tx *tx) (*round, *statement) { return &tx.noticed, tx.takeNotices })
}

// NextNotice implements [ledger.Store].
func (s *Store) NextNotice(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "next notification", firstPlanned(isNotice))
}
