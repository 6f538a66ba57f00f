package reply

import (
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// hour is the window of a cap.
const hour = time.Hour

// Pace says when an account may call, to read or to speak: at most so many replies in any 60 minutes, the more slowly
// the nearer Meta's limits are, and not at all while it is stopped. What is over waits; nothing is dropped. Each account
// goes its own pace. It is kept in memory: a start seeds it with what the ledger knows, and what else it has forgotten
// the first answers tell again.
type Pace struct {
	mu       sync.Mutex
	accounts map[string]*rate
	watch    func(Change)
}

type rate struct {
	perHour int
	sent    []time.Time         // of the last hour, in order
	waiting map[int64]time.Time // the places promised to deliveries
	// promised are the times in waiting, in order.
	promised []time.Time
	usage    gauge
	turns    turns
	// breakers are those of the troubles that the account has met.
	breakers map[instagram.Trouble]*breaker
	refused  map[Call]int // refusals for lack of a permission, in a row
	missing  map[Call]missing
	first    first
	renewed  time.Time // when its token was last changed
}

// NewPace makes a pace without accounts.
func NewPace() *Pace { return &Pace{accounts: map[string]*rate{}} }

// Add makes an account known: its cap (0: none), and when it has spoken in the last hour, in order.
func (p *Pace) Add(account string, perHour int, sent []time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accounts[account] = &rate{
		perHour: perHour, sent: slices.Clone(sent), waiting: map[int64]time.Time{},
		turns:    turns{waiting: map[turn]time.Time{}},
		breakers: map[instagram.Trouble]*breaker{}, refused: map[Call]int{}, missing: map[Call]missing{},
	}
}

// Next is the earliest time at which a reply could be sent, now or later, without taking a place for it.
func (p *Pace) Next(account string, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if until := r.stopped(Writes, now); until.After(now) {
		return until
	}
	return latest(r.next(now), r.turns.next(now))
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

// Reserve takes a place for a delivery: the time at which it may be sent, now or later. A delivery that was told to
// wait keeps its place, so that those behind it don't overtake it.
func (p *Pace) Reserve(account string, delivery int64, now time.Time) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return now
	}
	if until := r.stopped(Writes, now); until.After(now) {
		return until
	}
	at := r.turns.of(turn{Writes, delivery}, now)
	if !at.After(now) {
		at = r.place(delivery, now)
	}
	if !at.After(now) {
		r.let(turn{Writes, delivery}, now)
	}
	return at
}

// place takes a delivery's place under the cap.
func (r *rate) place(delivery int64, now time.Time) time.Time {
	if r.perHour == 0 {
		return now
	}
	if at := r.waiting[delivery]; at.After(now) {
		return at
	}
	// Its promised time has come, or it had none. What was sent since may have come later than promised, so the cap
	// is looked at again.
	_, promised := r.waiting[delivery]
	r.giveUp(delivery)
	r.lapse(now)
	at := r.next(now)
	if promised && r.sentSince(now) < r.perHour {
		at = now
	}
	switch {
	case !at.After(now):
		r.sent = append(r.sent, now)
	case at.Sub(now) > farthest:
		// Unpromised it comes back no later than who is promised a place behind it, so that the order is kept.
		return now.Add(farthest)
	default:
		r.promise(delivery, at)
	}
	return at
}

// Forget gives up the place that was promised to a delivery, if there is one: it won't be sent.
func (p *Pace) Forget(account string, delivery int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		r.giveUp(delivery)
		delete(r.turns.waiting, turn{Writes, delivery})
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

// lapse gives up places that were promised for more than an hour ago. They count for no cap any more, and who never came
// for one has ended in some other way.
func (r *rate) lapse(now time.Time) {
	over := now.Add(-hour)
	if len(r.promised) == 0 || r.promised[0].After(over) {
		return
	}
	maps.DeleteFunc(r.waiting, func(_ int64, at time.Time) bool { return !at.After(over) })
	r.promised = slices.DeleteFunc(r.promised, func(at time.Time) bool { return !at.After(over) })
}

func (r *rate) promise(delivery int64, at time.Time) {
	r.waiting[delivery] = at
	i, _ := slices.BinarySearchFunc(r.promised, at, time.Time.Compare)
	r.promised = slices.Insert(r.promised, i, at)
}

func (r *rate) giveUp(delivery int64) {
	at, ok := r.waiting[delivery]
	if !ok {
		return
	}
	delete(r.waiting, delivery)
	i, _ := slices.BinarySearchFunc(r.promised, at, time.Time.Compare)
	r.promised = slices.Delete(r.promised, i, i+1)
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
	// The cap's number of places back in both, which are in order.
	sent, promised := r.sent, r.promised
	for range r.perHour - 1 {
		if len(promised) == 0 || len(sent) > 0 && sent[len(sent)-1].After(promised[len(promised)-1]) {
			sent = sent[:len(sent)-1]
		} else {
			promised = promised[:len(promised)-1]
		}
	}
	switch {
	case len(promised) == 0:
		return sent[len(sent)-1].Add(hour)
	case len(sent) == 0:
		return promised[len(promised)-1].Add(hour)
	}
	return latest(sent[len(sent)-1], promised[len(promised)-1]).Add(hour)
}
