package ledger

import (
	"fmt"
	"slices"
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
	// PutOff is why Due is later than the rule has it, for people; empty if it isn't.
	PutOff string
	// Variant is the ID of the rules.Variant that was drawn; empty where the rule rotates nothing.
	Variant string
	// Author is whom it answers, for history; empty where unknown.
	Author rules.From
	// Marks are what it is remembered by for the bounds of its rule: see [Mark].
	Marks []Mark
	// Approve has the delivery entered as waiting: a person says whether it is sent.
	Approve bool
	// Approved says that a person did.
	Approved bool
	// Now has the delivery entered as sending, in the same transaction: the caller holds a place to send it and does
	// so at once.
	Now bool
}

// Plans are the deliveries that a concluded record asks for: one for each action of a verdict reply or approve, none
// else. decision is the one that was concluded: the deciding rule's max_age, counted from the event's time, says when
// they expire, and its bounds what they are remembered by. The delay of an action runs from now, which must be the time
// of the conclusion.
func Plans(record *Record, decision rules.Decision, received, now time.Time) ([]Plan, error) {
	if record.Verdict != VerdictReply && record.Verdict != VerdictApprove {
		return nil, nil
	}
	i := slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == record.Rule })
	if i < 0 {
		return nil, fmt.Errorf("rule %q: no such candidate in the decision", record.Rule)
	}
	candidate, event := &decision.Candidates[i], &record.Event
	conversation, _ := Conversation(event)
	plans := make([]Plan, 0, len(record.Actions))
	for _, action := range record.Actions {
		delay, err := parseDelay(action.Delay)
		if err != nil {
			return nil, fmt.Errorf("rule %q: delay of %s: %w", record.Rule, action.Action, err)
		}
		plans = append(plans, Plan{
			Account:      event.Account.ID,
			Media:        event.Media.ID,
			Conversation: conversation,
			Rule:         record.Rule,
			Action:       action.Action,
			Text:         action.Text,
			Request:      action.Request,
			Received:     received,
			Due:          now.Add(delay),
			Expires:      expiry(event, candidate.MaxAge, now),
			Variant:      record.Variant,
			Author:       event.From,
			Approve:      record.Verdict == VerdictApprove,
		})
	}
	if len(plans) > 0 {
		// On one of them only: a rule that does several things for an event has planned once.
		plans[0].Marks = boundsOf(candidate, event, now).marks()
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

// expiry is when an answer to the event would be too old; zero if it never is.
func expiry(event *rules.Event, maxAge time.Duration, now time.Time) time.Time {
	if maxAge <= 0 {
		return time.Time{}
	}
	return now.Add(maxAge - age(event, now))
}
