package bot_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/ledger"
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
