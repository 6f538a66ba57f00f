package bot_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// rightAgain is for how long the clock must have been right until everything due is done: an hour for what Meta may still
// be asked for, and as many as the cap needs for the events of a story.
const rightAgain = 4 * time.Hour

const clockRules = `rules:
  - {name: challenge, on: mention, max_age: none, reply: hello}
  - {name: price, on: comment, max_age: none, delay: 30s, reply: hi}
`

// datedWall is a wall that takes its time and tells the date with each answer, as Meta does.
type datedWall struct {
	*wall
	h       *house
	took    time.Duration
	said    map[string]int  // by comment
	faulted map[string]bool // by comment: nobody was told what became of it
}

func (w *datedWall) MentionedComment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	defer w.tell(time.Now())
	time.Sleep(w.took)
	return w.wall.MentionedComment(ctx, a, id, fields)
}

func (w *datedWall) Replies(ctx context.Context, a instagram.Account, id string) (instagram.Thread, error) {
	defer w.tell(time.Now())
	time.Sleep(w.took)
	return w.wall.Replies(ctx, a, id)
}

func (w *datedWall) Write(ctx context.Context, a instagram.Account, r platform.Request) (string, error) {
	defer w.tell(time.Now())
	time.Sleep(w.took)
	id, err := w.wall.Write(ctx, a, r)
	w.mu.Lock()
	defer w.mu.Unlock()
	comment := cmp.Or(r.Form["comment_id"], strings.Split(r.Path, "/")[1])
	w.faulted[comment] = w.faulted[comment] || err != nil
	for _, reply := range w.replies[r.Path] {
		if reply.ID == id {
			w.said[comment]++
		}
	}
	return id, err
}

// tell must be called without the lock.
func (w *datedWall) tell(began time.Time) {
	w.h.bot.Called(instagram.Call{Account: account, Took: time.Since(began), Date: time.Now().Truncate(time.Second)})
}

// clockStep is something that happens in a story, and how long nothing else does then.
type clockStep struct {
	what string
	by   time.Duration // for a leap: how wrong the clock is from then on
	wait time.Duration
}

// clockTale is a whole story.
type clockTale struct {
	perHour int
	took    time.Duration
	steps   []clockStep
}

var (
	leaps = rapid.SampledFrom([]time.Duration{
		0, 5 * time.Second, -5 * time.Second, time.Minute, -time.Minute, 7 * time.Minute, -7 * time.Minute, 5 * time.Hour, -5 * time.Hour,
		20 * time.Hour, -20 * time.Hour, 60 * time.Hour, -60 * time.Hour, 60 * 24 * time.Hour, -60 * 24 * time.Hour, year, -30 * year,
	})
	waitings = rapid.SampledFrom([]time.Duration{0, time.Second, 20 * time.Second, 61 * time.Second, 10 * time.Minute, time.Hour})
)

func drawTale(t *rapid.T) clockTale {
	tale := clockTale{
		perHour: rapid.SampledFrom([]int{0, 4}).Draw(t, "per hour"),
		took:    rapid.SampledFrom([]time.Duration{0, 3 * time.Second}).Draw(t, "a call takes"),
	}
	for range rapid.IntRange(2, 14).Draw(t, "steps") {
		step := clockStep{
			what: rapid.SampledFrom([]string{"mention", "comment", "leap", "leap", "restart", "unheard", "undone"}).Draw(t, "step"),
			wait: waitings.Draw(t, "then wait"),
		}
		if step.what == "leap" || step.what == "restart" {
			step.by = leaps.Draw(t, "wrong by")
		}
		tale.steps = append(tale.steps, step)
	}
	return tale
}

// TestWhateverTheClockDoes guards that no leap of the clock, to and fro, in work and between runs, has an event answered
// twice or lost, and that all is done some time after it was put right.
func TestWhateverTheClockDoes(t *testing.T) {
	played, failed := 0, false
	rapid.Check(t, func(rt *rapid.T) {
		tale := drawTale(rt)
		if played++; played > clockTales && !failed {
			return // the rest of rapid's checks, which are more than this needs; but a failure is made shorter
		}
		var faults []string
		synctest.Test(t, func(t *testing.T) { faults = newClockStory(t, tale).play(tale.steps) })
		if len(faults) > 0 {
			failed = true
			rt.Fatal(strings.Join(faults, "\n"))
		}
	})
}

// clockStory is a tale as it is played.
type clockStory struct {
	*house
	wall  *datedWall
	stop  func()
	ids   []string
	stale map[string]bool // those that came in while the clock was days ahead
	// yearAhead says that a run began with a clock that was a year ahead. Where the one before it has written by such a clock
	// too, nobody doubts it, and what was done is removed for its age.
	yearAhead bool
}

func newClockStory(t *testing.T, tale clockTale) *clockStory {
	s := &clockStory{house: newHouse(t), stale: map[string]bool{}}
	s.house.rules.Store(compile(t, clockRules))
	s.accounts[0].PerHour = tale.perHour
	s.before = time.Now().Add(-90 * 24 * time.Hour)
	// What came in while the clock was 60 days behind looks so old to a run that begins with a right one.
	s.keeps = 90 * 24 * time.Hour
	s.wall = &datedWall{wall: s.onWall(), h: s.house, took: tale.took, said: map[string]int{}, faulted: map[string]bool{}}
	s.asked = s.wall
	return s
}

// play plays the story to its end and tells what is wrong then.
func (s *clockStory) play(steps []clockStep) []string {
	s.stop = s.start()
	for _, step := range steps {
		s.step(step)
		time.Sleep(step.wait)
	}
	s.leap(0)
	time.Sleep(rightAgain)
	faults := s.faults()
	s.stop()
	return faults
}

func (s *clockStory) step(step clockStep) {
	id := fmt.Sprint(100 + len(s.ids))
	switch step.what {
	case "mention":
		s.mention(id)
	case "comment":
		s.commented(id)
	case "leap":
		s.leap(step.by)
		return
	case "restart":
		s.stop()
		s.leap(step.by)
		s.stop = s.start()
		s.yearAhead = s.yearAhead || step.by >= year
		return
	default:
		s.wall.mu.Lock()
		defer s.wall.mu.Unlock()
		s.wall.fails = append(s.wall.fails, noAnswer(step.what == "unheard"))
		return
	}
	s.ids = append(s.ids, id)
	s.stale[id] = time.Duration(s.off.Load()) > 47*time.Hour
}

// faults are where the promises are broken.
func (s *clockStory) faults() (faults []string) {
	s.wall.mu.Lock()
	defer s.wall.mu.Unlock()
	for i, id := range s.ids {
		fault := func(text string, of ...any) { faults = append(faults, "event "+id+": "+fmt.Sprintf(text, of...)) }
		record, err := s.store.Record(s.t.Context(), int64(i+1))
		deliveries, err2 := s.store.Deliveries(s.t.Context(), int64(i+1))
		said := s.wall.said[id]
		if s.yearAhead && errors.Is(err, ledger.ErrNoEntry) && (said == 1 || s.wall.faulted[id]) {
			continue
		}
		if err != nil || err2 != nil {
			fault("%v, %v", err, err2)
			continue
		}
		switch {
		case said > 1:
			fault("answered %d times", said)
		case record.Verdict == ledger.VerdictSkipped && record.Because == rules.BecauseStale && s.stale[id] && said == 0:
		case len(deliveries) != 1:
			fault("%s because %q, with %d deliveries", record.Verdict, record.Because, len(deliveries))
		case deliveries[0].State == ledger.Unknown && s.wall.faulted[id]:
		case deliveries[0].State != ledger.Posted || said != 1:
			fault("said %d times, and %s: %+v", said, deliveries[0].State, deliveries[0].Fate)
		}
	}
	return faults
}
