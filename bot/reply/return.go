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

// Held reports whether the account may not make such calls at all for now, whoever's turn it is.
func (p *Pace) Held(account string, of Call, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	return r != nil && r.stopped(of, now).After(now)
}
