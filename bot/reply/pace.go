package reply

import (
	"sync"
	"time"
)

// hour is the window of most caps.
const hour = time.Hour

// Pace says when an account may call, to read or to act: at most so many replies in any 60 minutes (to live comments, in
// any second), the more slowly the nearer Meta's limits are, and not at all while it is stopped. What is over waits;
// nothing is dropped. Each account goes its own pace. It is kept in memory: a start seeds it with what the ledger knows,
// and what else it has forgotten the first answers tell again.
type Pace struct {
	mu       sync.Mutex
	accounts map[string]*rate
	watch    func(Change)
}

type rate struct {
	quotas map[Call]*quota // of those calls that are capped
	usage  gauge
	turns  turns
	// breakers are those of the troubles that the account has met.
	breakers map[ground]*breaker
	refused  map[Call]int // refusals for lack of a permission, in a row
	missing  map[Call]missing
	first    first
	renewed  time.Time // when its token was last changed
}

// NewPace makes a pace without accounts.
func NewPace() *Pace { return &Pace{accounts: map[string]*rate{}} }

const (
	// messagesPerHour is how many private replies an account may send, but for those to live comments. Source: page "Rate
	// limits", messaging.
	messagesPerHour = 750
	// liveMessagesPerSecond keeps those below Meta's limit, 100 a second (same page): what leaves us in one second and a bit
	// may reach Meta in one.
	liveMessagesPerSecond = 90
)

// Add makes an account known: the cap on its public replies (0: none), and when it has said some in the last hour, in
// order.
func (p *Pace) Add(account string, perHour int, sent []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accounts[account] = &rate{
		quotas: map[Call]*quota{
			Writes: newQuota(perHour, hour, sent), Messages: newQuota(messagesPerHour, hour, nil),
			LiveMessages: newQuota(liveMessagesPerSecond, time.Second, nil),
		},
		turns:    turns{waiting: map[turn]time.Time{}},
		breakers: map[ground]*breaker{}, refused: map[Call]int{}, missing: map[Call]missing{},
	}
}

// Messaged says when an account that is known has sent private replies in the last hour, and in the last second those to
// live comments, which don't count among the others; both in order.
func (p *Pace) Messaged(account string, sent, live []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		r.quotas[Messages] = newQuota(messagesPerHour, hour, sent)
		r.quotas[LiveMessages] = newQuota(liveMessagesPerSecond, time.Second, live)
	}
}

// Next is the earliest time at which a call that acts could be made, now or later, without taking a place for it.
func (p *Pace) Next(account string, of Call, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if until := r.stopped(of, now); until.After(now) {
		return until
	}
	at := r.turns.next(now)
	if q := r.quotas[of]; q != nil {
		at = latest(at, q.next(now))
	}
	return at
}

// Read takes a turn to read for an event: the time at which it may, now or later. One that was told to wait keeps its
// turn.
func (p *Pace) Read(account string, event int64, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if until := r.stopped(Reads, now); until.After(now) {
		return until
	}
	at := r.turns.of(turn{Reads, event}, now)
	if !at.After(now) {
		r.let(turn{Reads, event}, now)
	}
	return at
}

// Reserve takes a place for a delivery, which makes such a call: the time at which it may, now or later. A delivery that
// was told to wait keeps its place, so that those behind it don't overtake it.
func (p *Pace) Reserve(account string, of Call, delivery int64, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if until := r.stopped(of, now); until.After(now) {
		return until
	}
	at := r.turns.of(turn{of, delivery}, now)
	if q := r.quotas[of]; q != nil && !at.After(now) {
		at = q.place(delivery, now)
	}
	if !at.After(now) {
		r.let(turn{of, delivery}, now)
	}
	return at
}

// Forget gives up the place that was promised to a delivery, if there is one: it won't be sent.
func (p *Pace) Forget(account string, delivery int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		for _, q := range r.quotas {
			q.giveUp(delivery)
		}
		for _, of := range []Call{Writes, Messages, LiveMessages, Hides} {
			delete(r.turns.waiting, turn{of, delivery})
		}
	}
}

// stopped is until when troubles hold a call back; not after now if none does.
func (r *rate) stopped(of Call, now time.Time) time.Time {
	var until time.Time
	for _, b := range r.breakers {
		until = latest(until, b.until(of, now))
	}
	return latest(until, r.first.until(of, now))
}

// let notes that a call is let through.
func (r *rate) let(who turn, now time.Time) {
	r.turns.take(who, now)
	for _, b := range r.breakers {
		b.let(who.of, now)
	}
	r.first.let(who.of, now)
}
