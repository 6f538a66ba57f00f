package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// sluggish is a platform on which each POST is faster than the one before.
type sluggish struct {
	oracle
	mu    sync.Mutex
	next  time.Duration
	shown []string
}

func (s *sluggish) Write(_ context.Context, _ instagram.Account, r platform.Request) (string, error) {
	s.mu.Lock()
	took := s.next
	s.next /= 2
	s.mu.Unlock()
	time.Sleep(took)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shown = append(s.shown, r.Form["message"])
	return fmt.Sprint(9000 + len(s.shown)), nil
}

func TestRepliesOfAConversationKeepItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		graph := &sluggish{next: 12 * time.Second}
		h.asked, h.workers = graph, 8
		defer h.start()()
		var want []string
		for i := range 8 {
			id, name, text := fmt.Sprint(12+i), fmt.Sprint("user", i), "how much?"
			if i%3 == 1 {
				text = "nothing to answer"
			} else {
				want = append(want, "Hi @"+name)
			}
			_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
				Key: account + "/comment/" + id, Account: account, Thread: "11", Received: time.Now(), Notified: time.Now(),
				Change: fmt.Appendf(nil, `{"field":"comments","value":{"id":%q,"parent_id":"11","text":%q,"from":{"id":"7%d","username":%q},"media":{"id":"800"}}}`, id, text, i, name),
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		graph.mu.Lock()
		defer graph.mu.Unlock()
		if !slices.Equal(graph.shown, want) {
			t.Errorf("said %q, want %q", graph.shown, want)
		}
	})
}
