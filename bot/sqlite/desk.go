package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	driver "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Desk is a second hand on the file of a [Store], for the decisions of people: it may be open while a daemon has the
// file, in another process or this one. It holds the file's write lock for a few statements at a time only. It is safe
// for concurrent use.
type Desk struct {
	reader
	path      string
	decisions *sql.DB
}

var (
	_ ledger.Desk    = (*Desk)(nil)
	_ ledger.Mender  = (*Desk)(nil)
	_ ledger.Switch  = (*Desk)(nil)
	_ ledger.Browser = (*Desk)(nil)
	_ ledger.Reader  = (*Desk)(nil)
)

// OpenDesk opens a database that a [Store] has made. It makes and migrates nothing: it is an error if there is no such
// file, or if its tables are not of the version that this program knows; the error says what to do.
func OpenDesk(ctx context.Context, path string) (*Desk, error) {
	d, err := openDesk(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("database %q: %w", path, explain(err))
	}
	return d, nil
}

func openDesk(ctx context.Context, path string) (_ *Desk, err error) {
	path, err = existing(path)
	if err != nil {
		return nil, err
	}
	looks, err := driver.NewConnector(deskSource(path, "_busy_timeout=5000", "_query_only=1"))
	if err != nil {
		return nil, err
	}
	decisions, err := driver.NewConnector(deskSource(path, "_busy_timeout=1", "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	d := &Desk{path: path, reader: reader{sql.OpenDB(looks)}, decisions: sql.OpenDB(decisions)}
	if err := upToDate(ctx, d.db); err != nil {
		return nil, errors.Join(forbidden(err), d.release())
	}
	return d, nil
}

// forbidden has an error that SQLite gives to somebody who may not open or write the file say what to do.
func forbidden(err error) error {
	var failure *driver.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return fmt.Errorf("it and its folder must be yours to read and write: are you the user who runs the daemon? (%w)", err)
	}
	return err
}

// deskSource leaves the file and its log as the daemon has made them: it creates no file, changes no journal mode and
// leaves checkpoints to the daemon.
func deskSource(path string, settings ...string) string {
	return anySource(path, append([]string{"mode=rw", "_pragma=wal_autocheckpoint(0)"}, settings...)...)
}

// Close lets go of the file.
func (d *Desk) Close() error {
	if err := d.release(); err != nil {
		return fmt.Errorf("database %q: close: %w", d.path, err)
	}
	return nil
}

func (d *Desk) release() error { return errors.Join(d.decisions.Close(), d.db.Close()) }

// Pending implements [ledger.Desk].
func (d *Desk) Pending(ctx context.Context, now time.Time) ([]ledger.Delivery, error) {
	waiting, err := d.settled(ctx, pending, millis(now))
	if err != nil {
		return nil, fmt.Errorf("pending deliveries: %w", err)
	}
	deliveries := make([]ledger.Delivery, len(waiting))
	for i, w := range waiting {
		deliveries[i] = w.Delivery
	}
	slices.SortFunc(deliveries, func(a, b ledger.Delivery) int {
		return cmp.Or(a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
	})
	return deliveries, nil
}

// Approve implements [ledger.Desk].
func (d *Desk) Approve(ctx context.Context, id int64, text string, now time.Time) error {
	expired := false
	err := d.decide(ctx, func(tx *sql.Tx) error {
		waits, err := look(ctx, tx, id)
		if err != nil {
			return err
		}
		if expired = waits.expires != 0 && waits.expires < millis(now); expired {
			return end(ctx, tx, id, ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseExpired, Reason: nobodyDecided, At: now})
		}
		if err := unpaused(ctx, tx, waits.account, waits.rule, now); err != nil {
			return err
		}
		if err := waits.say(text); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE deliveries SET state = 'planned', approved = 1, due = ?, text = ?, request = ?
			WHERE id = ?`, millis(now), waits.text, waits.request, id)
		return err
	})
	if err == nil && expired {
		err = ledger.ErrExpired
	}
	if err != nil {
		return fmt.Errorf("approve delivery %d: %w", id, err)
	}
	return nil
}

// Reject implements [ledger.Desk].
func (d *Desk) Reject(ctx context.Context, id int64, now time.Time) error {
	err := d.decide(ctx, func(tx *sql.Tx) error {
		if _, err := look(ctx, tx, id); err != nil {
			return err
		}
		return end(ctx, tx, id, ledger.Fate{State: ledger.Rejected, Reason: "rejected by a person", At: now})
	})
	if err != nil {
		return fmt.Errorf("reject delivery %d: %w", id, err)
	}
	return nil
}

// decide runs a decision as one transaction.
func (d *Desk) decide(ctx context.Context, run func(*sql.Tx) error) error {
	tx, err := d.begin(ctx)
	if err != nil {
		return explain(err)
	}
	if err := run(tx); err != nil {
		return explain(errors.Join(err, tx.Rollback()))
	}
	return explain(tx.Commit())
}

// A decision waits for the lock as long as patience, and asks for it at intervals.
const (
	patience = 30 * time.Second
	interval = time.Millisecond
)

// begin takes the write lock at once, since a transaction that read first may not write any more when somebody else has
// written meanwhile. It asks for the lock again and again, at short intervals: there is no queue for it, and a daemon
// under full load gives it away for a moment only.
func (d *Desk) begin(ctx context.Context) (*sql.Tx, error) {
	for asked := time.Duration(0); ; asked += interval {
		tx, err := d.decisions.BeginTx(ctx, nil)
		if err == nil || !isBusy(err) || asked >= patience {
			return tx, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(interval):
		}
	}
}

// waiting is what a decision needs to know of a delivery.
type waiting struct {
	text    string
	request []byte // JSON
	expires int64

	account, rule string
}

// look reads a delivery that waits.
func look(ctx context.Context, tx *sql.Tx, id int64) (*waiting, error) {
	var w waiting
	err := tx.QueryRowContext(ctx, `SELECT text, request, expires, account, rule FROM deliveries
		WHERE id = ? AND state = 'waiting'`, id).Scan(&w.text, &w.request, &w.expires, &w.account, &w.rule)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, ledger.ErrNotWaiting
	}
	return &w, err
}

// say puts another text in the place of the rule's, unless it is empty.
func (w *waiting) say(text string) (err error) {
	if text == "" {
		return nil
	}
	if !utf8.ValidString(text) {
		return errors.New("the text is not UTF-8")
	}
	if w.text == "" {
		return errors.New("it says nothing, so that there is nothing to edit")
	}
	var request platform.Request
	if err := json.Unmarshal(w.request, &request); err != nil {
		return fmt.Errorf("request: %w", err)
	}
	if request.Says() != w.text {
		return errors.New("its request doesn't bear its text, so that no other can be put there")
	}
	w.text = text
	w.request, err = json.Marshal(request.Saying(text))
	return err
}

// end writes a fate other than being sent.
func end(ctx context.Context, tx *sql.Tx, id int64, fate ledger.Fate) error {
	_, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = ?, because = ?, reason = ?, ended = ? WHERE id = ?`,
		string(fate.State), string(fate.Because), fate.Reason, millis(fate.At), id)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, giveMarksBack, id)
	return err
}
