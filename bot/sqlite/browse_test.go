package sqlite

import (
	"database/sql/driver"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/ledger"
)

// TestListByStatePlan: what has a reply in a state is looked up once, and not again for each event that there is.
func TestListByStatePlan(t *testing.T) {
	store := openStore(t)
	where, args := conditions(ledger.Filter{Delivery: ledger.Unknown})
	err := store.writer.do(t.Context(), func(tx *tx) error {
		explain, err := tx.conn.prepare(`EXPLAIN QUERY PLAN ` + selectEvents + where)
		if err != nil {
			return err
		}
		within := ""
		return explain.each(func(row []driver.Value) error {
			step := column[string](row[3])
			if strings.Contains(step, "SUBQUERY") {
				within = step
			}
			if strings.Contains(step, "deliveries") && strings.HasPrefix(within, "CORRELATED") {
				t.Errorf("%s: %s", within, step)
			}
			return nil
		}, args...)
	})
	if err != nil {
		t.Fatal(err)
	}
}
