package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	driver "modernc.org/sqlite"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const (
	copiedReason = `copied before it was sent; it may have been said since`

	forgetCopy = `DELETE FROM copied`

	noteCopy = `INSERT INTO copied (last, at) SELECT coalesce(max(seq), 0), ?1 FROM inbox`

	// What was planned is looked for on the platform when it would have been sent, if it can be: a private reply can't. To
	// hide a comment, or to notify people, twice does no harm.
	doubtCopied = `UPDATE deliveries SET state = 'unknown', began = ?1, ended = ?1, looking = 0, looks = 0,
		settle = iif(id % 16 = 0, max(due, ?1), 0), reason = '` + copiedReason + `', because = 'failed'
		WHERE state = 'planned' AND id % 16 < 2`

	// doubtEntered is the rest of what a doubt is, in the transaction that entered the delivery.
	doubtEntered = `UPDATE deliveries SET began = ?1, ended = ?1, settle = iif(id % 16 = 0, max(due, ?1), 0), because = 'failed' WHERE id = ?2`

	readCopy = `SELECT last, at FROM copied`
)

// markCopied has a copy know that it is one, made at the time at or later: what was still to be said then is in doubt in
// it, since the original goes on.
func markCopied(ctx context.Context, path string, at time.Time) (err error) {
	// A journal beside it would be one more file with what people wrote, and a copy that fails is thrown away.
	connector, err := driver.NewConnector(anySource(path, "mode=rw", "_journal_mode=MEMORY"))
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range []string{forgetCopy, noteCopy, doubtCopied} {
		var args []any
		if statement != forgetCopy {
			args = []any{millis(at)}
		}
		if _, err := db.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("mark the copy: %w", err)
		}
	}
	return nil
}

// copied is what a database knows of having been a copy; zero if it never was one.
type copied struct {
	last int64 // event
	at   time.Time
}

func (t *tx) readCopied() error {
	read, err := t.conn.prepare(readCopy)
	if err != nil {
		return err
	}
	row, err := read.first()
	if err != nil {
		return fmt.Errorf("origin of the copy: %w", err)
	}
	if row != nil {
		t.copied = copied{last: column[int64](row[0]), at: moment(column[int64](row[1]))}
	}
	return nil
}

// doubts reports whether what an event does now may have been done by the original already, and may not be done twice.
func (c copied) doubts(seq int64, action string) bool {
	return seq <= c.last && (action == rules.ActionReply || action == rules.ActionPrivateReply)
}

// doubt has a delivery that would be sent be looked for first.
func (c copied) doubt(d *ledger.Delivery) {
	d.State, d.Now, d.PutOff = ledger.Unknown, false, copiedReason
}
