package bot_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/sirupsen/logrus"
)

// talk lets n comments come in at once, each on its own.
func (h *house) talk(field string, from, n int) {
	h.t.Helper()
	arrivals := make([]inbox.Arrival, n)
	for i := range arrivals {
		id := fmt.Sprint(from + i)
		arrivals[i] = inbox.Arrival{
			Key: account + "/comment/" + id, Account: account, Thread: id, Received: h.now(), Notified: h.now(),
			Change: fmt.Appendf(nil, `{"field":%q,"value":{"id":%q,"text":"link?","from":{"id":"9%s","username":"u%s"},"media":{"id":"800"}}}`, field, id, id, id),
		}
	}
	if _, err := h.bot.Accept(h.t.Context(), arrivals); err != nil {
		h.t.Fatal(err)
	}
}

// A live comment can be answered only while the broadcast goes on. More of them than Meta allows other private replies
// in an hour are answered within seconds, less than 100 in any, and those others have all of their own hour. Who starts
// meanwhile knows what was sent.
func TestABroadcastIsAnsweredWhileItLasts(t *testing.T) {
	const live, others = 1000, 749
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.workers = 16
		h.log.SetLevel(logrus.PanicLevel)
		h.rules.Store(compile(t, `rules: [{name: link, on: [comment, live_comment], private_reply: the link}]`))
		stop := h.start()
		posted := func(after time.Duration, least, most int) {
			t.Helper()
			if n := h.counts().Deliveries[ledger.Posted]; n < least || n > most {
				t.Errorf("%v later %d were sent, want %d to %d", after, n, least, most)
			}
		}
		h.talk("live_comments", 100_000, live)
		time.Sleep(990 * time.Millisecond)
		posted(time.Second, 50, 99)
		time.Sleep(30 * time.Second)
		posted(30*time.Second, live, live)
		stop()
		stop = h.start()
		h.talk("comments", 200_000, others)
		time.Sleep(30 * time.Second)
		posted(time.Minute, live+others, live+others)
		stop()
		stop = h.start()
		defer func() { stop() }()
		h.talk("comments", 300_000, 2)
		h.talk("live_comments", 400_000, 1)
		time.Sleep(time.Minute)
		posted(2*time.Minute, live+others+2, live+others+2) // the 751st waits
		time.Sleep(time.Hour)
		posted(time.Hour, live+others+3, live+others+3)
	})
}
