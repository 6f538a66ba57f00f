package bot

import (
	"sync"
	"time"
)

const (
	// farAhead is how far the clock may run ahead of what is known without being doubted: a weekend's sleep.
	farAhead = 3 * 24 * time.Hour

	// calmRounds is how many rounds of housekeeping a clock that leapt farther goes without removing anything: a day.
	calmRounds = 24
)

// calm says when a clock is to be trusted with removing what it says is old. A clock that is wrong by years for a moment
// would have everything removed. So one that has leapt far ahead first has to stay there for as long as a person needs
// to see it.
type calm struct {
	mu   sync.Mutex
	seen time.Time
	wait int // rounds
}

// begin takes when something last happened, zero if nothing ever did, and the time of the start.
func (c *calm) begin(latest, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen, c.wait = now, 0
	if !latest.IsZero() && now.Sub(latest) > farAhead {
		c.wait = calmRounds + 1
	}
}

// round takes the time of a round, and reports whether something may be removed in it, and whether the clock has just
// begun to be doubted.
func (c *calm) round(now time.Time) (ok, news bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.seen) > farAhead {
		c.wait = calmRounds + 1
	}
	c.seen = now
	news = c.wait > calmRounds
	c.wait = max(c.wait-1, 0)
	return c.wait == 0, news
}
