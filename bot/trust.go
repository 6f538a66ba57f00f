package bot

import (
	"sync"
	"time"
)

const (
	// farAhead is how far the clock may run ahead of what is known without being doubted: a weekend's sleep.
	farAhead = 3 * 24 * time.Hour

	// doubtedRounds is how many rounds of housekeeping a clock that leapt farther goes without removing anything: a day.
	doubtedRounds = 24
)

// trust says when a clock is to be trusted with removing what it says is old. A clock that is wrong by years for a moment
// would have everything removed. So one that has leapt far ahead first has to stay there for as long as a person needs
// to see it.
type trust struct {
	mu   sync.Mutex
	seen time.Time
	wait int // rounds
}

// begin takes when something last happened, zero if nothing ever did, and the time of the start.
func (t *trust) begin(latest, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.seen, t.wait = now, 0
	if !latest.IsZero() && now.Sub(latest) > farAhead {
		t.wait = doubtedRounds + 1
	}
}

// round takes the time of a round, and reports whether something may be removed in it, and whether the clock has just
// begun to be doubted.
func (t *trust) round(now time.Time) (ok, news bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.seen) > farAhead {
		t.wait = doubtedRounds + 1
	}
	t.seen = now
	news = t.wait > doubtedRounds
	t.wait = max(t.wait-1, 0)
	return t.wait == 0, news
}
