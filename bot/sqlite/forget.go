package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const (
	// forgetBatch is how many events are read at once, and changed by one transaction.
	forgetBatch = 100

	// settled is when the fate of a reply that is unknown stays so: nobody looks for its text any more.
	settled = 24 * time.Hour

	forgottenReason = `what was known of the person was removed`
)

const (
	entriesFrom = `SELECT seq, change, facts, rest FROM entries WHERE seq > ? AND key <> '' ORDER BY seq LIMIT ?`
	openFrom    = `SELECT seq, change, facts, x'' FROM inbox WHERE seq > ? ORDER BY seq LIMIT ?`

	textsBetween = `SELECT id / 16, text FROM deliveries WHERE id BETWEEN ? AND ? AND text <> ''`

	// A state that this text doesn't know is one in which something may still happen.
	busyDeliveries = `SELECT count(*), count(*) FILTER (WHERE state IN ('planned', 'waiting')) FROM deliveries
		WHERE id BETWEEN ?1 AND ?1 + 15
		AND (state NOT IN ('posted', 'refused', 'cancelled', 'rejected', 'unknown') OR state = 'unknown' AND ended > ?2)`

	blankDeliveries = `UPDATE deliveries SET text = '', request = x'7b7d', author = '', username = '', reason = '',
		conversation = iif(conversation LIKE 'thread/%', conversation, '') WHERE id BETWEEN ?1 AND ?1 + 15`

	// The marks stay: what was planned for somebody counts as said.
	cancelDeliveries = `UPDATE deliveries SET state = 'cancelled', because = 'gone', ended = ?2, reason = '` + forgottenReason + `'
		WHERE id BETWEEN ?1 AND ?1 + 15 AND state IN ('planned', 'waiting')`

	// The turn that the next of the thread was given when it came in may be past, which brings it up the sooner.
	comeUpAsItIs = `UPDATE inbox SET due = max(received, 1)
		WHERE due IS NULL AND seq = (SELECT min(seq) FROM inbox WHERE thread_hash = ?)`

	blankTexts = `UPDATE deliveries SET text = '', request = x'7b7d' WHERE id BETWEEN ?1 AND ?1 + 15`

	blankEntry = `UPDATE entries SET key = '', thread = '', change = x'', facts = ?2, rest = ?3 WHERE seq = ?1`

	changeEntry = `UPDATE entries SET facts = ?2, rest = ?3 WHERE seq = ?1`

	endOpen = `INSERT INTO entries (seq, key, account, thread, change, notified, received, attempts,
			decided, verdict, because, rule, mode, revision, facts, rest)
		SELECT seq, '', account, '', x'', notified, received, attempts, ?2, 'skipped', 'gone', '', '', '', NULL, x'7b7d'
		FROM inbox WHERE seq = ?1`
)

// Forget implements [ledger.Desk]. No index knows people, so that all is read, over the connections of readers.
func (d *Desk) Forget(ctx context.Context, user string, now time.Time, try bool) (ledger.Forgotten, error) {
	asked := personBy(user)
	f := forgetting{Desk: d, person: asked, now: now, try: try}
	err := f.run(ctx, &asked)
	if err == nil && !try {
		err = d.emptyLog(ctx)
	}
	if err != nil {
		return f.sum, fmt.Errorf("forget: %w", err)
	}
	return f.sum, nil
}

// forgetting is one run.
type forgetting struct {
	*Desk
	person person
	now    time.Time
	try    bool
	sum    ledger.Forgotten
}

// run looks who is meant, and then through the inbox before the entries: an event goes that way.
func (f *forgetting) run(ctx context.Context, asked *person) error {
	if len(asked.ids[0]) == 0 {
		return errors.New("nobody is named")
	}
	learn := func(_ context.Context, batch []row) error {
		for _, r := range batch {
			f.person.learn(asked, toldBy(r.change, r.facts).From)
		}
		return nil
	}
	for _, step := range []struct {
		query string
		do    func(context.Context, []row) error
	}{{openFrom, learn}, {entriesFrom, learn}, {openFrom, f.open}, {entriesFrom, f.entries}} {
		if err := f.batches(ctx, step.query, step.do); err != nil {
			return err
		}
	}
	return nil
}

// row is an event as it is read.
type row struct {
	seq                 int64
	change, facts, rest []byte
}

func (f *forgetting) batches(ctx context.Context, query string, do func(context.Context, []row) error) error {
	for last, more := int64(0), true; more; {
		var batch []row
		err := queryEach(ctx, f.db, func(rows *sql.Rows) error {
			var r row
			err := rows.Scan(&r.seq, &r.change, &r.facts, &r.rest)
			batch = append(batch, r)
			return err
		}, query, last, forgetBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		last, more = batch[len(batch)-1].seq, len(batch) == forgetBatch
		if err := do(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

// part is what a transaction does with one event.
type part func(ctx context.Context, tx *sql.Tx) (ledger.Forgotten, error)

// together runs parts in one transaction, which is undone where it is only a try.
func (f *forgetting) together(ctx context.Context, parts []part) error {
	if len(parts) == 0 {
		return nil
	}
	var sum ledger.Forgotten
	errTried := errors.New("tried")
	err := f.decide(ctx, func(tx *sql.Tx) error {
		for _, run := range parts {
			its, err := run(ctx, tx)
			if err != nil {
				return err
			}
			add(&sum, its)
		}
		if f.try {
			return errTried
		}
		return nil
	})
	if err == nil || errors.Is(err, errTried) {
		add(&f.sum, sum)
		return nil
	}
	return err
}

// open ends undecided events. A worker who has one in hand finds it decided.
func (f *forgetting) open(ctx context.Context, batch []row) error {
	var parts []part
	for _, r := range batch {
		if told := toldBy(r.change, r.facts); !f.person.is(told.From) {
			continue
		}
		parts = append(parts, func(ctx context.Context, tx *sql.Tx) (ledger.Forgotten, error) {
			result, err := tx.ExecContext(ctx, endOpen, r.seq, millis(f.now))
			if err != nil {
				return ledger.Forgotten{}, err
			}
			n, err := result.RowsAffected()
			if err != nil || n == 0 { // it was decided meanwhile
				return ledger.Forgotten{}, err
			}
			var thread int64
			if err := tx.QueryRowContext(ctx, takeOut, r.seq).Scan(&thread); err != nil {
				return ledger.Forgotten{}, err
			}
			_, err = tx.ExecContext(ctx, comeUpAsItIs, thread)
			return ledger.Forgotten{Open: 1}, err
		})
	}
	return f.together(ctx, parts)
}

// entries empties decided events, with their deliveries.
func (f *forgetting) entries(ctx context.Context, batch []row) error {
	naming := map[int64]bool{}
	err := queryEach(ctx, f.db, func(rows *sql.Rows) error {
		var seq int64
		var text string
		err := rows.Scan(&seq, &text)
		naming[seq] = naming[seq] || f.person.named(text)
		return err
	}, textsBetween, batch[0].seq*perEvent, batch[len(batch)-1].seq*perEvent+perEvent-1)
	if err != nil {
		return err
	}
	var parts []part
	for _, r := range batch {
		told := toldBy(r.change, r.facts)
		switch theirs := f.person.has(told.Media.Owner); {
		case f.person.is(told.From):
			parts = append(parts, f.blank(r))
		default:
			_, also, err := blankRest(r.rest, f.names)
			if err != nil {
				return fmt.Errorf("event %d: %w", r.seq, err)
			}
			if theirs || naming[r.seq] || also {
				parts = append(parts, f.blankNaming(r, theirs, naming[r.seq]))
			}
		}
	}
	return f.together(ctx, parts)
}

func (f *forgetting) names(action rules.Action) bool { return f.person.named(action.Text) }

// busy counts the deliveries of an event that may not be touched; those that only wait are apart.
func (f *forgetting) busy(ctx context.Context, tx *sql.Tx, seq int64) (busy, waiting int, err error) {
	err = tx.QueryRowContext(ctx, busyDeliveries, seq*perEvent, millis(f.now.Add(-settled))).Scan(&busy, &waiting)
	return busy - waiting, waiting, err
}

// blank empties an event of the person's.
func (f *forgetting) blank(r row) part {
	return func(ctx context.Context, tx *sql.Tx) (ledger.Forgotten, error) {
		busy, waiting, err := f.busy(ctx, tx, r.seq)
		if err != nil || busy > 0 {
			return ledger.Forgotten{Busy: 1}, err
		}
		facts, err := blankFacts(r.facts)
		if err != nil {
			return ledger.Forgotten{}, err
		}
		rest, _, err := blankRest(r.rest, func(rules.Action) bool { return true })
		if err != nil {
			return ledger.Forgotten{}, err
		}
		_, err = tx.ExecContext(ctx, blankDeliveries, r.seq*perEvent)
		if err == nil {
			_, err = tx.ExecContext(ctx, cancelDeliveries, r.seq*perEvent, millis(f.now))
		}
		if err == nil {
			_, err = tx.ExecContext(ctx, blankEntry, r.seq, nullable(facts), rest)
		}
		return ledger.Forgotten{Events: 1, Cancelled: waiting}, err
	}
}

// blankNaming takes the person out of somebody else's event. A reply that is still to be said stays until it is.
func (f *forgetting) blankNaming(r row, theirs, naming bool) part {
	return func(ctx context.Context, tx *sql.Tx) (ledger.Forgotten, error) {
		busy, waiting, err := f.busy(ctx, tx, r.seq)
		if err != nil || busy+waiting > 0 {
			return ledger.Forgotten{Busy: 1}, err
		}
		facts := r.facts
		if theirs {
			if facts, err = blankMedia(facts); err != nil {
				return ledger.Forgotten{}, err
			}
		}
		rest, changed, err := blankRest(r.rest, f.names)
		if err != nil {
			return ledger.Forgotten{}, err
		}
		if !changed {
			rest = r.rest
		}
		if naming {
			if _, err := tx.ExecContext(ctx, blankTexts, r.seq*perEvent); err != nil {
				return ledger.Forgotten{}, err
			}
		}
		_, err = tx.ExecContext(ctx, changeEntry, r.seq, nullable(facts), rest)
		return ledger.Forgotten{Naming: 1}, err
	}
}

// emptyLog brings the log into the database and cuts it to nothing: it holds the pages as they were. It asks as a
// decision asks for the lock, since each reader and writer must have let go of the log for a moment.
func (d *Desk) emptyLog(ctx context.Context) error {
	for asked := time.Duration(0); ; asked += interval {
		var busy, pages, moved int64
		err := d.decisions.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
		switch {
		case err != nil && !isBusy(err):
			return err
		case err == nil && busy == 0:
			return nil
		case asked >= patience/10:
			return ledger.ErrLogged
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(interval):
		}
	}
}
