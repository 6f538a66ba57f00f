package bot_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	logtest "github.com/sirupsen/logrus/hooks/test"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// answers has Meta answer so often, each answer with its date.
func (h *house) answers(n int) {
	for range n {
		h.bot.Called(instagram.Call{Account: account, Took: time.Second, Date: time.Now().Truncate(time.Second)})
	}
}

// sentAgo lets a mention come in that Meta sent some time ago.
func (h *house) sentAgo(id string, ago time.Duration) {
	h.t.Helper()
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/comment/" + id, Account: account, Thread: id, Received: h.now(), Notified: time.Now().Add(-ago),
		Change: fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":"2%s"}}`, id, id),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

// TestNothingIsStaleByAClockThatIsKnownToBeWrong guards fresh events from a clock of which Meta's dates tell that it is
// days ahead: only what is a replay by Meta's own time ends as one.
func TestNothingIsStaleByAClockThatIsKnownToBeWrong(t *testing.T) {
	for name, c := range map[string]struct {
		ahead, sentAgo time.Duration
		known, stale   bool
	}{
		"a fresh one, days ahead":            {ahead: 3 * 24 * time.Hour, known: true},
		"a fresh one, years ahead":           {ahead: 3 * year, known: true},
		"one that Meta tried for a day":      {ahead: 3 * 24 * time.Hour, sentAgo: 24 * time.Hour, known: true},
		"a replay, days ahead":               {ahead: 3 * 24 * time.Hour, sentAgo: 49 * time.Hour, known: true, stale: true},
		"a replay, by a right clock":         {sentAgo: 49 * time.Hour, known: true, stale: true},
		"a replay, by a clock a little off":  {ahead: 50 * time.Minute, sentAgo: 48*time.Hour + 10*time.Minute, known: true, stale: true},
		"what nobody knows of the clock yet": {ahead: 3 * 24 * time.Hour, stale: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.rules.Store(compile(t, `rules: [{name: challenge, on: mention, max_age: none, reply: hello}]`))
				hook := logtest.NewLocal(h.log)
				h.leap(c.ahead)
				defer h.start()()
				if c.known {
					h.answers(3)
				}
				h.sentAgo("11", c.sentAgo)
				time.Sleep(time.Minute)
				said, stale := len(h.graph.replies()), h.record(1).Because == rules.BecauseStale
				if stale != c.stale || said == 1 == c.stale {
					t.Errorf("stale %v, %d replies; %+v", stale, said, h.counts())
				}
				if told := c.ahead > 48*time.Hour && !c.stale; told {
					saidTimes(t, hook, "no replay", 1)
				}
			})
		})
	}
}

// TestALeapEndsNoApproval guards what waits for a person from a clock that leaps ahead and is put right again.
func TestALeapEndsNoApproval(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		for _, answered := range []bool{false, true} {
			t.Run(fmt.Sprintf("restarted %v, Meta answers %v", restarts, answered), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHouse(t)
					h.plant("11", waits(24*time.Hour))
					stop := h.start()
					time.Sleep(time.Minute)
					if restarts {
						stop()
					}
					h.leap(year)
					if restarts {
						stop = h.start()
					}
					time.Sleep(time.Minute)
					if answered {
						h.answers(3)
					}
					time.Sleep(5 * time.Hour)
					if f := h.fate(1); f.State != "" {
						t.Errorf("while the clock is a year ahead: %+v", f)
					}
					h.leap(0)
					time.Sleep(time.Hour)
					if answered {
						h.answers(3)
					}
					time.Sleep(13 * time.Hour)
					if f := h.fate(1); f.State != "" {
						t.Errorf("before its time: %+v", f)
					}
					time.Sleep(29 * time.Hour)
					if f := h.fate(1); f.State != ledger.Cancelled || f.Because != rules.BecauseExpired {
						t.Errorf("long after its time: %+v", f)
					}
					stop()
				})
			})
		}
	}
}

// TestALeapAtAnyMomentEndsNoApproval guards it from a leap between any two readings of the clock in the minute in which what
// waits is looked through.
func TestALeapAtAnyMomentEndsNoApproval(t *testing.T) {
	for readings := range int64(leapReadings) {
		t.Run(fmt.Sprintf("at reading %d", readings+1), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.plant("11", waits(24*time.Hour))
				defer h.start()()
				time.Sleep(time.Minute - time.Second)
				h.readings.Store(readings + 1)
				time.Sleep(time.Hour)
				if f := h.fate(1); f.State != "" || h.off.Load() == 0 {
					t.Errorf("a year ahead: %+v", f)
				}
			})
		})
	}
}

// TestWhatGrewOldInASleepExpires guards that approvals end in time where Meta's dates bear out that time has passed, and
// after a day where Meta says nothing.
func TestWhatGrewOldInASleepExpires(t *testing.T) {
	for answers, within := range map[int]time.Duration{2: 2 * time.Minute, 0: 25 * time.Hour} {
		t.Run(fmt.Sprintf("%d answers", answers), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.leap(-4 * time.Hour)
				h.plant("11", waits(-2*time.Hour))
				defer h.start()()
				time.Sleep(time.Minute)
				h.leap(0) // as after four hours of sleep
				time.Sleep(time.Minute)
				if f := h.fate(1); f.State != "" {
					t.Errorf("before Meta has told the time: %+v", f)
				}
				h.answers(answers)
				time.Sleep(within)
				if f := h.fate(1); f.State != ledger.Cancelled || f.Because != rules.BecauseExpired {
					t.Errorf("after %v: %+v", within, f)
				}
			})
		})
	}
}

// puttingRight is an observer that puts the clock right when a reply is planned again.
type puttingRight struct{ h *house }

func (p puttingRight) Decided(string, string)       {}
func (p puttingRight) Posted(time.Duration)         {}
func (p puttingRight) Story(string, map[string]int) {}
func (p puttingRight) Delivered(_, fate string) {
	if fate == string(ledger.Planned) {
		p.h.leap(0)
	}
}

// TestALeapThatNoLookSaw guards what was written by a clock that leapt and was put right between two looks at it.
func TestALeapThatNoLookSaw(t *testing.T) {
	for name, write := range map[string]func(h *house){
		"an event comes in": func(h *house) {
			h.leap(5 * time.Hour)
			h.mention("11")
			h.leap(0)
		},
		"a reply is put off": func(h *house) {
			h.graph.writes = []func() error{func() error {
				h.leap(5 * time.Hour)
				return classed(instagram.ClassRetry)()
			}}
			h.mention("11")
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.observe = puttingRight{h}
				defer h.start()()
				synctest.Wait()
				write(h)
				time.Sleep(2 * time.Minute)
				if said := h.graph.replies(); len(said) != 1 {
					t.Errorf("said %v; %+v", said, h.counts())
				}
			})
		})
	}
}
