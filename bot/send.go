package bot

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// send asks Meta for a delivery that stands in sending, in its seat. That its fate could not be entered is all that can go wrong
// here that the ledger doesn't know.
func (b *Bot) send(ctx context.Context, d ledger.Delivery, s *seat) {
	account, _ := b.account(d.Account)
	b.owe(ctx, b.sender.Send(ctx, account.Account, d), s)
}

// sendLater posts a delivery that had to wait and leaves its place, unless its rule wouldn't say it any more. A person
// who approved it knew what is to be said, so the rule is not asked again; that it may have grown too old is for the
// sender to see. A panic is that delivery's: the worker lives on.
func (b *Bot) sendLater(ctx context.Context, d ledger.Delivery, leave func()) {
	s := take(leave)
	defer s.leave()
	defer func() {
		if p := recover(); p != nil {
			b.Log.WithField("delivery", d.ID).Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if !d.Approved {
		if why := b.standing.objection(b.Rules(), &d); why != "" {
			b.owe(ctx, b.sender.Cancel(ctx, d, rules.BecauseDisabled, why), s)
			return
		}
	}
	b.send(ctx, d, s)
}

// standing knows the rules of the active set by their names. It is made anew when another set is active.
type standing struct {
	mu     sync.Mutex
	set    *rules.Set
	byName map[string]rules.Rule
}

// objection says, for people, why a rule doesn't stand any more for what it planned before; "" if it does.
func (s *standing) objection(active *rules.Set, d *ledger.Delivery) string {
	rule, ok := s.rule(active, d.Rule)
	switch {
	case !ok:
		return "its rule is not there any more"
	case !rule.Enabled:
		return "its rule was disabled while it waited"
	case rule.Mode == rules.Shadow:
		return "its rule went into mode shadow while it waited"
	case rule.Mode == rules.Approve && d.Action != rules.ActionNotify: // that waits for nobody
		// Whoever made it so wants to read each reply before it is said. This one nobody was asked about, and it can't
		// wait for a person now: what it was decided by is past.
		return "its rule went into mode approve while it waited, and nobody has approved it"
	default:
		return ""
	}
}

func (s *standing) rule(active *rules.Set, name string) (rules.Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set != active {
		s.set, s.byName = active, map[string]rules.Rule{}
		for _, rule := range active.Rules() {
			s.byName[rule.Name] = rule
		}
	}
	rule, ok := s.byName[name]
	return rule, ok
}
