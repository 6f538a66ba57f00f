package reply

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// hour is the window of a cap.
const hour = time.Hour

// Pace says when an account may speak: at most so many replies in any 60 minutes, and not at all while Meta has it
// wait. What is over waits; nothing is dropped. It is kept in memory: a start seeds it with what the ledger knows.
type Pace struct {
	mu       sync.Mutex
	accounts map[string]*rate
}

type rate struct {
	perHour int
	sent    []time.Time         // of the last hour, in order
	waiting map[int64]time.Time // the places promised to deliveries
	blocked time.Time
}

// NewPace makes a pace without accounts.
func NewPace() *Pace { return &Pace{accounts: map[string]*rate{}} }

// Add makes an account known: its cap (0: none), and when it has spoken in the last hour, in order.
func (p *Pace) Add(account string, perHour int, sent []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accounts[account] = &rate{perHour: perHour, sent: slices.Clone(sent), waiting: map[int64]time.Time{}}
}

// Block has an account wait until the given time; a shorter block doesn't end a longer one.
func (p *Pace) Block(account string, until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil && until.After(r.blocked) {
		r.blocked = until
	}
}

// Unblock ends an account's wait.
func (p *Pace) Unblock(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		r.blocked = time.Time{}
	}
}

// Blocked tells until when an account waits; the zero time if it doesn't.
func (p *Pace) Blocked(account string, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil && r.blocked.After(now) {
		return r.blocked
	}
	return time.Time{}
}

// Next is the earliest time at which a reply could be sent, now or later, without taking a place for it.
func (p *Pace) Next(account string, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	switch {
	case r == nil:
		return now
	case r.blocked.After(now):
		return r.blocked
	}
	if at := r.next(now); at.After(now) {
		return at
	}
	return now
}

// Reserve takes a place for a delivery: the time at which it may be sent, now or later. A delivery that was told to
// wait keeps its place, so that those behind it don't overtake it.
func (p *Pace) Reserve(account string, delivery int64, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if r.blocked.After(now) {
		return r.blocked
	}
	if r.perHour == 0 {
		return now
	}
	if at := r.waiting[delivery]; at.After(now) {
		return at
	}
	// Its promised time has come, or it had none. What was sent since may have come later than promised, so the cap
	// is looked at again.
	_, promised := r.waiting[delivery]
	delete(r.waiting, delivery)
	at := r.next(now)
	if promised && r.sentSince(now) < r.perHour {
		at = now
	}
	if at.After(now) {
		r.waiting[delivery] = at
	} else {
		r.sent = append(r.sent, now)
	}
	return at
}

// Forget gives up the place that was promised to a delivery, if there is one: it won't be sent.
func (p *Pace) Forget(account string, delivery int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		delete(r.waiting, delivery)
	}
}

// sentSince counts the replies of the last hour.
func (r *rate) sentSince(now time.Time) int {
	old := 0
	for old < len(r.sent) && !r.sent[old].After(now.Add(-hour)) {
		old++
	}
	r.sent = r.sent[old:]
	return len(r.sent)
}

// next is the earliest time at which one more reply keeps the cap, behind those that were promised a place: an hour
// after the one that is the cap's number of places back.
func (r *rate) next(now time.Time) time.Time {
	if r.perHour == 0 || r.sentSince(now)+len(r.waiting) < r.perHour {
		return now
	}
	taken := slices.AppendSeq(slices.Clone(r.sent), maps.Values(r.waiting))
	slices.SortFunc(taken, time.Time.Compare)
	return taken[len(taken)-r.perHour].Add(hour)
}
