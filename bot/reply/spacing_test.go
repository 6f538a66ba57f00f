package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
	"pgregory.net/rapid"
)

func TestSpacing(t *testing.T) {
	for percent, want := range map[float64]time.Duration{
		-1: 0, 0: 0, 74.9: 0, 75: time.Second, 80: 2605 * time.Millisecond, 90: 17681 * time.Millisecond,
		95: 46062 * time.Millisecond, 100: 2 * time.Minute, 250: 2 * time.Minute,
	} {
		if got := reply.Spacing(percent); got != want {
			t.Errorf("at %v %%: %v, want %v", percent, got, want)
		}
	}
}

func TestSpacingNeverFallsAsUsageGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		less, more := rapid.Float64().Draw(t, "less"), rapid.Float64().Draw(t, "more")
		if less > more {
			less, more = more, less
		}
		if a, b := reply.Spacing(less), reply.Spacing(more); a > b || b > 2*time.Minute || a < 0 {
			t.Fatalf("%v at %v, %v at %v", a, less, b, more)
		}
	})
}

// spaced is a pace that was told so much usage, at noon.
func spaced(percent float64) *reply.Pace {
	p := reply.NewPace()
	p.Add("1", 0, nil)
	p.Told("1", instagram.Usage{Calls: percent}, true, noon, noon)
	return p
}

func TestReadsAndWritesShareTheSpacing(t *testing.T) {
	p, gap := spaced(95), reply.Spacing(95)
	if at := p.Read("1", 7, noon); !at.Equal(noon) {
		t.Errorf("the first read: %v, want now", at)
	}
	if at, want := p.Reserve("1", reply.Writes, 7, noon), noon.Add(gap); !at.Equal(want) {
		t.Errorf("the write after it: %v, want %v", at, want)
	}
	if at, want := p.Read("1", 8, noon), noon.Add(2*gap); !at.Equal(want) {
		t.Errorf("the next read: %v, want %v", at, want)
	}
	if at := p.Reserve("1", reply.Writes, 7, noon.Add(gap)); !at.Equal(noon.Add(gap)) {
		t.Errorf("the write at its time: %v", at)
	}
}

// A limit that one answer doesn't tell of isn't over.
func TestALowerFigureCountsOnlyAfterAWhile(t *testing.T) {
	p := spaced(95)
	p.Told("1", instagram.Usage{Calls: 10}, true, noon, noon.Add(time.Minute))
	if p.Usage("1") != 95 {
		t.Errorf("usage is %v after a minute", p.Usage("1"))
	}
	p.Told("1", instagram.Usage{}, false, noon, noon.Add(time.Hour))
	if p.Usage("1") != 95 {
		t.Errorf("usage is %v after an error without figures", p.Usage("1"))
	}
	p.Told("1", instagram.Usage{}, true, noon, noon.Add(time.Hour))
	if p.Usage("1") != 0 || !p.Next("1", reply.Writes, noon.Add(time.Hour)).Equal(noon.Add(time.Hour)) {
		t.Errorf("usage is %v when Meta tells none any more", p.Usage("1"))
	}
}
