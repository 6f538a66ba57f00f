package bot

import (
	"fmt"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/sirupsen/logrus"
)

const (
	// skewFrom is from what difference to Meta's clock on an operator is told: max_age and cool-downs are of minutes.
	skewFrom = time.Minute
	// skewTooFar is from what difference on nothing is removed, or ends, for its age by our clock alone.
	skewTooFar = time.Hour
)

// skew is by how much our clock runs ahead of Meta's, by the dates of its answers; below zero it runs behind. One answer
// tells nothing: the clock may have leapt while it came.
type skew struct {
	mu        sync.Mutex
	ahead     time.Duration // by the last two answers, the lesser of both
	last      time.Duration
	told      bool
	confirmed bool // there were two
	sinceLeap int  // answers
}

// measure takes by how much an answer showed our clock to be ahead. It reports whether the clock has begun to be wrong,
// or right again.
func (s *skew) measure(now time.Duration) (ahead time.Duration, news bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.confirmed {
		s.ahead = nearer(s.last, now)
	}
	s.last, s.confirmed = now, true
	s.sinceLeap++
	off := s.ahead.Abs() > skewFrom
	news, s.told = off != s.told, off
	return s.ahead, news
}

// now is what the last answers told.
func (s *skew) now() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ahead
}

// leapt says that the clock leapt, or may have: what was known of it doesn't bear out what it shows now.
func (s *skew) leapt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sinceLeap = 0
}

// known reports whether the answers since the last leap tell what the clock is worth.
func (s *skew) known() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sinceLeap >= 2
}

// nearer is the one nearer to zero of two differences; zero if they disagree.
func nearer(a, b time.Duration) time.Duration {
	switch {
	case a > 0 && b > 0:
		return min(a, b)
	case a < 0 && b < 0:
		return max(a, b)
	default:
		return 0
	}
}

// compareClocks looks whether our clock agrees with Meta's.
func (b *Bot) compareClocks(call instagram.Call, now time.Time) {
	shown, told := call.ClockAhead(now)
	if !told {
		return
	}
	ahead, news := b.skew.measure(shown)
	switch log := b.Log.WithFields(logrus.Fields{"ahead": ahead.Round(time.Second).String()}); {
	case news && ahead.Abs() > skewFrom:
		log.Warn("this machine's clock doesn't agree with Meta's: max_age and all that goes by the time is judged wrongly; set it")
	case news:
		log.Info("this machine's clock agrees with Meta's again")
	}
}

// ClockAhead is by how much this machine's clock runs ahead of Meta's, below zero if it runs behind; zero while they
// agree to the second, or nothing is known.
func (b *Bot) ClockAhead() time.Duration { return b.skew.now() }

// clockNotes are for an operator who asks how the bot is.
func (b *Bot) clockNotes() (notes []string) {
	if b.clock.unset.Load() {
		notes = append(notes, "the clock is surely wrong: what comes in is stored, and nothing is decided or said until it is set")
	}
	switch ahead := b.skew.now(); {
	case ahead > skewFrom:
		notes = append(notes, fmt.Sprintf("this machine's clock is %s ahead of Meta's; set it", ahead.Round(time.Second)))
	case ahead < -skewFrom:
		notes = append(notes, fmt.Sprintf("this machine's clock is %s behind Meta's; set it", (-ahead).Round(time.Second)))
	}
	return notes
}
