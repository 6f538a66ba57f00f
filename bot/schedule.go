package bot

import (
	"slices"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// mayAct reports whether something of what the candidates want for an event may be asked of Meta without more ado.
func (b *Bot) mayAct(event *rules.Event, candidates []rules.Candidate) bool {
	now, live := b.Now(), event.Kind == platform.LiveComment
	may := func(action string) bool {
		return action != rules.ActionNotify && !b.pace.Next(event.Account.ID, reply.CallOf(action, live), now).After(now)
	}
	return slices.ContainsFunc(candidates, func(c rules.Candidate) bool {
		return c.Mode == rules.Live && (len(c.Variants) > 0 && may(rules.ActionReply) ||
			slices.ContainsFunc(c.Actions, func(a rules.Action) bool { return may(a.Action) }))
	})
}

// schedule puts off what its account may not do yet, and has one of the plans sent at once if there is a place for it. The
// others, and what notifies people, wait for the dispatcher.
func (b *Bot) schedule(plans []ledger.Plan, place bool, now time.Time) {
	for i := range plans {
		plan := &plans[i]
		if plan.Action == rules.ActionNotify || plan.Due.After(now) {
			continue // one that its rule has wait is held back, if need be, when its time has come
		}
		if next := b.pace.Next(plan.Account, reply.CallOf(plan.Action, plan.Live), now); next.After(now) {
			plan.Due, plan.PutOff = next.Add(time.Millisecond), reply.PutOff // as in reply.Send, to keep the order
			continue
		}
		plan.Now = place && !plan.Approve
		place = place && !plan.Now
	}
}
