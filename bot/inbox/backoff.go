package inbox

import (
	"math"
	"math/rand/v2"
	"time"
)

// Backoff is a schedule of retries: each wait is Factor times the one before, up to Cap.
type Backoff struct {
	First  time.Duration // after the first attempt
	Factor float64       // at least 1
	Cap    time.Duration // no wait is longer
	// Jitter is the part of a wait, from 0 to 1, that may be taken off by chance, so that what failed together isn't
	// tried again together.
	Jitter float64
}

// Retries is the schedule for events that could not be judged: from 2 seconds, doubling, to 5 minutes.
func Retries() Backoff {
	return Backoff{First: 2 * time.Second, Factor: 2, Cap: 5 * time.Minute, Jitter: 0.2}
}

// Next is how long to wait after the given attempt, counted from 1. The same attempt and seed give the same wait;
// events take a seed of their own, such as their number.
func (b Backoff) Next(attempt int, seed uint64) time.Duration {
	attempt = max(attempt, 1)
	wait := float64(b.First) * math.Pow(b.Factor, float64(attempt-1))
	wait = min(wait, float64(b.Cap))
	chance := rand.New(rand.NewPCG(seed, uint64(attempt))).Float64()
	return time.Duration(wait * (1 - b.Jitter*chance))
}
