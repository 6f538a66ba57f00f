package bot_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
)

const year = 365 * 24 * time.Hour

// onWall has a house speak to a wall.
func (h *house) onWall(fails ...wallFault) *wall {
	w := &wall{replies: map[string][]instagram.Comment{}, fails: fails}
	h.asked = w
	return w
}

// TestAClockThatIsPutRightLetsNothingWait guards that what came in, was put off or was capped while the clock ran ahead
// doesn't wait for the time that it showed.
func TestAClockThatIsPutRightLetsNothingWait(t *testing.T) {
	for name, ahead := range map[string]time.Duration{"by minutes": 7 * time.Minute, "by hours": 5 * time.Hour, "by most of a day": 20 * time.Hour} {
		for _, restarts := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restarted %v", name, restarts), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHouse(t)
					h.accounts[0].PerHour = 2
					h.leap(ahead)
					stop := h.start()
					for _, id := range []string{"11", "12", "13"} {
						h.mention(id)
						time.Sleep(time.Second)
					}
					time.Sleep(time.Minute)
					if restarts {
						stop()
						h.leap(0)
						stop = h.start()
					}
					h.leap(0)
					defer func() { stop() }()
					time.Sleep(time.Second)
					h.mention("14")
					time.Sleep(2*time.Hour + time.Minute)
					if said := h.graph.replies(); len(said) != 4 {
						t.Errorf("said %v; %+v", said, h.counts())
					}
				})
			})
		}
	}
}

// TestEventsOfTheFutureAreJudged guards that an event which came in a year ahead by the clock is judged when that is
// right again.
func TestEventsOfTheFutureAreJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		defer h.start()()
		h.leap(year)
		_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
			Key: account + "/comment/11", Account: account, Thread: "11", Received: time.Now().Add(year),
			Change: []byte(`{"field":"mentions","value":{"comment_id":"11","media_id":"211"}}`),
		}})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		h.leap(0)
		h.mention("12")
		time.Sleep(time.Minute)
		if said := h.graph.replies(); len(said) != 2 {
			t.Errorf("said %v", said)
		}
	})
}

// TestAStopEndsAfterItsTime guards that an account which Meta has wait doesn't stand still for as long as the clock was
// wrong.
func TestAStopEndsAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = []func() error{func() error {
			return &instagram.Error{Class: instagram.ClassWait, Code: 4, Message: "limit", RetryAfter: 20 * time.Minute}
		}}
		h.leap(20 * time.Hour)
		defer h.start()()
		h.mention("11")
		time.Sleep(5 * time.Minute)
		h.leap(0)
		time.Sleep(10 * time.Minute)
		if said := h.graph.replies(); len(said) != 0 {
			t.Errorf("said %v while Meta has it wait", said)
		}
		time.Sleep(10 * time.Minute)
		if said := h.graph.replies(); len(said) != 1 {
			t.Errorf("said %v", said)
		}
	})
}

// TestAClockThatWasNeverSet guards that a machine which comes up in 1970 takes in and says nothing, and says it when its
// clock is set.
func TestAClockThatWasNeverSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		hook := logtest.NewLocal(h.log)
		h.before = time.Now().Add(-time.Hour)
		w := h.onWall()
		h.leap(-time.Since(time.Unix(0, 0)))
		defer h.start()()
		h.commented("11")
		h.commented("12")
		time.Sleep(30 * time.Minute)
		if counts := h.counts(); counts.Open != 2 || len(w.posts) != 0 {
			t.Errorf("in 1970: %+v", counts)
		}
		if !strings.Contains(h.notes(), "clock is surely wrong") {
			t.Errorf("notes: %s", h.notes())
		}
		h.leap(0)
		time.Sleep(time.Minute)
		if counts := h.counts(); counts.Deliveries[ledger.Posted] != 2 || len(w.posts) != 2 {
			t.Errorf("after: %+v", counts)
		}
		if strings.Contains(h.notes(), "clock") {
			t.Errorf("notes: %s", h.notes())
		}
		saidTimes(t, hook, "the clock is surely wrong", 1)
		saidTimes(t, hook, "the clock is set", 1)
	})
}

// slowReads is an oracle that takes its time.
type slowReads struct {
	*oracle
	reads atomic.Int32
}

func (s *slowReads) MentionedComment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	s.reads.Add(1)
	time.Sleep(15 * time.Second)
	return s.oracle.MentionedComment(ctx, a, id, fields)
}

// TestAnEventInWorkIsNotTakenFromOneself guards that a leap past the end of its lease has no event done twice at once.
func TestAnEventInWorkIsNotTakenFromOneself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		slow := &slowReads{oracle: h.graph}
		h.asked = slow
		stop := h.start()
		h.mention("11")
		time.Sleep(time.Second)
		h.leap(8 * time.Hour)
		h.mention("12")
		time.Sleep(20 * time.Second)
		h.mention("13")
		time.Sleep(time.Minute)
		stop()
		if said := h.graph.replies(); slow.reads.Load() != 3 || len(said) != 3 {
			t.Errorf("read %d times, said %v", slow.reads.Load(), said)
		}
	})
}

// TestAnEventThatFailedWhileAsleepIsTriedAgain guards that a machine which slept for days tries what waited more than
// once before it gives up.
func TestAnEventThatFailedWhileAsleepIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.rules.Store(compile(t, `rules: [{name: challenge, on: mention, max_age: none, reply: hello}]`))
		h.graph.reads = times(3, func() error {
			return &instagram.Error{Class: instagram.ClassRetry, Message: "no network", Err: errors.New("no network")}
		})
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Second)
		h.leap(4 * 24 * time.Hour)
		time.Sleep(10 * time.Minute)
		if said := h.graph.replies(); len(said) != 1 {
			t.Errorf("said %v; %+v", said, h.counts())
		}
	})
}

// TestAReplyByAWrongClockIsNotSaidAgain guards that a reply whose fate is unknown isn't taken for another's because the
// clock by which it was sent was wrong.
func TestAReplyByAWrongClockIsNotSaidAgain(t *testing.T) {
	for _, off := range []time.Duration{40 * time.Minute, 9 * time.Hour, -40 * time.Minute} {
		for _, right := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, put right %v", off, right), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					h := newHouse(t)
					w := h.onWall(noAnswer(true))
					w.answered = func() { h.bot.Called(instagram.Call{Account: account, Date: time.Now().Truncate(time.Second)}) }
					h.leap(off)
					defer h.start()()
					h.commented("11")
					time.Sleep(10 * time.Second)
					if right {
						h.leap(0)
					}
					time.Sleep(2 * time.Hour)
					synctest.Wait()
					if len(w.posts) != 1 {
						t.Errorf("%d posts; %+v", len(w.posts), h.counts())
					}
				})
			})
		}
	}
}

// TestAFateIsNotSettledByALeap guards that the time between a POST and the looks for it has really passed.
func TestAFateIsNotSettledByALeap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		w := h.onWall(noAnswer(true))
		defer h.start()()
		h.commented("11")
		time.Sleep(time.Second)
		began := time.Now()
		h.leap(8 * time.Hour)
		time.Sleep(time.Hour)
		synctest.Wait()
		looks := since(began, w.looked)
		if len(looks) != 1 || looks[0] < time.Minute || len(w.posts) != 1 {
			t.Errorf("looked for after %v; %d posts", looks, len(w.posts))
		}
	})
}

// TestAClockAYearAheadRemovesNothing guards what is kept from a clock that is wrong for some hours.
func TestAClockAYearAheadRemovesNothing(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		t.Run(fmt.Sprintf("restarted %v", restarts), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				stop := h.start()
				h.mention("11")
				time.Sleep(2 * time.Hour) // the first round sees it
				if restarts {
					stop()
				}
				h.leap(year)
				if restarts {
					stop = h.start()
				}
				defer func() { stop() }()
				time.Sleep(5 * time.Hour)
				h.leap(0)
				time.Sleep(time.Hour)
				h.record(1)
			})
		})
	}
}

// TestTheClockIsComparedWithMetas guards what an operator is told of a wrong clock.
func TestTheClockIsComparedWithMetas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		hook := logtest.NewLocal(h.log)
		h.log.SetLevel(logrus.DebugLevel)
		defer h.start()()
		answer := func(took time.Duration) {
			h.bot.Called(instagram.Call{Account: account, Took: took, Date: time.Now().Add(-took / 2).Truncate(time.Second)})
		}
		told := func(want time.Duration, note string) {
			t.Helper()
			if got := h.bot.ClockAhead().Round(time.Minute); got != want {
				t.Errorf("ahead by %v, want %v", got, want)
			}
			if notes := h.notes(); !strings.Contains(notes, note) || note == "" && notes != "" {
				t.Errorf("notes %q, want %q", notes, note)
			}
		}
		answer(10 * time.Second)
		answer(time.Second)
		told(0, "")
		h.leap(3 * time.Minute)
		answer(time.Second)
		told(0, "") // one answer alone tells nothing
		answer(time.Second)
		answer(time.Second)
		told(3*time.Minute, "3m0s ahead of Meta's")
		h.leap(-2 * time.Hour)
		answer(0)
		answer(0)
		told(-2*time.Hour, "2h0m0s behind Meta's")
		h.leap(0)
		h.bot.Called(instagram.Call{Account: account})
		answer(time.Second)
		told(0, "")
		saidTimes(t, hook, "doesn't agree with Meta's", 2)
		saidTimes(t, hook, "agrees with Meta's again", 2)
	})
}
