// Package storetest is what a store of inbox and ledger must be able to do: a test for every sentence of the
// interfaces. Each implementation runs it over stores of its own.
package storetest

import (
	"context"
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
	ledger.TokenStore
	// Close ends the store's use; later calls fail. Closing twice is harmless.
	Close() error
}

// Desk is what is tested beside a store that is open.
type Desk interface {
	ledger.Desk
	ledger.Switch
	ledger.Mender
	ledger.Browser
	ledger.Reader
	Close() error
}

// Place is where one store is kept.
type Place interface {
	// Open opens the store: empty at first, then with what it held when it was closed.
	Open(ctx context.Context) (Store, error)
	// OpenDesk opens a desk of the store, which may be open or closed.
	OpenDesk(ctx context.Context) (Desk, error)
}

// Run tests stores in the places that somewhere gives, each a world of its own, several at once.
func Run(t *testing.T, somewhere func(t *testing.T) Place) {
	groups := []struct {
		name  string
		cases []testcase
	}{
		{"accept", acceptCases()},
		{"claim", claimCases()},
		{"thread", threadCases()},
		{"share", shareCases()},
		{"retry", retryCases()},
		{"next due", nextDueCases()},
		{"version", versionCases()},
		{"enter", enterCases()},
		{"book", bookCases()},
		{"mark", markCases()},
		{"actions", actionCases()},
		{"variant", variantCases()},
		{"history", historyCases()},
		{"delivery", deliveryCases()},
		{"notice", noticeCases()},
		{"doubt", doubtCases()},
		{"step", stepCases()},
		{"desk", deskCases()},
		{"forget", forgetCases()},
		{"expire", expireCases()},
		{"hasten", hastenCases()},
		{"pause", pauseCases()},
		{"mend", mendCases()},
		{"browse", browseCases()},
		{"prune", pruneCases()},
		{"clock", clockCases()},
		{"recover", recoverCases()},
		{"sets", setCases()},
		{"token", tokenCases()},
		{"judged", judgedCases()},
		{"calls", callCases()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(newFixture(t, somewhere(t)))
				})
			}
		})
	}
	t.Run("everything at once", func(t *testing.T) {
		t.Parallel()
		atOnce(newFixture(t, somewhere(t)))
	})
	t.Run("fairly", func(t *testing.T) {
		t.Parallel()
		likeFair(t, somewhere)
	})
	t.Run("as the model", func(t *testing.T) {
		t.Parallel()
		likeModel(t, somewhere)
	})
}

type testcase struct {
	name string
	run  func(*fixture)
}

// noon is when the tests take place.
func noon() time.Time { return time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC) }

// after is a time that many milliseconds after noon.
func after(ms int) time.Time { return noon().Add(time.Duration(ms) * time.Millisecond) }
