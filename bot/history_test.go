package bot_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const newcomers = `rules: [{name: welcome, when: history.user_replies == 0, reply: Welcome!}]`

func (h *house) record(seq int64) ledger.Record {
	h.t.Helper()
	record, err := h.store.Record(h.t.Context(), seq)
	if err != nil {
		h.t.Fatal(err)
	}
	return record
}

func TestRulesReadWhatWasSaidBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, newcomers))
		defer h.start()()
		for _, id := range []string{"11", "12"} { // both of the same author
			h.mention(id)
			time.Sleep(time.Minute)
		}
		if r := h.record(1); r.Verdict != ledger.VerdictReply || r.Event.History != (rules.History{}) {
			t.Errorf("the first: %s, %+v", r.Verdict, r.Event.History)
		}
		if r := h.record(2); r.Verdict != ledger.VerdictNoMatch || r.Event.History != (rules.History{UserReplies: 1}) {
			t.Errorf("the second: %s, %+v", r.Verdict, r.Event.History)
		}

		time.Sleep(retention)
		h.mention("13")
		time.Sleep(time.Minute)
		if r := h.record(3); r.Verdict != ledger.VerdictReply || r.Event.History != (rules.History{}) {
			t.Errorf("after the retention: %s, %+v", r.Verdict, r.Event.History)
		}
	})
}

// asked counts how often the history is asked for, and lets something happen before the first entry.
type asked struct {
	bot.Store
	histories atomic.Int32
	meanwhile func()
}

func (s *asked) History(ctx context.Context, event *rules.Event, seq int64, since time.Time) (rules.History, error) {
	s.histories.Add(1)
	return s.Store.History(ctx, event, seq, since)
}

func (s *asked) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	if seq == 1 && s.meanwhile != nil {
		s.meanwhile()
		s.meanwhile = nil
		return nil, errBroken
	}
	return s.Store.Enter(ctx, seq, conclude)
}

// What was true at the first attempt isn't at the second: meanwhile the same person was answered.
func TestHistoryIsAskedAnewAtEachAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, newcomers))
		store := &asked{meanwhile: func() { h.mention("12") }}
		h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Hour)
		if r := h.record(2); r.Verdict != ledger.VerdictReply {
			t.Errorf("the second: %s", r.Verdict)
		}
		if r := h.record(1); r.Verdict != ledger.VerdictNoMatch || r.Event.History.UserReplies != 1 {
			t.Errorf("the first, judged again: %s, %+v", r.Verdict, r.Event.History)
		}
		if n := store.histories.Load(); n != 3 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestHistoryIsNotAskedForWhatNoRuleReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		store := &asked{}
		h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Minute)
		if n := store.histories.Load(); len(h.graph.replies()) != 1 || n != 0 {
			t.Errorf("said %v, asked %d times", h.graph.replies(), n)
		}
	})
}
