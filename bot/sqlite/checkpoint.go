package sqlite

import (
	"context"
	"errors"
)

// checkpoints brings what the write-ahead log holds into the database file while the writer goes on: done by the
// writer itself, as SQLite does it else, it would keep callers waiting.
type checkpoints struct {
	path string
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

// bytesOfLog is what the log is cut down to when it begins anew after it has grown beyond that, as it does while somebody
// reads for long or the disk is full: more than what it takes by itself, which is used again and again.
const bytesOfLog = "67108864"

func startCheckpoints(ctx context.Context, path string) (*checkpoints, error) {
	c := &checkpoints{path: path, due: make(chan struct{}, 1), done: make(chan struct{})}
	if err := c.connect(ctx); err != nil {
		return nil, err
	}
	go c.loop()
	return c, nil
}

func (c *checkpoints) connect(ctx context.Context) error {
	conn, err := connect(ctx, dataSource(c.path))
	if err != nil {
		return err
	}
	run, err := conn.prepare(`PRAGMA wal_checkpoint(PASSIVE)`)
	if err != nil {
		return errors.Join(err, conn.close())
	}
	c.conn, c.run = conn, run
	return nil
}

func (c *checkpoints) loop() {
	defer close(c.done)
	for range c.due {
		// What fails here is lost to nobody: it stays in the log, and the next run finds it there.
		_, _ = c.run.first()
		if former := c.conn; former.broken && c.connect(context.Background()) == nil {
			_ = former.close()
		}
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
