package sqlite

import (
	"context"
	"errors"
)

// checkpoints brings what the write-ahead log holds into the database file while the writer goes on: done by the
// writer itself, as SQLite does it else, it would keep callers waiting.
type checkpoints struct {
	conn *connection
	run  *statement
	due  chan struct{} // holds a value while there is something to do
	done chan struct{} // closed when the goroutine has ended
}

// jobsPerCheckpoint is how much the writer does between two of them. More would save work, since a page that was
// written often is copied once, but let the log grow; so many jobs make some ten megabytes.
const jobsPerCheckpoint = 5000

// pagesOfLog is where the writer makes a checkpoint itself, since the log begins anew only when all of it is in the
// database, and under lasting load nobody else catches up with the writer.
const pagesOfLog = "10000"

func startCheckpoints(ctx context.Context, path string) (*checkpoints, error) {
	conn, err := connect(ctx, dataSource(path))
	if err != nil {
		return nil, err
	}
	run, err := conn.prepare(`PRAGMA wal_checkpoint(PASSIVE)`)
	if err != nil {
		return nil, errors.Join(err, conn.close())
	}
	c := &checkpoints{conn: conn, run: run, due: make(chan struct{}, 1), done: make(chan struct{})}
	go c.loop()
	return c, nil
}

func (c *checkpoints) loop() {
	defer close(c.done)
	for range c.due {
		// What fails here is lost to nobody: it stays in the log, and the next run finds it there.
		_, _ = c.run.first()
	}
}

// ask has a checkpoint made soon.
func (c *checkpoints) ask() {
	select {
	case c.due <- struct{}{}:
	default:
	}
}

// close may be called when nobody asks any more.
func (c *checkpoints) close() error {
	close(c.due)
	<-c.done
	return c.conn.close()
}
