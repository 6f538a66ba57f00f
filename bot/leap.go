package bot

import (
	"time"

	"github.com/answerback/answerback/bot/inbox"
)

// leapDoubted is for how long a leap ahead is doubted of which Meta's dates tell nothing: a person needs so long to see it.
const leapDoubted = 24 * time.Hour

// leaptAhead says that the clock shows a time that may be wrong. It is the dispatcher's, or of the time before it.
func (b *Bot) leaptAhead(now time.Time) {
	b.clock.leapt = now
	b.skew.leapt()
}

// mayExpire reports whether the clock is to be trusted with ending what waits for a person: not after a leap ahead that
// Meta's dates contradict, or don't bear out yet. It is the dispatcher's, or of the time before it.
func (b *Bot) mayExpire() bool {
	if b.skew.now() > skewTooFar {
		return false
	}
	if b.clock.leapt.IsZero() {
		return true
	}
	if !b.skew.known() && !elapsed(b.clock.leapt, b.Now(), leapDoubted) {
		return false
	}
	b.clock.leapt = time.Time{}
	return true
}

// stale reports whether a notification is a replay. By how much our clock is known to be ahead doesn't count: what comes
// in fresh is no replay for that.
func (b *Bot) stale(item *inbox.Item) bool {
	if item.Notified.IsZero() {
		return false
	}
	age := item.Received.Sub(item.Notified)
	if age <= staleAfter {
		return false
	}
	ahead := b.skew.now()
	if ahead <= skewTooFar || age-ahead > staleAfter {
		return true
	}
	b.log(item).WithField("ahead", ahead.Round(time.Second).String()).
		Info("the event is old by this machine's clock alone, which is ahead of Meta's: it is no replay")
	return false
}
