package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// writer is the one goroutine that writes. What callers ask for while a transaction is under way is gathered and
// makes up the next one.
type writer struct {
	path        string
	tx          *tx
	checkpoints *checkpoints
	wake        chan struct{} // holds a value while there may be something to do
	done        chan struct{} // closed when the goroutine has ended

	mu     sync.Mutex
	queued []*job
	closed bool
}

// job is one caller's part in a transaction.
type job struct {
	run   func(*tx) error // may be run again, after what it did was rolled back
	err   error
	taken atomic.Bool // by the writer, who will answer; or by a caller who has given up
	done  chan struct{}
}

func startWriter(ctx context.Context, path string) (*writer, error) {
	tx, err := newTx(ctx, path)
	if err != nil {
		return nil, err
	}
	checkpoints, err := startCheckpoints(ctx, path)
	if err != nil {
		return nil, errors.Join(err, tx.close())
	}
	w := &writer{path: path, tx: tx, checkpoints: checkpoints, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go w.loop()
	return w, nil
}

// do has run take part in a transaction and returns when that is on disk. run must keep its results to itself until
// then, since it may be run again. A context that ends before the job was begun takes it back.
func (w *writer) do(ctx context.Context, run func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{run: run, done: make(chan struct{})}
	w.mu.Lock()
	if w.closed {
		w.mu.Unlock()
		return ErrClosed
	}
	w.queued = append(w.queued, j)
	w.mu.Unlock()
	w.nudge()

	select {
	case <-j.done:
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

func (w *writer) nudge() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close waits for what is queued and then closes the connections; the last of them brings the log into the file.
func (w *writer) close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.nudge()
	<-w.done
	return errors.Join(w.checkpoints.close(), w.tx.close())
}

func (w *writer) loop() {
	defer close(w.done)
	var (
		spare []*job
		since int // the last checkpoint, in jobs
	)
	for range w.wake {
		w.gather()
		w.mu.Lock()
		jobs, closed := w.queued, w.closed
		w.queued = spare[:0]
		w.mu.Unlock()

		w.commit(jobs)
		if since += len(jobs); since >= jobsPerCheckpoint {
			w.checkpoints.ask()
			since = 0
		}
		clear(jobs)
		spare = jobs
		if closed {
			return
		}
	}
}

// gather lets callers who are about to ask do so first, for as long as their number grows: those who were answered
// together come back together, and would else fall into two transactions that take turns. Where nobody else runs it
// returns at once.
func (w *writer) gather() {
	for last := -1; ; runtime.Gosched() {
		w.mu.Lock()
		queued := len(w.queued)
		w.mu.Unlock()
		if queued == last {
			return
		}
		last = queued
	}
}

// commit runs the jobs in one transaction and answers them. Where one of them spoils it, each gets one of its own, so
// that nobody suffers for another. That no transaction can be had is nobody's fault, and to wait again for each of them
// would help none.
func (w *writer) commit(jobs []*job) {
	mine := jobs[:0]
	for _, j := range jobs {
		if j.taken.CompareAndSwap(false, true) {
			mine = append(mine, j)
		}
	}
	if len(mine) == 0 {
		return
	}
	if err := w.together(mine); errors.Is(err, errNotBegun) {
		fail(mine, err)
	} else if err != nil {
		w.apart(mine)
	}
	full := false
	for _, j := range mine {
		full = full || fault(j.err) == diskFull
		j.err = explain(j.err)
		close(j.done)
	}
	if full {
		w.checkpoints.ask() // what the log holds, once it is in the database, leaves room in the log
	}
}

// apart runs each of the jobs in a transaction of its own, as long as there is one to be had.
func (w *writer) apart(jobs []*job) {
	for i, j := range jobs {
		err := w.together(jobs[i : i+1])
		if errors.Is(err, errNotBegun) {
			fail(jobs[i:], err)
			return
		}
		if err != nil && j.err == nil {
			j.err = err
		}
	}
}

func fail(jobs []*job, err error) {
	for _, j := range jobs {
		j.err = err
	}
}

// together runs the jobs in one transaction. It fails, and nothing has happened, if a job failed that had written
// something. A job that failed before it wrote leaves the others' work alone.
func (w *writer) together(jobs []*job) error {
	if err := w.mend(); err != nil {
		return fmt.Errorf("%w: %w", errNotBegun, err)
	}
	if err := w.tx.begin(); err != nil {
		return fmt.Errorf("%w: %w", errNotBegun, err)
	}
	for _, j := range jobs {
		w.tx.conn.touched = false
		j.err = attempt(j.run, w.tx)
		if j.err != nil && w.tx.conn.touched {
			w.tx.rollback()
			return j.err
		}
	}
	if err := w.tx.commit(); err != nil {
		w.tx.rollback()
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// mend puts a new connection in the place of a broken one. The former is closed only then, since the last one of a file
// that is closed takes the log away.
func (w *writer) mend() error {
	if !w.tx.conn.broken {
		return nil
	}
	fresh, err := newTx(context.Background(), w.path)
	if err != nil {
		return err
	}
	_ = w.tx.close() // it is broken, and says so again
	fresh.count = w.tx.count
	w.tx = fresh
	return nil
}

// errNotBegun is in the error of a job that found no transaction to take part in, as when a person's decision, written
// by another process, keeps the file's lock longer than the busy timeout.
var errNotBegun = errors.New("no transaction")

// errPanic is in the error that a panic of a job is turned into.
var errPanic = errors.New("panic")

func attempt(run func(*tx) error, tx *tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v\n%s", errPanic, r, debug.Stack())
		}
	}()
	return run(tx)
}
