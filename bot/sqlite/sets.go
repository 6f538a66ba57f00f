package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

const activateSet = `INSERT INTO rule_sets (revision, source, activated, turn)
	VALUES (?, ?, ?, (SELECT coalesce(max(turn), 0) + 1 FROM rule_sets))
	ON CONFLICT (revision) DO UPDATE SET source = excluded.source, activated = excluded.activated, turn = excluded.turn`

// Activate implements [ledger.Store].
func (s *Store) Activate(ctx context.Context, revision string, source []byte, now time.Time) error {
	err := s.writer.do(ctx, func(tx *tx) error {
		_, err := tx.activate.exec(revision, blob(source), now)
		return err
	})
	if err != nil {
		return fmt.Errorf("activate rules %q: %w", revision, err)
	}
	return nil
}

// LastSet implements [ledger.Store].
func (r reader) LastSet(ctx context.Context) (revision string, source []byte, err error) {
	err = r.db.QueryRowContext(ctx, `SELECT revision, source FROM rule_sets ORDER BY turn DESC LIMIT 1`).
		Scan(&revision, &source)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, fmt.Errorf("last rules: %w", err)
	}
	return revision, source, nil
}
