// Package storetest is what a store of inbox and ledger must be able to do: a test for every sentence of the
// interfaces. Each implementation runs it over stores of its own.
package storetest

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
)

// Store is what is tested.
type Store interface {
	inbox.Store
	ledger.Store
	ledger.Reader
	// Close ends the store's use; later calls fail. Closing twice is harmless.
	Close() error
}

// Run tests stores that open makes. Each is to be empty, a world of its own, and closed when its test ends.
func Run(t *testing.T, open func(t *testing.T) Store) {
	groups := []struct {
		name  string
		cases []testcase
	}{
		{"accept", acceptCases()},
		{"claim", claimCases()},
		{"thread", threadCases()},
		{"retry", retryCases()},
		{"next due", nextDueCases()},
		{"enter", enterCases()},
		{"book", bookCases()},
		{"delivery", deliveryCases()},
		{"recover", recoverCases()},
		{"sets", setCases()},
		{"calls", callCases()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) { c.run(&fixture{tester: t, Store: open(t)}) })
			}
		})
	}
	t.Run("everything at once", func(t *testing.T) { atOnce(&fixture{tester: t, Store: open(t)}) })
	t.Run("as the model", func(t *testing.T) { likeModel(t, open) })
}

type testcase struct {
	name string
	run  func(*fixture)
}

// noon is when the tests take place.
func noon() time.Time { return time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC) }

// after is a time that many milliseconds after noon.
func after(ms int) time.Time { return noon().Add(time.Duration(ms) * time.Millisecond) }
