package reply

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// Change is something that a person, or who keeps the queue, should know of an account's pace.
type Change struct {
	Account string
	Kind    ChangeKind
	// Stop is what it is about; empty for Eased.
	Stop Stop
}

// ChangeKind is what changed.
type ChangeKind string

// The changes.
const (
	Stopped ChangeKind = "stopped" // the account stands still from now on
	Again   ChangeKind = "again"   // it was tried whether it goes again, and it doesn't
	Ended   ChangeKind = "ended"   // it goes again: what waited need not wait any more
	Eased   ChangeKind = "eased"   // calls may follow each other much faster: likewise
	// Suspected is that the account goes on, though a permission seems to lack: see [Pace.Missing].
	Suspected ChangeKind = "suspected"
)

// Watch has changes told, from now on, in the goroutine that brings them about.
func (p *Pace) Watch(tell func(Change)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.watch = tell
}

// tell must be called without the lock.
func (p *Pace) tell(changes []Change) {
	p.mu.Lock()
	watch := p.watch
	p.mu.Unlock()
	if watch == nil {
		return
	}
	for _, c := range changes {
		watch(c)
	}
}

// mostRefused is how many refusals in a row for lack of a permission stop an account: one may be about one thing alone.
const mostRefused = 5

// Answered takes what came of a call that began at the given time: nil, or the Graph client's error. An error that is
// about the account stops it; a call that was served ends a stop.
func (p *Pace) Answered(account string, of Call, err error, began, now time.Time) {
	p.tell(p.answered(account, of, err, began, now))
}

func (p *Pace) answered(account string, of Call, err error, began, now time.Time) []Change {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return nil
	}
	changes := r.answered(account, of.sort(), err, began, now)
	if r.first.answered(of) {
		changes = append(changes, Change{Account: account, Kind: Eased})
	}
	return changes
}

func (r *rate) answered(account string, of Call, err error, began, now time.Time) []Change {
	var e *instagram.Error
	switch {
	case err == nil:
		return r.served(account, of, began, now)
	case !errors.As(err, &e):
		return nil
	case e.Class == instagram.ClassDone:
		return r.served(account, of, began, now)
	}
	trouble := e.Trouble()
	switch {
	case trouble == instagram.TroublePermission:
		if r.refused[of]++; r.refused[of] < mostRefused {
			return nil
		}
	case trouble == instagram.TroubleToken && began.Before(r.renewed):
		return nil // said of the former token
	case trouble == "" && (e.Class == instagram.ClassRetry || e.Class == instagram.ClassUnknown):
		return nil // tells nothing of the account
	case trouble == "" && e.MayLackPermission():
		return append(r.understood(account, of, began, now), r.miss(account, of, e)...)
	case trouble == "":
		return r.understood(account, of, began, now)
	}
	return r.meet(account, scope(e, of), Stop{Trouble: trouble, Reason: e.Error()}, e.RetryAfter, began, now)
}

// served ends the stops that the call was a try of.
func (r *rate) served(account string, of Call, began, now time.Time) (changes []Change) {
	r.refused[of] = 0
	delete(r.missing, of)
	for ground := range r.breakers {
		changes = append(changes, r.went(account, ground, of, began, now)...)
	}
	return changes
}

// understood takes a refusal of what was asked for, and nothing else: the token is good, and no limit is reached. It
// doesn't tell whether more would have been refused besides.
func (r *rate) understood(account string, of Call, began, now time.Time) (changes []Change) {
	for ground := range r.breakers {
		if ground.trouble == instagram.TroubleToken || ground.trouble == instagram.TroubleLimit {
			changes = append(changes, r.went(account, ground, of, began, now)...)
		}
	}
	return changes
}

// went ends a stop if the call was a try of it.
func (r *rate) went(account string, ground ground, of Call, began, now time.Time) []Change {
	b := r.breakers[ground]
	if b == nil {
		return nil
	}
	stop := b.stop
	if !b.went(of, began, now) {
		return nil
	}
	return []Change{{account, Ended, stop}}
}

// meet has the breaker of a trouble, and of what it holds back, take it.
func (r *rate) meet(account string, of Call, met Stop, told time.Duration, began, now time.Time) []Change {
	b := r.breakers[ground{met.Trouble, of}]
	if b == nil {
		b = &breaker{of: of}
		r.breakers[ground{met.Trouble, of}] = b
	}
	again := b.stopped()
	if !b.met(met, told, began, now) {
		return nil
	}
	if again {
		return []Change{{account, Again, b.stop}}
	}
	return []Change{{account, Stopped, b.stop}}
}

// scope is what an error that a call met holds back. Who is blocked for what it says, in public or not, may still read
// and hide, unless it is a read that is blocked; a permission may lack for one sort of calls alone, and messages have
// limits and bans of their own; the rest concerns every call.
func scope(e *instagram.Error, of Call) Call {
	switch trouble := e.Trouble(); {
	case trouble == instagram.TroublePermission:
		return of
	case trouble == instagram.TroubleBlocked || trouble == instagram.TroubleSpam:
		switch of {
		case Hides:
			return Hides
		case Reads:
			return ""
		}
		return speech
	case e.OfMessages():
		return Messages
	default:
		return ""
	}
}

// Told takes what an answer's headers told of Meta's limits, and whether the call was served: an error without figures
// tells nothing, an answer without them that usage is low.
func (p *Pace) Told(account string, usage instagram.Usage, served bool, began, now time.Time) {
	if usage == (instagram.Usage{}) && !served {
		return
	}
	p.tell(p.told(account, usage, began, now))
}

func (p *Pace) told(account string, usage instagram.Usage, began, now time.Time) (changes []Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return nil
	}
	if r.turns.space(r.usage.read(usage.Worst(), now), now) {
		changes = append(changes, Change{Account: account, Kind: Eased})
	}
	if full(usage) {
		met := Stop{Trouble: instagram.TroubleLimit, Reason: fmt.Sprintf("%.0f %% of Meta's limit are used up", usage.Worst())}
		changes = append(changes, r.meet(account, "", met, usage.Regain, began, now)...)
	}
	return changes
}

// Renewed says that an account has another token or app secret: what the former ones were refused is over.
func (p *Pace) Renewed(account string, now time.Time) {
	p.tell(p.renew(account, now))
}

func (p *Pace) renew(account string, now time.Time) (changes []Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return nil
	}
	r.renewed = now
	clear(r.refused)
	clear(r.missing)
	of := []instagram.Trouble{instagram.TroubleToken, instagram.TroublePermission, instagram.TroubleRestricted}
	for ground, b := range r.breakers {
		if b.stopped() && slices.Contains(of, ground.trouble) {
			changes = append(changes, Change{account, Ended, b.stop})
			b.end(now)
		}
	}
	return changes
}

// Stops are the troubles for which an account stands still, in the order in which they began. Meta's limits end by
// themselves, so that they count only until then; the others until a call was served.
func (p *Pace) Stops(account string, now time.Time) (stops []Stop) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return nil
	}
	for _, b := range r.breakers {
		if b.stopped() && (b.stop.Trouble != instagram.TroubleLimit || b.stop.Until.After(now)) {
			stops = append(stops, b.stop)
		}
	}
	slices.SortFunc(stops, func(a, b Stop) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Trouble, b.Trouble)) })
	return stops
}

// Usage is how much of Meta's limits the account has used up, in percent, as the last answers told it.
func (p *Pace) Usage(account string) float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		return r.usage.percent
	}
	return 0
}
