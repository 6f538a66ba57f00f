package reply

import (
	"errors"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

const (
	// spareUpTo is the usage, in percent of Meta's limit, up to which there is room for calls that can wait.
	spareUpTo = 50
	// usageLasts is for how long a figure tells of now. After that one call that can wait finds the new one out: else an
	// account that nothing happens on would keep the old one for ever.
	usageLasts = time.Hour
	// spares are the calls that can wait. Nothing is held back for their sake.
	spares Call = "spare"
)

// accountWide are the troubles that concern every call, so that one that can wait tells of them too.
func accountWide() []instagram.Trouble {
	return []instagram.Trouble{instagram.TroubleLimit, instagram.TroubleToken, instagram.TroubleRestricted}
}

// Spare reports whether an account has room for a call that can wait: no more than half of Meta's limits and of the
// account's own cap is used up, nobody waits for a turn, and no trouble stops the account. When the pause of a trouble
// that concerns every call is over, such a call may be the one that tries; the others are tried by those that they stop.
func (p *Pace) Spare(account string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return false
	}
	for _, b := range r.breakers {
		if b.stopped() && (b.of != "" || b.until(spares, now).After(now)) {
			return false
		}
	}
	used := r.usage.percent > spareUpTo && now.Sub(r.usage.told) < usageLasts
	replies := r.quotas[Writes]
	capped := replies.most > 0 && 2*(replies.sentSince(now)+len(replies.waiting)) > replies.most
	return !used && !capped && !r.turns.next(now).After(now)
}

// Spend says that such a call is made.
func (p *Pace) Spend(account string, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.accounts[account]; r != nil {
		r.let(turn{of: spares}, now)
	}
}

// Spent takes what came of it, as Answered does. A permission that lacks for it stops nobody: what the account lives by
// may need another one.
func (p *Pace) Spent(account string, err error, began, now time.Time) {
	p.tell(p.spent(account, err, began, now))
}

func (p *Pace) spent(account string, err error, began, now time.Time) (changes []Change) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.accounts[account]
	if r == nil {
		return nil
	}
	var e *instagram.Error
	switch {
	case err == nil:
		for _, trouble := range accountWide() {
			changes = append(changes, r.went(account, ground{trouble: trouble}, spares, began, now)...)
		}
	case !errors.As(err, &e), e.Trouble() == instagram.TroubleToken && began.Before(r.renewed):
	case slices.Contains(accountWide(), e.Trouble()):
		return r.meet(account, "", Stop{Trouble: e.Trouble(), Reason: e.Error()}, e.RetryAfter, began, now)
	case e.Trouble() == "" && e.Class != instagram.ClassRetry && e.Class != instagram.ClassUnknown:
		return r.understood(account, spares, began, now)
	}
	return changes
}
