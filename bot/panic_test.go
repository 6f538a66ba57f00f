package bot_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

// jumpyStore panics once when a fate is to be entered.
type jumpyStore struct {
	bot.Store
	jumped atomic.Bool
}

func (s *jumpyStore) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	if !s.jumped.Swap(true) {
		panic("boom")
	}
	return s.Store.Finish(ctx, id, fate)
}

// jumpyObserver panics once when it is told of a fate.
type jumpyObserver struct {
	observer
	jumped atomic.Bool
}

func (o *jumpyObserver) Delivered(action, fate string) {
	if !o.jumped.Swap(true) {
		panic("boom")
	}
	o.observer.Delivered(action, fate)
}

// Replies that had to wait are sent by a worker who has no event in hand whose error a panic could be.
func TestAPanicWhileAReplyIsSentLeavesTheWorkerAlive(t *testing.T) {
	for name, startle := range map[string]func(*house){
		"in the store":    func(h *house) { h.wrap = func(s bot.Store) bot.Store { return &jumpyStore{Store: s} } },
		"in the observer": func(h *house) { h.observe = &jumpyObserver{observer: make(observer, 1)} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.workers = 1
				startle(h)
				h.plant("11", func(*ledger.Plan) {})
				h.plant("12", func(*ledger.Plan) {})
				defer h.start()()
				time.Sleep(time.Minute)
				counts := h.counts()
				if said := h.graph.replies(); !slices.Equal(said, []string{"11", "12"}) || counts.Deliveries[ledger.Posted] != 2 {
					t.Errorf("said %v, %+v", said, counts)
				}
			})
		})
	}
}

// jumpyTeller panics whenever it is told of a decision.
type jumpyTeller struct{ observer }

func (o jumpyTeller) Decided(string, string) { panic("boom") }

// Who only looks on must not come between a decision and its reply: nobody would send that before a restart.
func TestAPanicOfWhoIsToldLeavesNothingInSending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.observe = jumpyTeller{make(observer, 1)}
		hook := logtest.NewLocal(h.log)
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Minute)
		if said, counts := h.graph.replies(), h.counts(); len(said) != 1 || counts.Deliveries[ledger.Posted] != 1 {
			t.Errorf("said %v, %+v", said, counts)
		}
		saidTimes(t, hook, "nobody could be told", 1)
	})
}

// jumpyWall panics whenever somebody looks.
type jumpyWall struct{ *wall }

func (w jumpyWall) Replies(context.Context, instagram.Account, string) (instagram.Thread, error) {
	panic("boom")
}

func TestALookThatPanicsEndsAfterADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.asked = jumpyWall{h.onWall(noAnswer(true))}
		defer h.start()()
		h.commented("11")
		next := func() time.Time {
			due, err := h.store.NextDoubt(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return due
		}
		time.Sleep(23 * time.Hour)
		if next().IsZero() {
			t.Error("it was given up within a day")
		}
		time.Sleep(2 * time.Hour)
		if due, fate := next(), h.fate(1); !due.IsZero() || fate.State != ledger.Unknown || !strings.HasSuffix(fate.Reason, "looking for it fails: panic: boom") {
			t.Errorf("after a day it is looked for at %v: %+v", due, fate)
		}
	})
}
