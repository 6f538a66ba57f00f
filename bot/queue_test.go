package bot_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/sirupsen/logrus"
)

// One dead token must cost nothing but time.
func TestAQueueOutlivesADeadToken(t *testing.T) {
	const late, n, perHour = 50, queued, queued / 2
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.workers, h.accounts[0].PerHour = 16, perHour
		h.log.SetLevel(logrus.PanicLevel)
		h.graph.reads = times(100_000, refusal(instagram.ClassHuman, 190, 463))
		defer h.start()()
		accept := func(from, n int) {
			arrivals := make([]inbox.Arrival, n)
			for i := range arrivals {
				id := fmt.Sprint(from + i)
				arrivals[i] = inbox.Arrival{
					Key: account + "/comment/" + id, Account: account, Thread: id, Received: time.Now(), Notified: time.Now(),
					Change: fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":"2%s"}}`, id, id),
				}
			}
			if _, err := h.bot.Accept(t.Context(), arrivals); err != nil {
				t.Fatal(err)
			}
		}
		accept(100_000, late)
		time.Sleep(25 * time.Hour)
		accept(200_000, n)
		time.Sleep(5 * time.Minute)
		if tried := 100_000 - len(h.graph.reads); tried > 40 {
			t.Errorf("a dead token was tried %d times in 25 hours", tried)
		}
		h.graph.mu.Lock()
		h.graph.reads = nil
		h.graph.mu.Unlock()
		mended := h.accounts[0]
		mended.AccessToken = "new"
		h.bot.SetAccounts([]bot.Account{mended})
		for hour := 1; hour < n/perHour; hour++ {
			time.Sleep(time.Hour - time.Second)
			if said := len(h.graph.replies()); said > hour*perHour {
				t.Errorf("said %d within %d hours, want at most %d", said, hour, hour*perHour)
			}
			time.Sleep(time.Second)
		}
		time.Sleep(time.Minute)
		inOrder(t, h.graph.replies(), 200_000, n)
		if counts := h.counts(); counts.Open != 0 || counts.Deliveries[ledger.Posted] != n {
			t.Errorf("%+v", counts)
		}
	})
}

// inOrder checks that n replies were said, each once, and in the order of their numbers, as far as workers that work at
// once can keep it: a machine with other things to do may let one of them stand while the others go on.
func inOrder(t *testing.T, said []string, from, n int) {
	t.Helper()
	if sorted := slices.Sorted(slices.Values(said)); len(said) != n || len(slices.Compact(sorted)) != n {
		t.Fatalf("said %d, want %d, each once", len(said), n)
	}
	atOnce := n / 4
	for i, id := range said {
		var number int
		if _, err := fmt.Sscan(id, &number); err != nil {
			t.Fatal(err)
		}
		if off := number - from - i; off > atOnce || off < -atOnce {
			t.Fatalf("reply %d is the answer to event %d", i, number-from)
		}
	}
}
