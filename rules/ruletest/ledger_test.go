package ruletest_test

import (
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/ruletest"
)

// brief is a ledger that knows enough for tests: the first rule that isn't a shadow decides, and one whose name begins
// with "once" speaks once to a person.
type brief struct {
	seen  []string
	spoke map[string]bool // by rule and author
}

func newBrief() ruletest.Ledger { return &brief{spoke: map[string]bool{}} }

func (b *brief) History(*rules.Event) (rules.History, error) {
	return rules.History{UserReplies: len(b.spoke)}, nil
}

func (b *brief) Enter(event *rules.Event, decision rules.Decision, now time.Time) (ruletest.Conclusion, error) {
	if slices.Contains(b.seen, event.ID) {
		return ruletest.Conclusion{}, ruletest.ErrAgain
	}
	if event.Text == "panic" {
		panic("the ledger fell over")
	}
	b.seen = append(b.seen, event.ID)
	came := ruletest.Conclusion{Verdict: "no_match", Rules: slices.Clone(decision.Rules)}
	if event.From.Username == event.Account.Username && event.From.Username != "" {
		came.Verdict, came.Because = "skipped", rules.BecauseOwn
		return came, nil
	}
	for _, c := range decision.Candidates {
		outcome := &came.Rules[c.Index]
		live := c.Mode != rules.Shadow
		answered := came.Verdict == "reply"
		switch key := c.Rule + " " + event.From.Username; {
		case !live:
		case answered:
			outcome.Outcome, outcome.Because = rules.HeldBack, rules.BecauseAlreadyAnswered
		case outcome.Outcome != rules.Matched:
			came.Verdict, came.Because, came.Rule, came.Mode = map[rules.Result]string{rules.HeldBack: "skipped", rules.Failed: "error"}[outcome.Outcome], outcome.Because, c.Rule, c.Mode
		case strings.HasPrefix(c.Rule, "once") && b.spoke[key]:
			outcome.Outcome, outcome.Because, outcome.Until = rules.HeldBack, rules.BecauseOncePer, now.Add(time.Hour)
			came.Verdict, came.Because, came.Rule, came.Mode = "skipped", rules.BecauseOncePer, c.Rule, c.Mode
		default:
			b.spoke[key] = true
			came.Verdict, came.Rule, came.Mode = "acted", c.Rule, c.Mode
			came.Actions = append(came.Actions, c.Actions...)
			if c.Actions[0].Action == rules.ActionReply {
				came.Verdict, came.Reply = "reply", c.Actions[0].Text
			}
		}
	}
	return came, nil
}
