package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

const (
	nextReopened = `SELECT reopened.seq, entries.thread FROM reopened LEFT JOIN entries ON entries.seq = reopened.seq
		WHERE reopened.seq > 0 ORDER BY reopened.seq LIMIT 1`

	forgetReopened = `DELETE FROM reopened WHERE seq = ?`

	// The facts stay behind: those of an event that was given up may lack what was never fetched. The rank is lost with
	// the entry, so that a change which comes again replaces this one, at worst by the same.
	reopenEvent = `INSERT INTO inbox (seq, key, rank, account, thread, change, notified, received, thread_hash, due)
		SELECT seq, key, 0, account, thread, change, notified, received, ?2,
			CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE thread_hash = ?2) THEN NULL ELSE ?3 END
		FROM entries WHERE seq = ?1 AND verdict = 'error' AND key <> ''`

	dropEntry = `DELETE FROM entries WHERE seq = ?`

	askAgain = `INSERT INTO reopened (seq, asked) SELECT seq, ?2 FROM entries WHERE seq = ?1 AND verdict = 'error' AND key <> ''
		ON CONFLICT (seq) DO UPDATE SET asked = excluded.asked`

	// That one which may have been said began stays true. Nobody looks for it any more: a person has decided.
	sendAgain = `UPDATE deliveries SET state = 'planned', due = ?, ended = 0, because = '', reason = '',
		settle = 0, looking = 0, looks = 0, accepted = 0 WHERE id = ?`

	// A mark that was given back no longer tells when it ends, and so it never does.
	markAgain = `INSERT INTO marks (hash, entered, delivery, until) SELECT hashes.value, deliveries.entered, deliveries.id - deliveries.id % 16, 0
		FROM deliveries, json_each(deliveries.marks) AS hashes WHERE deliveries.id = ? ON CONFLICT DO NOTHING`

	settle = `UPDATE deliveries SET state = ?1, because = '', reason = ?2, ended = ?3,
		began = iif(?1 = 'posted', began, NULL), settle = 0, looking = 0 WHERE id = ?4 AND state = 'unknown'`
)

// Reopen implements [ledger.Store].
func (s *Store) Reopen(ctx context.Context, now time.Time) (int, error) {
	reopened := 0
	err := s.writer.do(ctx, func(tx *tx) error {
		reopened = 0
		for {
			row, err := tx.reopenNext.first()
			if err != nil || row == nil {
				return err
			}
			seq, thread := column[int64](row[0]), column[string](row[1])
			back, err := tx.takeBack(seq, thread, now)
			if err != nil {
				return fmt.Errorf("event %d: %w", seq, err)
			}
			if back {
				reopened++
			}
		}
	})
	if err != nil {
		return 0, fmt.Errorf("reopen events: %w", err)
	}
	if reopened > 0 {
		s.announce()
	}
	return reopened, nil
}

// takeBack puts a decided event into the inbox again, if it still is one that failed.
func (t *tx) takeBack(seq int64, thread string, now time.Time) (back bool, err error) {
	hash := hashOf(thread)
	inserted, err := t.reopen.exec(seq, hash, now)
	if err != nil {
		return false, err
	}
	if inserted > 0 {
		t.threads.begin(hash)
		if _, err := t.dropEntry.exec(seq); err != nil {
			return false, err
		}
	}
	_, err = t.forgetReopened.exec(seq)
	return inserted > 0, err
}

// JudgeAgain implements [ledger.Mender].
func (d *Desk) JudgeAgain(ctx context.Context, seq int64, now time.Time) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		return changed(ledger.ErrNotFailed)(tx.ExecContext(ctx, askAgain, seq, millis(now)))
	})
	if err != nil {
		return fmt.Errorf("judge event %d again: %w", seq, err)
	}
	return nil
}

// SendAgain implements [ledger.Mender].
func (d *Desk) SendAgain(ctx context.Context, id int64, evenIfSaid bool, now time.Time) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		if err := sendable(ctx, tx, id, evenIfSaid, now); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, sendAgain, millis(now), id); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, markAgain, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("send delivery %d again: %w", id, err)
	}
	return nil
}

// sendable says why a delivery can't be sent once more.
func sendable(ctx context.Context, tx *sql.Tx, id int64, evenIfSaid bool, now time.Time) error {
	var (
		state         ledger.State
		account, rule string
		expires       int64
		forgotten     bool
	)
	err := tx.QueryRowContext(ctx, `SELECT state, account, rule, expires, request = x'7b7d' FROM deliveries WHERE id = ?`, id).
		Scan(&state, &account, &rule, &expires, &forgotten)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ledger.ErrNotSettled
	case err != nil:
		return err
	case state != ledger.Refused && state != ledger.Unknown:
		return ledger.ErrNotSettled
	case forgotten:
		return ledger.ErrForgotten
	case expires != 0 && expires < millis(now):
		return ledger.ErrExpired
	case state == ledger.Unknown && !evenIfSaid:
		return ledger.ErrMaybeSaid
	default:
		return unpaused(ctx, tx, account, rule, now)
	}
}

// Resolve implements [ledger.Mender].
func (d *Desk) Resolve(ctx context.Context, id int64, state ledger.State, note string, now time.Time) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		reason := "settled by a person"
		if note != "" {
			reason += ": " + note
		}
		switch state {
		case ledger.Posted, ledger.Refused:
		default:
			return fmt.Errorf("%q is no fate that a person can find", state)
		}
		err := changed(ledger.ErrNotUnknown)(tx.ExecContext(ctx, settle, string(state), reason, millis(now), id))
		if err == nil && state == ledger.Refused {
			_, err = tx.ExecContext(ctx, giveMarksBack, id)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("resolve delivery %d: %w", id, err)
	}
	return nil
}

// changed makes an error of a statement that changed nothing.
func changed(otherwise error) func(sql.Result, error) error {
	return func(result sql.Result, err error) error {
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err == nil && n == 0 {
			err = otherwise
		}
		return err
	}
}
