package reply

import "time"

// SetBack says that the clock was set back by about that much and shows now. What lies in the future by that happened
// now at the latest, and what was promised, or is held back until then, comes that much earlier, and not before now: no
// account stands still for as long as the clock was wrong.
func (p *Pace) SetBack(now time.Time, by time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	sooner := func(at *time.Time) {
		if at.After(now) {
			*at = latest(at.Add(-by), now)
		}
	}
	happened := func(at *time.Time) {
		if at.After(now) {
			*at = now
		}
	}
	for _, r := range p.accounts {
		for _, q := range r.quotas {
			q.setBack(happened, sooner)
		}
		for who, at := range r.turns.waiting {
			sooner(&at)
			r.turns.waiting[who] = at
		}
		sooner(&r.turns.tail)
		happened(&r.turns.last)
		happened(&r.usage.told)
		happened(&r.renewed)
		for _, b := range r.breakers {
			b.setBack(happened, sooner)
		}
	}
}

func (q *quota) setBack(happened, sooner func(*time.Time)) {
	for i := range q.sent {
		happened(&q.sent[i])
	}
	for i := range q.promised {
		sooner(&q.promised[i])
	}
	for delivery, at := range q.waiting {
		sooner(&at)
		q.waiting[delivery] = at
	}
}

func (b *breaker) setBack(happened, sooner func(*time.Time)) {
	happened(&b.stop.Since)
	sooner(&b.stop.Until)
	happened(&b.tried)
	happened(&b.ended)
}
