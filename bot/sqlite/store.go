// Package sqlite keeps inbox and ledger in one SQLite file. One goroutine owns the one connection that writes, and
// gathers what concurrent callers ask for into common transactions: one sync to the disk for many. A caller is
// answered when its work is on disk. Reading goes over connections of its own and waits for no writer.
//
// One process owns the file. Beside it, or without it, people may decide at a [Desk] on what waits for them: that is the
// one other hand that writes. It touches deliveries that wait or have ended, their marks, pauses, and requests to judge
// events again; never the inbox, of which the owner remembers a part. Nothing else in the program knows SQL or the
// driver.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
)

// Store is an inbox and a ledger on an SQLite file. It is safe for concurrent use.
type Store struct {
	path   string
	lock   *lock
	writer *writer
	reader
	version *version
	arrived chan struct{}

	closing sync.Once
	closed  error
}

var (
	_ inbox.Store   = (*Store)(nil)
	_ ledger.Store  = (*Store)(nil)
	_ ledger.Reader = (*Store)(nil)
)

// ErrClosed says that the store was closed before the call.
var ErrClosed = errors.New("database is closed")

// Open opens the database file, creates it where there is none, and brings its tables up to date. The file and those
// that SQLite puts beside it can be read by their owner only. It is an error if another process has the file open, if
// a newer version of the program has written it, or if it is something else than a database of ours.
func Open(ctx context.Context, path string) (*Store, error) {
	s, err := open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("database %q: %w", path, explain(err))
	}
	return s, nil
}

func open(ctx context.Context, path string) (_ *Store, err error) {
	path, err = resolve(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, arrived: make(chan struct{}, 1)}
	defer func() {
		if err != nil {
			s.release()
		}
	}()

	if s.lock, err = acquire(path + ".lock"); err != nil {
		return nil, err
	}
	if err := create(path); err != nil {
		return nil, err
	}
	if err := protect(path); err != nil {
		return nil, err
	}
	if err := migrate(ctx, path); err != nil {
		return nil, err
	}
	if s.writer, err = startWriter(ctx, path); err != nil {
		return nil, err
	}
	if s.db, err = openReaders(path); err != nil {
		return nil, err
	}
	if s.version, err = openVersion(ctx, path); err != nil {
		return nil, err
	}
	return s, nil
}

// Close waits for the work that was asked for, brings everything into the one file and lets go of it. Calls after it
// return ErrClosed. Closing twice is harmless.
func (s *Store) Close() error {
	s.closing.Do(func() {
		if err := s.release(); err != nil {
			s.closed = fmt.Errorf("database %q: close: %w", s.path, err)
		}
	})
	return s.closed
}

// release lets go of all that open got hold of, in the opposite order.
func (s *Store) release() error {
	var errs []error
	if s.version != nil {
		errs = append(errs, s.version.close())
	}
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return errors.Join(errs...)
}

// Arrived implements [inbox.Store].
func (s *Store) Arrived() <-chan struct{} { return s.arrived }

func (s *Store) announce() {
	select {
	case s.arrived <- struct{}{}:
	default:
	}
}
