package reply

import "time"

// first has one reply go alone, and the others wait until it is answered. A start doesn't know for what its queue
// waited: if Meta blocks what the account says, or its token is dead, one refusal tells as much as sixteen, and a program
// that is started over and over shouldn't look like one that hammers.
type first struct {
	alone bool
	went  time.Time
}

// Careful has the account's next reply go alone.
func (p *Pace) Careful(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		r.first = first{alone: true}
	}
}

// until is when another reply may go; the zero time for now.
func (f *first) until(of Call, now time.Time) time.Time {
	if of != Writes || !f.alone || now.Sub(f.went) >= tryEvery {
		return time.Time{}
	}
	return f.went.Add(tryEvery)
}

// let notes that a call is let through.
func (f *first) let(of Call, now time.Time) {
	if of == Writes && f.alone {
		f.went = now
	}
}

// answered takes that a call was answered, be it badly. It reports whether others waited for that.
func (f *first) answered(of Call) bool {
	if of != Writes || !f.alone {
		return false
	}
	f.alone = false
	return true
}
