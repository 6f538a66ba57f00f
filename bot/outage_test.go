package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

// The calls that an ailing store fails at.
const (
	acceptFails = 1 << iota
	claimFails
	enterFails
	retryFails
	finishFails
)

// ailing is a store that fails at some calls for a while, as one on a full disk does.
type ailing struct {
	bot.Store
	fails atomic.Int32
}

var errFull = fmt.Errorf("the disk is full: %w", inbox.ErrUnavailable)

func (s *ailing) at(call int32) error {
	if s.fails.Load()&call != 0 {
		return errFull
	}
	return nil
}

func (s *ailing) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	if err := s.at(acceptFails); err != nil {
		return inbox.Accepted{}, err
	}
	return s.Store.Accept(ctx, arrivals)
}

func (s *ailing) Probe(ctx context.Context) error {
	return errors.Join(s.at(acceptFails), s.Store.Probe(ctx))
}

func (s *ailing) Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	if err := s.at(claimFails); err != nil {
		return nil, err
	}
	return s.Store.Claim(ctx, room, now, lease)
}

func (s *ailing) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	if err := s.at(enterFails); err != nil {
		return nil, err
	}
	return s.Store.Enter(ctx, seq, conclude)
}

func (s *ailing) Retry(ctx context.Context, seq int64, due time.Time, facts []byte, reason string) error {
	if err := s.at(retryFails); err != nil {
		return err
	}
	return s.Store.Retry(ctx, seq, due, facts, reason)
}

func (s *ailing) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	if err := s.at(finishFails); err != nil {
		return err
	}
	return s.Store.Finish(ctx, id, fate)
}

// ail gives the house a store that can be made to fail.
func (h *house) ail() *ailing {
	store := &ailing{}
	h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
	return store
}

// The fates that can't be entered keep no worker, take no more places than there are, and are entered when they can be.
func TestAFateIsOwedUntilTheStoreTakesIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const events, places = 40, 32
		h := newHouse(t)
		h.workers = 2
		store := h.ail()
		defer h.start()()
		store.fails.Store(finishFails)
		for i := range events {
			h.mention(fmt.Sprint(100 + i))
		}
		time.Sleep(10 * time.Minute)
		if counts, said := h.counts(), len(h.graph.replies()); said != places || counts.Deliveries[ledger.Sending] != places {
			t.Errorf("%d were said while no fate could be entered; %+v", said, counts)
		}
		if _, notes := h.bot.Health(t.Context()); !strings.Contains(strings.Join(notes, "\n"), "32 replies were sent and can't be recorded") {
			t.Errorf("readiness notes %q", notes)
		}
		store.fails.Store(0)
		time.Sleep(15 * time.Second)
		if counts, said := h.counts(), len(h.graph.replies()); said != events || counts.Deliveries[ledger.Posted] != events {
			t.Errorf("%d were said in all; %+v", said, counts)
		}
		if notes := h.notes(); notes != "" {
			t.Errorf("readiness still notes %q", notes)
		}
	})
}

// What is still owed when the daemon stops has an unknown fate at the next start, and isn't said again.
func TestAnOwedFateOutlivesAStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		store := h.ail()
		h.start()
		store.fails.Store(finishFails)
		h.mention("11")
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		if err := h.bot.Stop(ctx); err == nil {
			t.Error("the stop didn't wait for the fate")
		}
		if err := h.store.Close(); err != nil {
			t.Error(err)
		}
		h.wrap = nil
		defer h.start()()
		time.Sleep(time.Hour)
		if counts, said := h.counts(), len(h.graph.replies()); said != 1 || counts.Deliveries[ledger.Unknown] != 1 {
			t.Errorf("said %d times; %+v", said, counts)
		}
	})
}

// However long the store fails, at whatever: no event is given up for it, and all are answered soon after.
func TestNoEventIsGivenUpForTheStore(t *testing.T) {
	for name, fails := range map[string]int32{
		"entering":                      enterFails,
		"entering and putting off":      enterFails | retryFails,
		"entering, and every fate":      enterFails | finishFails,
		"claiming":                      claimFails,
		"everything, but for the reads": acceptFails | claimFails | enterFails | retryFails | finishFails,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				const events = 2
				h := newHouse(t)
				store := h.ail()
				hook := logtest.NewLocal(h.log)
				defer h.start()()
				store.fails.Store(fails &^ acceptFails)
				for i := range events {
					h.mention(fmt.Sprint(100 + i))
				}
				store.fails.Store(fails)
				time.Sleep(6 * time.Minute)
				if said := len(h.graph.replies()); said != 0 {
					t.Errorf("said %d meanwhile", said)
				}
				store.fails.Store(0)
				time.Sleep(time.Minute)
				if counts, said := h.counts(), len(h.graph.replies()); said != events || counts.Deliveries[ledger.Posted] != events {
					t.Errorf("said %d; %+v", said, counts)
				}
				outages := 0
				for _, e := range hook.AllEntries() {
					if strings.Contains(e.Message, "nothing can be claimed") {
						outages++
					}
				}
				if outages > 7 || fails&claimFails != 0 && outages < 5 {
					t.Errorf("the log says %d times in six minutes that nothing can be claimed", outages)
				}
			})
		})
	}
}

// Readiness says what is wrong as long as it is, with and without notifications, and no longer.
func TestReadinessFollowsTheStore(t *testing.T) {
	for name, fails := range map[string]int32{"the door": acceptFails, "claims": acceptFails | claimFails} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				store := h.ail()
				defer h.start()()
				store.fails.Store(fails)
				if _, err := h.bot.Accept(t.Context(), []inbox.Arrival{{Key: "1"}}); !errors.Is(err, inbox.ErrUnavailable) {
					t.Errorf("accepted: %v", err)
				}
				for range 20 {
					if reasons, _ := h.bot.Health(t.Context()); len(reasons) != 1 || !strings.Contains(reasons[0], "the disk is full") {
						t.Fatalf("readiness says %q", reasons)
					}
					time.Sleep(7 * time.Second)
				}
				store.fails.Store(0)
				time.Sleep(20 * time.Second)
				if reasons, _ := h.bot.Health(t.Context()); len(reasons) != 0 {
					t.Errorf("readiness says %q when all is well", reasons)
				}
			})
		})
	}
}
