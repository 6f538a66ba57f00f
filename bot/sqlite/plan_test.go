package sqlite

import (
	"database/sql/driver"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestPlans guards the promise that nothing in an event's way grows with what the database holds: SQLite finds every
// row by a key or an index, and sorts nothing.
func TestPlans(t *testing.T) {
	store := openStore(t)
	err := store.writer.do(t.Context(), func(tx *tx) error {
		anything := make([]any, 21)
		for i := range anything {
			anything[i] = int64(2)
		}
		texts := append(slices.Collect(maps.Values(tx.texts())), history, selectSettled+ofEvent, selectSettled+pending)
		for _, text := range texts {
			if text == endLeases || text == setBackEvents {
				continue // once a start, or once a clock is set back, over the backlog
			}
			explain, err := tx.conn.prepare(`EXPLAIN QUERY PLAN ` + text)
			if err != nil {
				return err
			}
			err = explain.each(func(row []driver.Value) error {
				step := column[string](row[3])
				if readsAll(step) || strings.Contains(step, "TEMP B-TREE") {
					t.Errorf("%s:\n\t%s", text, step)
				}
				return nil
			}, anything...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestACapIsCountedInItsIndex: a broadcast may have had thousands of private replies in the hour that a cap looks back on.
func TestACapIsCountedInItsIndex(t *testing.T) {
	store := openStore(t)
	var step string
	err := store.db.QueryRowContext(t.Context(), `EXPLAIN QUERY PLAN `+sentTimes, "1", 2, false, 1).Scan(new(int), new(int), new(int), &step)
	if err != nil || !strings.Contains(step, "USING COVERING INDEX deliveries_began") {
		t.Errorf("%q, %v", step, err)
	}
}

// readsAll reports whether a step of a plan goes through a whole table, not along an index.
func readsAll(step string) bool {
	return strings.HasPrefix(step, "SCAN") && !strings.Contains(step, "INDEX") && step != "SCAN CONSTANT ROW"
}
