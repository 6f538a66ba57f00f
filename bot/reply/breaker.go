package reply

import (
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
)

// Call is a sort of calls that Meta may serve while it refuses another one.
type Call string

// The calls.
const (
	Reads    Call = "read"
	Writes   Call = "write"   // public replies
	Messages Call = "message" // private replies
	Hides    Call = "hide"
	// LiveMessages are private replies to live comments. Only their limit is another one: troubles are those of Messages.
	LiveMessages Call = "live message"

	speech Call = "speech" // public and private replies
)

// CallOf is the call by which an action is done, for a live comment or for something else; one that notifies people calls
// nobody of Meta's.
func CallOf(action string, live bool) Call {
	switch {
	case action == rules.ActionPrivateReply && live:
		return LiveMessages
	case action == rules.ActionPrivateReply:
		return Messages
	case action == rules.ActionHide:
		return Hides
	default:
		return Writes
	}
}

// sort is the call as far as troubles go.
func (c Call) sort() Call {
	if c == LiveMessages {
		return Messages
	}
	return c
}

// covers reports whether what holds back c holds back the other; "" is everything.
func (c Call) covers(other Call) bool {
	other = other.sort()
	return c == "" || c == other || c == speech && (other == Writes || other == Messages)
}

// Stop is that an account stands still, and why.
type Stop struct {
	Trouble instagram.Trouble
	Of      Call      // what is held back; "" for everything
	Reason  string    // the answer that brought it about, for people
	Since   time.Time // when it began; a try that failed doesn't begin it anew
	Until   time.Time // when one call tries again
	Times   int       // how often in a row, from 1
}

const (
	// tryEvery is how long one that tries again may take to tell what came of it, before another one does.
	tryEvery = time.Minute
	// lapse is how long after its end a trouble that comes back counts as the next of a row.
	lapse = 24 * time.Hour
)

// pauseAfter is how long an account is left alone after having met a trouble so many times in a row, from 1. told is
// what Meta asked for, 0 if it didn't say. A limit ends by itself, and soon; nobody should knock often with a token that
// is refused, or while the account is watched for abuse. Source: page "Rate limits" (calls while limited make the wait
// longer); the rest is ours.
func pauseAfter(trouble instagram.Trouble, times int, told time.Duration) time.Duration {
	var first, longest time.Duration
	switch trouble {
	case instagram.TroubleLimit:
		if told > 0 {
			return told
		}
		first, longest = 10*time.Second, time.Hour
	case instagram.TroubleBlocked:
		first, longest = 2*time.Hour, 24*time.Hour
	case instagram.TroubleSpam:
		first, longest = 4*time.Hour, 24*time.Hour
	default:
		first, longest = 10*time.Minute, time.Hour
	}
	return max(min(first<<min(times-1, 10), longest), told)
}

// ground is why a breaker stops an account, and what of it: a trouble of one sort of calls isn't another's.
type ground struct {
	trouble instagram.Trouble
	of      Call
}

// breaker keeps an account from calling while one trouble lasts. When the pause is over one call tries; if it goes well
// all may follow, if not there is another pause.
type breaker struct {
	stop  Stop
	of    Call
	tried time.Time // when the last try was let through
	ended time.Time
}

func (b *breaker) stopped() bool { return !b.stop.Since.IsZero() }

// until is when a call may be made, as far as this trouble goes; the zero time for now.
func (b *breaker) until(of Call, now time.Time) time.Time {
	switch {
	case !b.stopped() || !b.of.covers(of):
		return time.Time{}
	case b.stop.Until.After(now):
		return b.stop.Until
	case now.Sub(b.tried) < tryEvery:
		return b.tried.Add(tryEvery)
	default:
		return time.Time{}
	}
}

// let notes that a call was let through: while the account is stopped it is a try.
func (b *breaker) let(of Call, now time.Time) {
	if b.stopped() && b.of.covers(of) {
		b.tried = now
	}
}

// met takes a trouble that a call ran into which began at the given time. It reports whether that is news: what was on
// its way when the account stopped tells nothing new.
func (b *breaker) met(met Stop, told time.Duration, began, now time.Time) bool {
	if b.stopped() && began.Before(b.stop.Until) {
		if told > 0 {
			b.stop.Until = latest(b.stop.Until, now.Add(told))
		}
		return false
	}
	met.Since, met.Times, met.Of = now, 1, b.of
	switch {
	case b.stopped():
		met.Since, met.Times = b.stop.Since, b.stop.Times+1
	case met.Trouble != instagram.TroubleLimit && !b.ended.IsZero() && now.Sub(b.ended) < lapse:
		met.Times = b.stop.Times + 1
	}
	met.Until = now.Add(pauseAfter(met.Trouble, met.Times, told))
	b.stop, b.tried = met, time.Time{}
	return true
}

// went takes that a call which began at the given time was served. It reports whether that ends the stop.
func (b *breaker) went(of Call, began, now time.Time) bool {
	if !b.stopped() || !b.of.covers(of) || began.Before(b.stop.Until) {
		return false
	}
	b.end(now)
	return true
}

func (b *breaker) end(now time.Time) {
	b.stop.Since, b.ended = time.Time{}, now
}
