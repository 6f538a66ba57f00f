package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	sqlite "modernc.org/sqlite"
)

// connection is the writer's. It speaks to the driver directly: database/sql would add locks and conversions to each
// of the handful of statements that an event costs. Only one goroutine may use it.
type connection struct {
	driver   driver.Conn
	prepared []driver.Stmt
	// touched is set by every statement that has changed something or failed.
	touched bool
	// broken is set by every error after which the connection is to be replaced.
	broken bool
}

func connect(ctx context.Context, dsn string) (*connection, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	conn, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{driver: conn}, nil
}

// close ends the statements too: SQLite would keep the file open for them.
func (c *connection) close() error {
	var errs []error
	for _, prepared := range c.prepared {
		errs = append(errs, prepared.Close())
	}
	return errors.Join(append(errs, c.driver.Close())...)
}

// preparedStatement is what the driver's statements can do.
type preparedStatement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statement is an SQL text made ready once.
type statement struct {
	conn  *connection
	ready preparedStatement
	args  []driver.NamedValue
	row   []driver.Value
	reads bool // and changes nothing
}

func (c *connection) prepare(text string) (*statement, error) {
	prepared, err := c.driver.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", text, err)
	}
	c.prepared = append(c.prepared, prepared)
	full, ok := prepared.(preparedStatement)
	if !ok {
		return nil, fmt.Errorf("prepare %q: driver's statement is a %T", text, prepared)
	}
	return &statement{conn: c, ready: full, reads: strings.HasPrefix(text, `SELECT`)}, nil
}

// exec runs a statement that returns no rows and says how many it changed.
func (s *statement) exec(args ...any) (changed int64, err error) {
	result, err := s.ready.ExecContext(context.Background(), s.bind(args))
	clear(s.args) // they may be large
	if err == nil {
		changed, err = result.RowsAffected()
	}
	if changed > 0 || err != nil {
		s.conn.touched = true
	}
	s.conn.broken = s.conn.broken || isBroken(err)
	return changed, err
}

// each runs a query and calls use with each row, whose slice is good until use returns.
func (s *statement) each(use func(row []driver.Value) error, args ...any) (err error) {
	defer func() {
		if err != nil || !s.reads {
			s.conn.touched = true
		}
		s.conn.broken = s.conn.broken || isBroken(err)
	}()
	rows, err := s.ready.QueryContext(context.Background(), s.bind(args))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if s.row == nil {
		s.row = make([]driver.Value, len(rows.Columns()))
	}
	for {
		switch err := rows.Next(s.row); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := use(s.row); err != nil {
			return err
		}
	}
}

// first runs a query and returns its first row, nil without one. It is good until the statement is used again.
func (s *statement) first(args ...any) (row []driver.Value, err error) {
	err = s.each(func(r []driver.Value) error {
		row = r
		return nil
	}, args...)
	return row, err
}

// bind makes the driver's arguments of args, in memory that is used again.
func (s *statement) bind(args []any) []driver.NamedValue {
	s.args = slices.Grow(s.args[:0], len(args))
	for i, arg := range args {
		if at, ok := arg.(time.Time); ok {
			arg = millis(at)
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return s.args
}

// millis is a time as it is stored; 0 is none.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// moment is the time that millis made the number of.
func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// column reads a value of the type that the table declares; NULL is the zero value.
func column[T int64 | string | []byte](v driver.Value) T {
	value, _ := v.(T)
	return value
}
