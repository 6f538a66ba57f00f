package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
	"pgregory.net/rapid"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func TestPaceMakesWhatIsOverTheCapWait(t *testing.T) {
	p := reply.NewPace()
	p.Add("1", 2, []time.Time{noon.Add(-50 * time.Minute)})
	if at := p.Reserve("1", reply.Writes, 1, noon); !at.Equal(noon) {
		t.Errorf("the second reply of the hour: %v, want now", at)
	}
	if p.Next("1", reply.Writes, noon).Equal(noon) {
		t.Error("free although two were sent within the hour")
	}
	if at, want := p.Reserve("1", reply.Writes, 2, noon), noon.Add(10*time.Minute); !at.Equal(want) {
		t.Errorf("the third: %v, want %v", at, want)
	}
	if at, want := p.Reserve("1", reply.Writes, 3, noon), noon.Add(time.Hour); !at.Equal(want) {
		t.Errorf("the fourth: %v, want %v", at, want)
	}
	if at, want := p.Reserve("1", reply.Writes, 2, noon.Add(5*time.Minute)), noon.Add(10*time.Minute); !at.Equal(want) {
		t.Errorf("the third, asking again too early: %v, want its place at %v", at, want)
	}
	if at, now := p.Reserve("1", reply.Writes, 2, noon.Add(10*time.Minute)), noon.Add(10*time.Minute); !at.Equal(now) {
		t.Errorf("the third at its time: %v, want %v", at, now)
	}
}

func TestPaceKeepsAccountsApart(t *testing.T) {
	p := reply.NewPace()
	p.Add("1", 1, []time.Time{noon})
	p.Add("2", 1, nil)
	if !p.Next("2", reply.Writes, noon).Equal(noon) {
		t.Error("one account's replies delay another's")
	}
	waits := &instagram.Error{Class: instagram.ClassWait, RetryAfter: time.Minute}
	p.Answered("2", reply.Writes, waits, noon, noon)
	if end := noon.Add(time.Minute); !p.Next("2", reply.Writes, noon).Equal(end) || !p.Next("2", reply.Writes, end).Equal(end) {
		t.Error("a stop does not hold until its end")
	}
	waits.RetryAfter = 30 * time.Second
	p.Answered("2", reply.Writes, waits, noon, noon)
	if until := p.Next("2", reply.Writes, noon); !until.Equal(noon.Add(time.Minute)) {
		t.Errorf("a shorter stop ended a longer one: %v", until)
	}
}

func TestPaceWithoutACap(t *testing.T) {
	p := reply.NewPace()
	p.Add("1", 0, nil)
	for i := range int64(1000) {
		if at := p.Reserve("1", reply.Writes, i, noon); !at.Equal(noon) {
			t.Fatalf("reply %d waits until %v", i, at)
		}
	}
}

// Whatever is asked and when, no 60 minutes hold more replies than the cap.
func TestPaceNeverExceedsItsCap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 5).Draw(t, "cap")
		p := reply.NewPace()
		p.Add("1", limit, nil)
		now, due, sent := noon, map[int64]time.Time{}, []time.Time{}
		for id := range int64(rapid.IntRange(1, 40).Draw(t, "deliveries")) {
			due[id] = now
		}
		for range 400 {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "seconds")) * time.Second)
			for id := range int64(len(due) + 40) {
				at, waits := due[id]
				if !waits || at.After(now) {
					continue
				}
				if at = p.Reserve("1", reply.Writes, id, now); at.After(now) {
					due[id] = at
					continue
				}
				delete(due, id)
				sent = append(sent, now)
			}
			if len(due) == 0 {
				break
			}
		}
		for i := limit; i < len(sent); i++ {
			if gap := sent[i].Sub(sent[i-limit]); gap < time.Hour {
				t.Fatalf("replies %d and %d, a cap of %d apart, are only %v apart", i-limit, i, limit, gap)
			}
		}
	})
}
