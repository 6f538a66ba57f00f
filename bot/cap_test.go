package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

// The cap is on any 60 minutes, whoever ran in them.
func TestTheCapOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.accounts[0].PerHour = 2
		stop := h.start()
		for i := range 5 {
			h.mention(fmt.Sprint(11 + i))
		}
		time.Sleep(20 * time.Minute)
		stop()
		for hour := range 2 {
			stop = h.start()
			time.Sleep(39 * time.Minute)
			if n, want := len(h.graph.replies()), 2+2*hour; n != want {
				t.Errorf("said %d just before hour %d is over, want %d", n, hour+1, want)
			}
			stop()
			stop = h.start()
			time.Sleep(21 * time.Minute)
			stop()
		}
		if n := len(h.graph.replies()); n != 5 {
			t.Errorf("said %d in the end, want all 5", n)
		}
	})
}

func TestOverTheCapRepliesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.accounts[0].PerHour = 2
		defer h.start()()
		for _, id := range []string{"11", "12", "13"} {
			h.mention(id)
		}
		time.Sleep(time.Second)
		if n := len(h.graph.replies()); n != 2 {
			t.Errorf("%d replies within the hour, the cap is 2", n)
		}
		due, err := h.store.NextDelivery(t.Context())
		if wait := time.Until(due); err != nil || wait < 59*time.Minute || wait > time.Hour {
			t.Errorf("the third is due in %v (%v)", wait, err)
		}
		time.Sleep(time.Hour)
		if n := len(h.graph.replies()); n != 3 {
			t.Errorf("%d replies when the hour is over, want 3", n)
		}
	})
}

// What is over the cap waits, and is skipped when it has grown too old. It takes nothing from what may wait longer.
func TestWhatWaitsTooLongIsSkipped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.accounts[0].PerHour = 1
		rules := strings.Replace(quickRules, "reply: Challenge accepted!", "max_age: 150m, reply: Challenge accepted!", 1)
		h.rules.Store(compile(t, rules))
		defer h.start()()
		for i := range 20 {
			h.mention(fmt.Sprint(11 + i))
		}
		time.Sleep(time.Second)
		h.commented("77")
		time.Sleep(time.Hour)
		if n := len(h.graph.replies()); n != 2 {
			t.Fatalf("said %d in the first hour, want 2", n)
		}
		time.Sleep(3 * time.Hour)
		counts := h.counts()
		if counts.Deliveries[ledger.Posted] != 4 || counts.Deliveries[ledger.Cancelled] != 17 {
			t.Errorf("%+v, want those of the first, second and third hour, and the one that may wait, said", counts)
		}
	})
}
