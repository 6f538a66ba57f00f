package bot_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/platform"
	logtest "github.com/sirupsen/logrus/hooks/test"
)

func refusal(class instagram.Class, code, subcode int) func() error {
	return func() error {
		return &instagram.Error{Class: class, Code: code, Subcode: subcode, Message: "refused"}
	}
}

// notes are what /readyz says of accounts.
func (h *house) notes() string {
	h.t.Helper()
	reasons, notes := h.bot.Health(h.t.Context())
	if len(reasons) > 0 {
		h.t.Errorf("not ready: %v", reasons)
	}
	return strings.Join(notes, "\n")
}

// saidTimes checks that the log has a line with this text exactly so often.
func saidTimes(t *testing.T, hook *logtest.Hook, text string, want int) {
	t.Helper()
	n := 0
	for _, e := range hook.AllEntries() {
		if strings.Contains(e.Message, text) {
			n++
		}
	}
	if n != want {
		t.Errorf("the log says %q %d times, want %d", text, n, want)
	}
}

// What the account does after a write was refused: when it tries again, and what it says meanwhile.
func TestAnAccountStopsByTheTrouble(t *testing.T) {
	for name, c := range map[string]struct {
		answer func() error
		until  time.Duration
		note   string
	}{
		"token dead":         {refusal(instagram.ClassHuman, 190, 463), 10 * time.Minute, "(token)"},
		"act blocked":        {refusal(instagram.ClassHuman, 368, 0), 2 * time.Hour, "(blocked)"},
		"taken for spam":     {refusal(instagram.ClassHuman, 4, 2207051), 4 * time.Hour, "(spam)"},
		"account restricted": {refusal(instagram.ClassHuman, 25, 2207050), 10 * time.Minute, "(restricted)"},
		"80002 with a time": {func() error {
			return &instagram.Error{Class: instagram.ClassWait, Code: 80002, RetryAfter: 42 * time.Minute}
		}, 42 * time.Minute, "(limit)"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				hook := logtest.NewLocal(h.log)
				h.graph.writes = times(1, c.answer)
				defer h.start()()
				began := time.Now()
				h.mention("11")
				time.Sleep(time.Second)
				for i := range 20 {
					h.mention(fmt.Sprint(12 + i))
				}
				time.Sleep(c.until - time.Until(began.Add(time.Second)) - 2*time.Second)
				if said := h.graph.replies(); len(said) != 0 {
					t.Fatalf("said %v while the account is stopped", said)
				}
				since := "since " + began.UTC().Format(time.RFC3339)
				if notes := h.notes(); !strings.Contains(notes, c.note) || !strings.Contains(notes, since) {
					t.Errorf("readiness says %q, want %s %s", notes, c.note, since)
				}
				if h.bot.Stopped()[account] == "" {
					t.Error("the metric says that the account goes")
				}
				time.Sleep(4 * time.Second)
				if said := h.graph.replies(); len(said) != 21 {
					t.Errorf("said %d replies when the stop was over, want all 21", len(said))
				}
				if notes := h.notes(); notes != "" || h.bot.Stopped()[account] != "" {
					t.Errorf("readiness says %q after the stop", notes)
				}
				saidTimes(t, hook, "is stopped and keeps its queue", 1)
				saidTimes(t, hook, "the account goes on", 1)
			})
		})
	}
}

// Each try that fails makes the next one rarer, and only one call tries.
func TestOneCallTriesWhetherAStopIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = times(3, refusal(instagram.ClassHuman, 368, 0))
		hook := logtest.NewLocal(h.log)
		defer h.start()()
		for i := range 5 {
			h.mention(fmt.Sprint(11 + i))
			time.Sleep(time.Second)
		}
		for _, step := range []struct {
			sleep time.Duration
			left  int
		}{{time.Hour, 2}, {90 * time.Minute, 1}, {3 * time.Hour, 1}, {3 * time.Hour, 0}} {
			time.Sleep(step.sleep)
			h.graph.mu.Lock()
			left := len(h.graph.writes)
			h.graph.mu.Unlock()
			if left != step.left {
				t.Fatalf("%d refusals are left, want %d", left, step.left)
			}
		}
		saidTimes(t, hook, "is stopped and keeps its queue", 1)
		saidTimes(t, hook, "not for the first time", 2)
		time.Sleep(8 * time.Hour)
		if said := h.graph.replies(); len(said) != 5 {
			t.Errorf("said %v in the end", said)
		}
	})
}

// Usage slows the account down, and at its end stops it until the time that Meta names.
func TestUsagePacesTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		defer h.start()()
		told := func(percent float64, regain time.Duration) {
			h.bot.Called(instagram.Call{Account: account, Class: instagram.ClassOK, Usage: instagram.Usage{Calls: percent, Regain: regain}})
		}
		told(95, 0)
		for i := range 10 {
			h.mention(fmt.Sprint(11 + i))
		}
		// 46 s lie between two calls at 95 %, and each answer costs two.
		time.Sleep(5 * time.Minute)
		if n := len(h.graph.replies()); n > 6 {
			t.Errorf("said %d in five minutes at 95 %%", n)
		}
		told(101, 30*time.Minute)
		stopped := len(h.graph.replies())
		time.Sleep(29 * time.Minute)
		if n := len(h.graph.replies()); n != stopped {
			t.Errorf("said %d more beyond the limit", n-stopped)
		}
		time.Sleep(2 * time.Minute)
		told(20, 0)
		time.Sleep(time.Minute)
		if n := len(h.graph.replies()); n != 10 {
			t.Errorf("said %d when Meta serves again, want all 10", n)
		}
	})
}

func TestAStoppedAccountDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.accounts = append(h.accounts, bot.Account{Account: instagram.Account{ID: "999", Username: "other"}})
		h.graph.reads = times(1, refusal(instagram.ClassHuman, 190, 0))
		defer h.start()()
		for i := range 200 {
			h.mention(fmt.Sprint(1000 + i))
		}
		time.Sleep(time.Second)
		_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
			Key: "999/comment/5", Account: "999", Thread: "5", Received: time.Now(), Notified: time.Now(),
			Change: []byte(`{"field":"mentions","value":{"comment_id":"5","media_id":"25"}}`),
		}})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		if said := h.graph.replies(); !slices.Equal(said, []string{"5"}) {
			t.Errorf("said %v, want the other account's", said)
		}
	})
}

// Many things that don't exist, one after another, may mean that a permission lacks: somebody is told, and nobody waits.
func TestManyMissingThingsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		hook := logtest.NewLocal(h.log)
		h.graph.reads = times(12, refusal(instagram.ClassGone, 100, 33))
		defer h.start()()
		for i := range 13 {
			h.mention(fmt.Sprint(10 + i))
			time.Sleep(time.Second)
			if got, want := strings.Contains(h.notes(), "permission"), i >= 9 && i < 12; got != want {
				t.Errorf("after %d answers: %q", i+1, h.notes())
			}
		}
		saidTimes(t, hook, "permission lacks", 1)
		counts := h.counts()
		if counts.Verdicts[ledger.VerdictSkipped] != 12 || counts.Deliveries[ledger.Posted] != 1 || h.bot.Missing()[account] != 0 {
			t.Errorf("%+v, missing %v", counts, h.bot.Missing())
		}
	})
}

// A dead token costs nothing but time, however long a holiday the operator takes: what a rule says may be as old as the
// rule allows. Also those events stay with which it is tried whether the token works again.
func TestAStoppedAccountKeepsItsQueueForDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, strings.Replace(quickRules, "rules:", "defaults: {max_age: 14d}\nrules:", 1)))
		h.graph.reads = times(1000, refusal(instagram.ClassHuman, 190, 463))
		defer h.start()()
		longAgo := time.Now().Add(-3 * 24 * time.Hour)
		for i := range 20 {
			id := fmt.Sprint(100 + i)
			_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
				Key: account + "/comment/" + id, Account: account, Thread: id, Received: longAgo, Notified: longAgo,
				Change: fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":"2%s"}}`, id, id),
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(2 * time.Hour)
		if counts, tries := h.counts(), 1000-len(h.graph.reads); counts.Open != 20 || tries < 3 {
			t.Fatalf("after %d tries: %+v", tries, counts)
		}
		h.graph.mu.Lock()
		h.graph.reads = nil
		h.graph.mu.Unlock()
		mended := h.accounts[0]
		mended.AccessToken = "new"
		h.bot.SetAccounts([]bot.Account{mended})
		time.Sleep(time.Minute)
		if counts := h.counts(); counts.Deliveries[ledger.Posted] != 20 {
			t.Errorf("with a new token: %+v", counts)
		}
	})
}

// slow is a platform that takes its time for a reply.
type slow struct{ *oracle }

func (s slow) Write(ctx context.Context, a instagram.Account, r platform.Request) (string, error) {
	time.Sleep(200 * time.Millisecond)
	return s.oracle.Write(ctx, a, r)
}

// A daemon that is started over and over doesn't hammer at a block that it has forgotten.
func TestARestartTriesABlockedAccountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const refusals = 1000
		h := newHouse(t)
		h.workers, h.asked = 16, slow{h.graph}
		h.graph.writes = times(refusals, refusal(instagram.ClassHuman, 368, 0))
		stop := h.start()
		for i := range 30 {
			h.mention(fmt.Sprint(100 + i))
		}
		time.Sleep(time.Minute)
		stop()
		for range 2 {
			left := len(h.graph.writes)
			stop = h.start()
			time.Sleep(time.Minute)
			stop()
			if tried := left - len(h.graph.writes); tried != 1 {
				t.Errorf("a start tried %d times", tried)
			}
		}
		h.graph.writes = times(3, classed(instagram.ClassRetry))
		defer h.start()()
		time.Sleep(10 * time.Second)
		if n := len(h.graph.replies()); n < 25 {
			t.Errorf("said %d when the block was over: a failure that tells nothing of the account kept the others back", n)
		}
		time.Sleep(10 * time.Minute)
		if n := len(h.graph.replies()); n != 30 {
			t.Errorf("said %d in the end", n)
		}
	})
}
