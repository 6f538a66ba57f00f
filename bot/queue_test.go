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
	for workers, n := range map[int]int{16: queued, 1: queued / 20} {
		t.Run(fmt.Sprintf("%d workers", workers), func(t *testing.T) { outliveADeadToken(t, workers, n) })
	}
}

func outliveADeadToken(t *testing.T, workers, n int) {
	const late = 50
	perHour := n / 2
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.workers, h.accounts[0].PerHour = workers, perHour
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
		inOrder(t, h.graph.replies(), 200_000, n, workers)
		if counts := h.counts(); counts.Open != 0 || counts.Deliveries[ledger.Posted] != n {
			t.Errorf("%+v", counts)
		}
	})
}

// inOrder checks that n replies were said, each once, and in the order of their numbers: one worker keeps it exactly; of
// several that work at once one may stand as long as a busy machine likes, while the others go on. But whoever is
// overtaken is in hand, and that are no more than each worker's job and the job that waits for each.
func inOrder(t *testing.T, said []string, from, n, workers int) {
	t.Helper()
	if sorted := slices.Sorted(slices.Values(said)); len(said) != n || len(slices.Compact(sorted)) != n {
		t.Fatalf("said %d, want %d, each once", len(said), n)
	}
	inHand := 2 * workers
	if workers == 1 {
		inHand = 0
	}
	var overtaken []int // events that are not answered yet, while a younger one is
	next := 0
	for _, id := range said {
		var number int
		if _, err := fmt.Sscan(id, &number); err != nil {
			t.Fatal(err)
		}
		for number -= from; next <= number; next++ {
			overtaken = append(overtaken, next)
		}
		overtaken = slices.DeleteFunc(overtaken, func(other int) bool { return other == number })
		if len(overtaken) > inHand {
			t.Fatalf("event %d is answered before %d older ones, %v; want at most %d", number, len(overtaken), overtaken, inHand)
		}
	}
}
