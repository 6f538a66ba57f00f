package webhook

import (
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// How often the same thing is said.
const (
	sometimes = time.Minute
	once      = time.Duration(1<<63 - 1)
)

// mostCries is how many things are remembered; then the memory starts anew, which costs a few lines too many.
const mostCries = 256

// crier keeps the log readable while somebody knocks at the door a thousand times a second.
type crier struct {
	log logrus.FieldLogger
	now func() time.Time

	mu   sync.Mutex
	last map[string]*cry
}

type cry struct {
	at     time.Time
	hushed int
}

func newCrier(log logrus.FieldLogger, now func() time.Time) *crier {
	return &crier{log: log, now: now, last: map[string]*cry{}}
}

// due reports whether it is time to say a thing again, and gives the log to say it in, which tells how often it was
// hushed since.
func (c *crier) due(what string, every time.Duration) (logrus.FieldLogger, bool) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	last := c.last[what]
	if last != nil && now.Sub(last.at) < every {
		last.hushed++
		return nil, false
	}
	if last == nil {
		if len(c.last) >= mostCries {
			clear(c.last)
		}
		last = &cry{}
		c.last[what] = last
	}
	log := c.log
	if last.hushed > 0 {
		log = log.WithField("hushed", last.hushed)
	}
	last.at, last.hushed = now, 0
	return log, true
}
