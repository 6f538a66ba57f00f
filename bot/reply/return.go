package reply

import (
	"slices"
	"time"
)

// Return gives back the place that a call of the account's took at that time: it was not made after all.
func (p *Pace) Return(account string, of Call, took time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return
	}
	if q := r.quotas[of]; q != nil {
		if i := slices.IndexFunc(q.sent, took.Equal); i >= 0 {
			q.sent = slices.Delete(q.sent, i, i+1)
		}
	}
	if r.first.alone && r.first.went.Equal(took) {
		r.first.went = time.Time{}
	}
}

// HeldBeside reports whether such calls are held back by a trouble, whoever's turn it is, that leaves be the call which has its
// turn. A trouble of both has let that one through to try whether it is over, with all that belongs to it.
func (p *Pace) HeldBeside(account string, turn, of Call, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return false
	}
	for _, b := range r.breakers {
		if !b.of.covers(turn) && b.until(of, now).After(now) {
			return true
		}
	}
	return false
}
