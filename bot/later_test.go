package bot_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// plant enters a delivery of the rule challenge as a run before would have, and gives its id. The bot must not run.
func (h *house) plant(comment string, change func(*ledger.Plan)) int64 {
	h.t.Helper()
	store, err := sqlite.Open(h.t.Context(), h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	defer store.Close()
	event := &rules.Event{
		Kind: platform.CommentMention, ID: account + "/comment/" + comment, Time: time.Now(), Text: "challenge?",
		Comment: rules.Comment{ID: comment}, Media: rules.Media{ID: "2" + comment}, Account: rules.Account{ID: account},
	}
	_, err = store.Accept(h.t.Context(), []inbox.Arrival{{
		Key: event.ID, Account: account, Thread: comment, Received: time.Now(), Notified: time.Now(), Change: []byte(`{}`),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
	conversation, _ := ledger.Conversation(event)
	plan := ledger.Plan{
		Account: account, Media: event.Media.ID, Conversation: conversation, Rule: "challenge", Action: rules.ActionReply, Text: "Accepted!",
		Request: platform.ReplyRequest(event.Target(), "Accepted!"), Received: time.Now(), Due: time.Now(),
	}
	change(&plan)
	seq := h.planted + 1
	h.planted = seq
	deliveries, err := store.Enter(h.t.Context(), seq, func(ledger.Book) (ledger.Entry, error) {
		record := ledger.Unjudged(event, ledger.VerdictReply, "")
		return ledger.Entry{Record: record, Now: time.Now(), Plans: []ledger.Plan{plan}}, nil
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return deliveries[0].ID
}

func waits(d time.Duration) func(*ledger.Plan) {
	return func(p *ledger.Plan) { p.Approve, p.Expires = true, time.Now().Add(d) }
}

func (h *house) approve(id int64) {
	h.t.Helper()
	desk, err := sqlite.OpenDesk(h.t.Context(), h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := desk.Approve(h.t.Context(), id, "", time.Now()); err != nil {
		h.t.Error(err)
	}
	if err := desk.Close(); err != nil {
		h.t.Error(err)
	}
}

func (h *house) fate(seq int64) ledger.Fate {
	h.t.Helper()
	deliveries, err := h.store.Deliveries(h.t.Context(), seq)
	if err != nil || len(deliveries) != 1 {
		h.t.Fatalf("%v, %d deliveries", err, len(deliveries))
	}
	return deliveries[0].Fate
}

// tally is an observer that counts fates.
type tally struct {
	mu    sync.Mutex
	fates map[string]int
}

func (c *tally) Decided(string, string)       {}
func (c *tally) Posted(time.Duration)         {}
func (c *tally) Story(string, map[string]int) {}

func (c *tally) Delivered(_, fate string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fates[fate]++
}

func (c *tally) of(state ledger.State) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fates[string(state)]
}

// Nobody nudges the daemon when a person approves in another process, at whatever moment of its rounds.
func TestWhatIsApprovedIsSaidWithin15Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		var planted []int64
		for i := range 8 {
			planted = append(planted, h.plant(fmt.Sprint(11+i), waits(24*time.Hour)))
		}
		defer h.start()()
		time.Sleep(time.Hour)
		if said := h.graph.replies(); len(said) != 0 {
			t.Fatalf("said before anybody approved: %v", said)
		}
		for i, id := range planted {
			time.Sleep(time.Duration(i) * 2300 * time.Millisecond)
			h.approve(id)
			h.mention(fmt.Sprint(900 + i)) // other events keep the dispatcher awake out of its turn
			time.Sleep(15 * time.Second)
			if want, said := fmt.Sprint(11+i), h.graph.replies(); !slices.Contains(said, want) {
				t.Errorf("said %v 15 seconds after %s was approved", said, want)
			}
		}
	})
}

func TestWhatNobodyApprovesExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		fates := &tally{fates: map[string]int{}}
		h.observe = fates
		h.plant("11", waits(time.Hour))
		h.plant("12", waits(3*time.Hour))
		time.Sleep(2 * time.Hour)
		defer h.start()()
		synctest.Wait()
		if f := h.fate(1); f.State != ledger.Cancelled || f.Because != rules.BecauseExpired || fates.of(ledger.Cancelled) != 1 {
			t.Errorf("at the start: %+v, %d counted", f, fates.of(ledger.Cancelled))
		}
		if f := h.fate(2); f.State != "" {
			t.Errorf("before its time: %+v", f)
		}
		time.Sleep(time.Hour + 2*time.Minute)
		if f := h.fate(2); f.State != ledger.Cancelled || f.Because != rules.BecauseExpired || fates.of(ledger.Cancelled) != 2 {
			t.Errorf("while it runs: %+v, %d counted", f, fates.of(ledger.Cancelled))
		}
		if said := h.graph.replies(); len(said) != 0 {
			t.Errorf("said %v", said)
		}
	})
}

func TestADelayRunsFromTheDecision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, "rules: [{name: a, delay: 60s, reply: hi}]"))
		defer h.start()()
		h.mention("11")
		time.Sleep(59 * time.Second)
		if said := h.graph.replies(); len(said) != 0 {
			t.Errorf("said %v too early", said)
		}
		time.Sleep(2 * time.Second)
		if said := h.graph.replies(); len(said) != 1 {
			t.Errorf("said %v", said)
		}
	})
}

func TestARuleThatWaitsForAPersonPostsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, "rules: [{name: a, mode: approve, reply: hi}]"))
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Hour)
		counts := h.counts()
		if counts.Verdicts[ledger.VerdictApprove] != 1 || counts.Deliveries[ledger.Waiting] != 1 || len(h.graph.replies()) != 0 {
			t.Errorf("said %v; %+v", h.graph.replies(), counts)
		}
		time.Sleep(24 * time.Hour) // the default max_age
		if counts := h.counts(); counts.Deliveries[ledger.Cancelled] != 1 || len(h.graph.replies()) != 0 {
			t.Errorf("said %v; %+v", h.graph.replies(), counts)
		}
	})
}

func TestWhatHadToWaitIsLookedAtAgain(t *testing.T) {
	soon := func(p *ledger.Plan) { p.Due = time.Now().Add(time.Minute) }
	rule := func(more string) string {
		return "rules: [{name: other, reply: hi}, {name: challenge, reply: Accepted!" + more + "}]"
	}
	for name, c := range map[string]struct {
		plan    func(*ledger.Plan)
		approve string // "early": before the daemon runs; "late": when the rules have changed
		then    string // the rules when it is due
		state   ledger.State
		because rules.Because
		reason  string
	}{
		"nothing has changed":              {plan: soon, then: quickRules, state: ledger.Posted},
		"its rule says something else now": {plan: soon, then: rule(", when: false"), state: ledger.Posted},
		"its rule is gone": {
			plan: soon, then: "rules: [{name: other, reply: hi}]",
			state: ledger.Cancelled, because: rules.BecauseDisabled, reason: "its rule is not there any more",
		},
		"its rule is disabled": {
			plan: soon, then: rule(", enabled: false"),
			state: ledger.Cancelled, because: rules.BecauseDisabled, reason: "its rule was disabled while it waited",
		},
		"its rule is in shadow": {
			plan: soon, then: rule(", mode: shadow"),
			state: ledger.Cancelled, because: rules.BecauseDisabled, reason: "its rule went into mode shadow while it waited",
		},
		"its rule waits for people": {
			plan: soon, then: rule(", mode: approve"),
			state: ledger.Cancelled, because: rules.BecauseDisabled, reason: "its rule went into mode approve while it waited, and nobody has approved it",
		},
		"it has grown too old": {
			plan: func(p *ledger.Plan) { soon(p); p.Expires = time.Now().Add(30 * time.Second) }, then: quickRules,
			state: ledger.Cancelled, because: rules.BecauseMaxAge, reason: "grew too old while it waited",
		},
		"approved, and its rule waits for people": {plan: waits(time.Hour), approve: "late", then: rule(", mode: approve"), state: ledger.Posted},
		"approved, and its rule is gone":          {plan: waits(time.Hour), approve: "late", then: "rules: [{name: other, reply: hi}]", state: ledger.Posted},
		"approved, and its rule is in shadow":     {plan: waits(time.Hour), approve: "late", then: rule(", mode: shadow"), state: ledger.Posted},
		"approved, but too old when its turn came": {
			plan: waits(time.Second), approve: "early", then: quickRules,
			state: ledger.Cancelled, because: rules.BecauseMaxAge, reason: "grew too old while it waited",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				id := h.plant("11", c.plan)
				if c.approve == "early" {
					h.approve(id)
				}
				time.Sleep(2 * time.Second) // the daemon doesn't run
				defer h.start()()
				time.Sleep(50 * time.Second)
				h.rules.Store(compile(t, c.then))
				if c.approve == "late" {
					h.approve(id)
				}
				time.Sleep(time.Minute)
				f := h.fate(1)
				if f.State != c.state || f.Because != c.because || f.Reason != c.reason {
					t.Errorf("%+v", f)
				}
				if said := len(h.graph.replies()); said == 1 != (c.state == ledger.Posted) {
					t.Errorf("said %d times", said)
				}
			})
		})
	}
}
