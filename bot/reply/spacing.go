package reply

import (
	"math"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

const (
	// slowFrom is the usage, in percent of Meta's limit, from which on calls are spaced out.
	slowFrom = 75
	// firstSpacing and longestSpacing are what lies between two calls there, and just below the limit.
	firstSpacing   = time.Second
	longestSpacing = 2 * time.Minute
)

// Spacing is how long an account leaves between two calls when so much of Meta's limit is used up, in percent: nothing
// up to 75, from there more and more, a second at first and two minutes at 100. It never falls as usage grows.
func Spacing(percent float64) time.Duration {
	if percent < slowFrom || math.IsNaN(percent) {
		return 0
	}
	part := min((percent-slowFrom)/(100-slowFrom), 1)
	grown := float64(firstSpacing) * math.Pow(float64(longestSpacing)/float64(firstSpacing), part)
	return min(time.Duration(grown).Round(time.Millisecond), longestSpacing)
}

// full reports whether Meta says that it serves no more for now.
func full(u instagram.Usage) bool { return u.Worst() >= 100 || u.Regain > 0 }

// gauge is an account's usage as its last answers told it. They come from different limits, and not every answer tells
// of each: a lower figure counts only when no higher one has been told for a while.
type gauge struct {
	percent float64
	told    time.Time
}

// read takes a figure, and gives the spacing that holds from now on.
func (g *gauge) read(percent float64, now time.Time) time.Duration {
	patience := max(time.Minute, 3*Spacing(g.percent))
	if percent >= g.percent || now.Sub(g.told) >= patience {
		g.percent, g.told = percent, now
	}
	return Spacing(g.percent)
}
