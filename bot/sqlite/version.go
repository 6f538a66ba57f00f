package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// version asks SQLite whether anybody has written: over a connection of its own, since a connection isn't told of what
// it wrote itself.
type version struct {
	mu   sync.Mutex
	conn *connection
	ask  *statement
}

func openVersion(ctx context.Context, path string) (*version, error) {
	conn, err := connect(ctx, dataSource(path, "_query_only=1"))
	if err != nil {
		return nil, err
	}
	ask, err := conn.prepare(`PRAGMA data_version`)
	if err != nil {
		return nil, errors.Join(err, conn.close())
	}
	return &version{conn: conn, ask: ask}, nil
}

// Version implements [inbox.Store]. It costs one look at the log's index, whatever the size of the database.
func (s *Store) Version(ctx context.Context) (int64, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	number, err := s.version.number()
	if err != nil {
		return 0, fmt.Errorf("version: %w", err)
	}
	return number, nil
}

func (v *version) number() (number int64, err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.conn == nil {
		return 0, ErrClosed
	}
	err = v.ask.each(func(row []driver.Value) error {
		number = column[int64](row[0])
		return nil
	})
	return number, err
}

func (v *version) close() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.conn == nil {
		return nil
	}
	err := v.conn.close()
	v.conn = nil
	return err
}
