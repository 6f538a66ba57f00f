package doctor

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// Calls remembers what the answers to Graph calls told beside what was asked: Meta's clock, and how much of its limits is
// used up. It is safe for concurrent use.
type Calls struct {
	now  func() time.Time
	mu   sync.Mutex
	made []call
}

type call struct {
	instagram.Call
	ended time.Time
}

// NewCalls makes an empty memory.
func NewCalls(now func() time.Time) *Calls { return &Calls{now: now} }

// Add remembers a call; it is for [instagram.Options].Observe.
func (c *Calls) Add(made instagram.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.made = append(c.made, call{made, c.now()})
}

func (c *Calls) all() []call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.made)
}

const (
	// clockOff is from what difference on max_age and cool-downs are judged wrongly.
	clockOff = time.Minute
	// clockWrong is from what difference on next to nothing is judged rightly.
	clockWrong = time.Hour
)

// clock compares ours with Meta's by the answers' dates, which are in whole seconds.
func (e *examination) clock() Link {
	l := notLooked(LinkClock, "", LinkGraph)
	var ahead time.Duration
	for _, c := range e.Calls.all() {
		now, told := c.ClockAhead(c.ended)
		if !told {
			continue
		}
		// The nearest is believed: an answer may have waited on its way.
		if l.State == Unknown || now.Abs() < ahead.Abs() {
			ahead = now
		}
		l.State = OK
	}
	if l.State == Unknown {
		return l
	}
	l.Seen = "this machine's clock agrees with Meta's"
	if off := ahead.Abs(); off > clockOff {
		l.State, l.Do = Warning, "set this machine's clock (NTP)"
		if off > clockWrong {
			l.State = Broken
		}
		where := "ahead of"
		if ahead < 0 {
			where = "behind"
		}
		l.Seen = fmt.Sprintf("this machine's clock is %s %s Meta's", off.Round(time.Second), where)
	}
	return l
}

const (
	muchUsed = 75  // percent; from here on the daemon spaces its calls out
	allUsed  = 100 // percent
)

// usage is how much of Meta's limits on the account's calls is used up.
func (p *patient) usage() Link {
	if p.blame == LinkGraph {
		return notLooked(LinkUsage, p.Username, p.blame)
	}
	l := p.link(LinkUsage)
	var worst instagram.Usage
	for _, c := range p.Calls.all() {
		if c.Account == p.ID && c.Usage.Worst() >= worst.Worst() {
			worst = c.Usage
		}
	}
	used := worst.Worst()
	l.Seen = fmt.Sprintf("%.0f %% of Meta's limit on calls are used", used)
	wait := "it passes by itself, within a day; fewer rules that read media, or limits.replies_per_hour, keep it away"
	switch {
	case p.blame == LinkUsage:
		l.State, l.Seen, l.Do = Broken, p.refused.Error(), wait
	case used >= allUsed:
		l.State, l.Do = Broken, wait
	case used >= muchUsed:
		l.State, l.Do = Warning, wait
	case used == 0:
		l.Seen = "Meta tells of no limit on calls that is near"
	}
	return l
}
