package bot_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// hanging is a platform on which the calls of some accounts take as long as the client waits, and those of others a moment.
type hanging struct {
	oracle
	hang map[string]bool

	mu     sync.Mutex
	served []string // the comments that were answered, in order
	calls  int      // that hang now
	most   int      // that hung at once
}

const patience = 15 * time.Second

func (h *hanging) call(account string) error {
	h.mu.Lock()
	hangs := h.hang[account]
	if hangs {
		h.calls++
		h.most = max(h.most, h.calls)
	}
	h.mu.Unlock()
	if !hangs {
		time.Sleep(50 * time.Millisecond)
		return nil
	}
	time.Sleep(patience)
	h.mu.Lock()
	h.calls--
	h.mu.Unlock()
	return &instagram.Error{Class: instagram.ClassUnknown, Message: "no answer"}
}

func (h *hanging) MentionedComment(_ context.Context, a instagram.Account, id string, _ []string) (instagram.Comment, error) {
	return instagram.Comment{ID: id, Text: "challenge?", Username: "ada"}, h.call(a.ID)
}

func (h *hanging) Write(_ context.Context, a instagram.Account, r platform.Request) (string, error) {
	if err := h.call(a.ID); err != nil {
		return "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.served = append(h.served, r.Form["comment_id"])
	return "9" + r.Form["comment_id"], nil
}

func (h *hanging) answered() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.served)
}

// crowded is a house of so many accounts on that platform.
func crowded(t *testing.T, graph *hanging, accounts int) *house {
	h := newHouse(t)
	h.asked, h.workers, h.accounts = graph, 16, nil
	for i := range accounts {
		h.accounts = append(h.accounts, bot.Account{Account: instagram.Account{ID: fmt.Sprint(100 + i), Username: fmt.Sprint("account", i)}})
	}
	return h
}

// come lets comments come in: as mentions, which are looked up first, or on own media with all that is to be known.
func (h *house) come(field, account, media string, ids ...string) {
	h.t.Helper()
	arrivals := make([]inbox.Arrival, len(ids))
	for i, id := range ids {
		change := fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":%q}}`, id, media)
		if field == "comments" {
			change = fmt.Appendf(nil, `{"field":"comments","value":{"id":%q,"text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":%q}}}`, id, media)
		}
		arrivals[i] = inbox.Arrival{
			Key: account + "/comment/" + id, Account: account, Thread: id, Media: media,
			Received: time.Now(), Notified: time.Now(), Change: change,
		}
	}
	if _, err := h.bot.Accept(h.t.Context(), arrivals); err != nil {
		h.t.Fatal(err)
	}
}

// numbered are n ids.
func numbered(from, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint(from + i)
	}
	return ids
}

func TestAnAccountWhoseCallsHangDelaysNoOther(t *testing.T) {
	for _, field := range []string{"mentions", "comments"} { // hangs while it reads, or while it writes
		t.Run(field, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				graph := &hanging{hang: map[string]bool{"100": true, "101": true}}
				h := crowded(t, graph, 4)
				defer h.start()()
				h.come(field, "100", "1", numbered(1000, 200)...)
				time.Sleep(time.Second)
				h.come(field, "101", "1", numbered(2000, 200)...)
				time.Sleep(time.Second)
				graph.mu.Lock()
				most := graph.most
				graph.mu.Unlock()
				if most < h.workers {
					t.Errorf("%d workers at work for who was alone, want all %d", most, h.workers)
				}
				for i := range 5 {
					id := fmt.Sprint(5000 + i)
					h.come("mentions", "102", "1", id)
					time.Sleep(200 * time.Millisecond)
					if said := graph.answered(); !slices.Contains(said, id) {
						t.Fatalf("200 ms after %s came in, answered are %v", id, said)
					}
				}
			})
		})
	}
}

// What waits for its time is served too, however many hang: within the second that it may go unnoticed.
func TestADelayedReplyIsSentWhileOthersHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &hanging{hang: map[string]bool{"100": true}}
		h := crowded(t, graph, 2)
		h.rules.Store(compile(t, `rules: [{name: slow, accounts: [account1], delay: 20s, reply: hi}, {name: quick, reply: hello}]`))
		defer h.start()()
		h.come("mentions", "101", "1", "5000")
		h.come("comments", "100", "1", numbered(1000, 2000)...)
		time.Sleep(22 * time.Second)
		if said := graph.answered(); !slices.Equal(said, []string{"5000"}) {
			t.Errorf("answered %v, want 5000 about 20 s after it came in", said)
		}
	})
}

func TestAFloodOnOneMediaLeavesTheOthersTheirShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		graph := &hanging{}
		h := crowded(t, graph, 1)
		defer h.start()()
		h.come("mentions", "100", "1", numbered(100_000, flood)...)
		time.Sleep(200 * time.Millisecond)
		before := len(graph.answered())
		h.come("mentions", "100", "2", "5000")
		for !slices.Contains(graph.answered(), "5000") {
			time.Sleep(10 * time.Millisecond)
		}
		// What waits for a worker, what is in work, and one of the flood at each turn.
		if meanwhile := len(graph.answered()) - before; meanwhile > 3*h.workers {
			t.Errorf("%d others were answered before it", meanwhile)
		}
	})
}

func TestManySmallAccountsAreServedBesideAGreatOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const small = 60
		graph := &hanging{}
		h := crowded(t, graph, 1+small)
		defer h.start()()
		h.come("mentions", "100", "1", numbered(100_000, flood)...)
		time.Sleep(200 * time.Millisecond)
		for i := range small {
			h.come("mentions", fmt.Sprint(101+i), "1", fmt.Sprint(5000+i))
		}
		time.Sleep(2 * time.Second)
		said := graph.answered()
		for i := range small {
			if id := fmt.Sprint(5000 + i); !slices.Contains(said, id) {
				t.Errorf("%s is not answered after two seconds", id)
			}
		}
	})
}
