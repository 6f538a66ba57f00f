package bot_test

import (
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/google/go-cmp/cmp"
)

// teller is an observer that keeps the figures it is told.
type teller struct {
	observer
	mu   sync.Mutex
	told []map[string]int
}

func (s *teller) Story(_ string, figures map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, figures)
}

// story lets the figures of a story come in.
func (h *house) story(media, figures string) {
	h.t.Helper()
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/insights/" + media, Account: account, Thread: media, Media: media, Received: h.now(), Notified: time.Now(),
		Change: fmt.Appendf(nil, `{"field":"story_insights","value":{"media_id":%q,%s}}`, media, figures),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// A story ends once, however often it is judged.
func TestAStoryThatIsJudgedAgainIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		seen := &teller{observer: make(observer, 1)}
		h.observe = seen
		h.rules.Store(compile(t, `rules: [{name: share, on: story_insights, when: story.reach % story.exits == 1, notify: {to: ops, text: Look}}]`))
		defer h.start()()
		h.story("20", `"reach":17,"exits":0`)
		time.Sleep(time.Second)
		if record, err := h.store.Record(t.Context(), 1); err != nil || record.Verdict != ledger.VerdictError {
			t.Fatalf("%v %+v", err, record)
		}
		again := func(want ledger.Verdict) {
			h.decide(func(d *sqlite.Desk) error { return d.JudgeAgain(t.Context(), 1, time.Now()) })
			time.Sleep(16 * time.Second)
			if record, err := h.store.Record(t.Context(), 1); err != nil || record.Verdict != want {
				t.Errorf("%v %+v", err, record)
			}
		}
		again(ledger.VerdictError)
		h.rules.Store(compile(t, `rules: [{name: share, on: story_insights, when: story.reach > 20, notify: {to: ops, text: Look}}]`))
		again(ledger.VerdictNoMatch)
		h.story("21", `"reach":18`)
		time.Sleep(time.Second)
		seen.mu.Lock()
		defer seen.mu.Unlock()
		if diff := cmp.Diff([]map[string]int{{"reach": 17, "exits": 0}, {"reach": 18}}, seen.told); diff != "" {
			t.Errorf("told (-want +got):\n%s", diff)
		}
	})
}
