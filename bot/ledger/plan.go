package ledger

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Plan is a delivery to be entered.
type Plan struct {
	Account string // id of the account that speaks
	Media   string
	// Conversation is what replies_per_thread counts by: see [Conversation].
	Conversation string
	Rule         string
	Action       string // rules.ActionReply
	Text         string
	Request      platform.Request
	// Received is when the event came in: what the time to the reply is measured from.
	Received time.Time
	// Due is when it may be sent. Expires is when it has grown too old to be said; zero: never.
	Due, Expires time.Time
	// Now has the delivery entered as sending, in the same transaction: the caller holds a place to send it and does
	// so at once.
	Now bool
}

// Plans are the deliveries that a concluded record asks for: one for each action of a verdict reply, none else.
// decision is the one that was concluded; the deciding rule's max_age, counted from the event's time, says when they
// expire. The delay of an action runs from now.
func Plans(record *Record, decision rules.Decision, received, now time.Time) ([]Plan, error) {
	if record.Verdict != VerdictReply {
		return nil, nil
	}
	expires, err := expiry(record, decision, now)
	if err != nil {
		return nil, err
	}
	conversation, _ := Conversation(&record.Event)
	plans := make([]Plan, 0, len(record.Actions))
	for _, action := range record.Actions {
		delay, err := parseDelay(action.Delay)
		if err != nil {
			return nil, fmt.Errorf("rule %q: delay of %s: %w", record.Rule, action.Action, err)
		}
		plans = append(plans, Plan{
			Account:      record.Event.Account.ID,
			Media:        record.Event.Media.ID,
			Conversation: conversation,
			Rule:         record.Rule,
			Action:       action.Action,
			Text:         action.Text,
			Request:      action.Request,
			Received:     received,
			Due:          now.Add(delay),
			Expires:      expires,
		})
	}
	return plans, nil
}

// parseDelay reads an action's delay; an empty one is none.
func parseDelay(delay string) (time.Duration, error) {
	if delay == "" {
		return 0, nil
	}
	return time.ParseDuration(delay)
}

// expiry is when the deciding rule would no longer answer the event; zero if it always would.
func expiry(record *Record, decision rules.Decision, now time.Time) (time.Time, error) {
	for _, candidate := range decision.Candidates {
		if candidate.Rule != record.Rule {
			continue
		}
		if candidate.MaxAge <= 0 {
			return time.Time{}, nil
		}
		happened := record.Event.Time
		if happened.After(now) {
			happened = now
		}
		return happened.Add(candidate.MaxAge), nil
	}
	return time.Time{}, fmt.Errorf("rule %q: no such candidate in the decision", record.Rule)
}
