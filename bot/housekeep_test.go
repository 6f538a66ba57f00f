package bot_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

// TestOldEventsAreRemoved guards that the daemon removes what is older than the retention, in the midst of its work, and
// knows it when it comes again.
func TestOldEventsAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		stop := h.start()
		h.mention("11")
		time.Sleep(2 * time.Hour) // the first round sees it
		stop()
		time.Sleep(3 * 24 * time.Hour) // longer than this house's retention, not longer than Meta may tell of it
		stop = h.start()
		h.mention("12")
		time.Sleep(2 * time.Hour)
		h.record(1)
		stop()

		time.Sleep(24 * time.Hour)
		defer h.start()()
		time.Sleep(3 * time.Hour)
		if _, err := h.store.Record(t.Context(), 1); !errors.Is(err, ledger.ErrNoEntry) {
			t.Errorf("the old event: %v", err)
		}
		h.record(2)

		h.mention("11")
		time.Sleep(time.Minute)
		if n := len(h.graph.replies()); n != 2 {
			t.Errorf("%d replies to two events", n)
		}
	})
}

// TestOldEventsAreRemovedBetweenRestarts guards that a daemon that never runs for an hour removes them too.
func TestOldEventsAreRemovedBetweenRestarts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		stop := h.start()
		h.mention("11")
		time.Sleep(30 * time.Minute)
		stop()
		time.Sleep(60 * time.Hour)
		stop = h.start() // it learns here how far what has grown old reaches
		time.Sleep(30 * time.Minute)
		stop()
		time.Sleep(60 * time.Hour)
		defer h.start()()
		time.Sleep(30 * time.Minute)
		if _, err := h.store.Record(t.Context(), 1); !errors.Is(err, ledger.ErrNoEntry) {
			t.Errorf("the old event: %v", err)
		}
	})
}
