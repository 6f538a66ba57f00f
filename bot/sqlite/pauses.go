package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/answerback/answerback/bot/ledger"
)

const (
	pauseColumns = `scope, name, until, reason, person, since`

	// Those that hold back what the rule ?3 says on the account ?2, at ?1.
	findPauses = `SELECT ` + pauseColumns + ` FROM pauses WHERE scope = 'all' AND name = '' AND ` + lasts + `
		UNION ALL SELECT ` + pauseColumns + ` FROM pauses WHERE scope = 'account' AND name = ?2 AND ` + lasts + `
		UNION ALL SELECT ` + pauseColumns + ` FROM pauses WHERE scope = 'rule' AND name = ?3 AND ` + lasts

	lasts = `(until = 0 OR until > ?1)`

	// isPaused is true of a delivery that a pause holds back at ?1.
	isPaused = `(EXISTS (SELECT 1 FROM pauses WHERE scope = 'all' AND name = '' AND ` + lasts + `)
		OR EXISTS (SELECT 1 FROM pauses WHERE scope = 'account' AND name = deliveries.account AND ` + lasts + `)
		OR EXISTS (SELECT 1 FROM pauses WHERE scope = 'rule' AND name = deliveries.rule AND ` + lasts + `))`

	never = `9223372036854775807`

	listPauses = `SELECT ` + pauseColumns + `, (SELECT count(*) FROM deliveries WHERE state = 'planned' AND (pauses.scope = 'all'
			OR pauses.scope = 'account' AND deliveries.account = pauses.name
			OR pauses.scope = 'rule' AND deliveries.rule = pauses.name))
		FROM pauses WHERE ` + lasts + ` ORDER BY scope <> 'all', scope, name`

	sweepPauses = `DELETE FROM pauses WHERE (scope, name) IN (SELECT scope, name FROM pauses INDEXED BY pauses_until
		WHERE until > 0 AND until <= ?)`

	// expirePaused ends what a pause holds back for too long; what nothing holds back is ended by who would send it.
	expirePaused = `UPDATE deliveries SET state = 'cancelled', because = 'expired', ended = ?1,
		reason = 'a pause held it back while it was young enough to be said'
		WHERE state = 'planned' AND expires > 0 AND expires < ?1 AND ` + isPaused + ` RETURNING id`
)

// The sorts of planned deliveries, which wait apart.
const (
	isNotice = `place <> ''`
	isCall   = `place = ''` // to Meta
)

// firstPlanned finds the first time at which something planned of the sort can be sent: when it is due and its pauses
// have ended. Where there are no pauses, as most of the time, it looks at none.
func firstPlanned(sort string) string {
	return `SELECT coalesce(CASE WHEN NOT EXISTS (SELECT 1 FROM pauses)
		THEN (SELECT due FROM deliveries WHERE state = 'planned' AND ` + sort + ` ORDER BY due LIMIT 1)
		ELSE (SELECT min(free) FROM (
			SELECT max(due, coalesce((SELECT max(iif(until = 0, ` + never + `, until)) FROM pauses
				WHERE scope = 'all' OR scope = 'account' AND name = deliveries.account
					OR scope = 'rule' AND name = deliveries.rule), 0)) AS free
			FROM deliveries WHERE state = 'planned' AND ` + sort + `) WHERE free < ` + never + `) END, 0)`
}

// Paused implements [ledger.Book].
func (b book) Paused(account, rule string, now time.Time) (ledger.Pause, error) {
	var longest ledger.Pause
	err := b.tx.findPauses.each(func(row []driver.Value) error {
		pause := ledger.Pause{
			Scope: ledger.Scope(column[string](row[0])), Name: column[string](row[1]), Until: moment(column[int64](row[2])),
			Reason: column[string](row[3]), By: column[string](row[4]), Since: moment(column[int64](row[5])),
		}
		if pause.Outlasts(longest) {
			longest = pause
		}
		return nil
	}, now, account, rule)
	if err != nil {
		return ledger.Pause{}, fmt.Errorf("look up pauses of rule %q on account %q: %w", rule, account, err)
	}
	return longest, nil
}

// pausedNow is [book.Paused] for a desk.
func pausedNow(ctx context.Context, tx *sql.Tx, account, rule string, now time.Time) (longest ledger.Pause, err error) {
	rows, err := tx.QueryContext(ctx, findPauses, millis(now), account, rule)
	if err != nil {
		return longest, err
	}
	defer rows.Close()
	for rows.Next() {
		pause, err := scanPause(rows)
		if err != nil {
			return longest, err
		}
		if pause.Outlasts(longest) {
			longest = pause
		}
	}
	return longest, rows.Err()
}

// scanPause reads a pause, and what stands behind its columns.
func scanPause(rows *sql.Rows, more ...any) (ledger.Pause, error) {
	var (
		pause        ledger.Pause
		until, since int64
	)
	err := rows.Scan(append([]any{&pause.Scope, &pause.Name, &until, &pause.Reason, &pause.By, &since}, more...)...)
	pause.Until, pause.Since = moment(until), moment(since)
	return pause, err
}

// Pauses implements [ledger.Switch].
func (r reader) Pauses(ctx context.Context, now time.Time) ([]ledger.Holding, error) {
	pauses, err := r.pauses(ctx, now)
	if err != nil {
		return nil, fmt.Errorf("pauses: %w", err)
	}
	return pauses, nil
}

func (r reader) pauses(ctx context.Context, now time.Time) (pauses []ledger.Holding, err error) {
	rows, err := r.db.QueryContext(ctx, listPauses, millis(now))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var holding ledger.Holding
		if holding.Pause, err = scanPause(rows, &holding.Planned); err != nil {
			return nil, err
		}
		pauses = append(pauses, holding)
	}
	return pauses, rows.Err()
}

// Pause implements [ledger.Switch].
func (d *Desk) Pause(ctx context.Context, p ledger.Pause) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		switch named := p.Name != ""; {
		case p.Scope == ledger.ScopeAll && !named, p.Scope == ledger.ScopeAccount && named, p.Scope == ledger.ScopeRule && named:
		default:
			return errors.New("nothing can be paused so")
		}
		if !utf8.ValidString(p.Name) {
			return errors.New("the name is not UTF-8")
		}
		var until int64
		if !p.Until.IsZero() {
			until = max(millis(p.Until), 1)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO pauses (`+pauseColumns+`) VALUES (?, ?, ?, ?, ?, ?)
			ON CONFLICT (scope, name) DO UPDATE SET until = excluded.until, reason = excluded.reason,
				person = excluded.person, since = excluded.since`,
			string(p.Scope), p.Name, until, p.Reason, p.By, millis(p.Since))
		return err
	})
	if err != nil {
		return fmt.Errorf("pause %s %q: %w", p.Scope, p.Name, err)
	}
	return nil
}

// Resume implements [ledger.Switch].
func (d *Desk) Resume(ctx context.Context, scope ledger.Scope, name string, now time.Time) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		return changed(ledger.ErrNotPaused)(tx.ExecContext(ctx, `DELETE FROM pauses WHERE `+lasts+` AND scope = ?2 AND name = ?3`,
			millis(now), string(scope), name))
	})
	if err != nil {
		return fmt.Errorf("resume %s %q: %w", scope, name, err)
	}
	return nil
}

// unpaused is an error while a pause holds back what the rule says on the account.
func unpaused(ctx context.Context, tx *sql.Tx, account, rule string, now time.Time) error {
	pause, err := pausedNow(ctx, tx, account, rule, now)
	if err == nil && !pause.None() {
		err = &ledger.PausedError{Pause: pause}
	}
	return err
}
