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
	Action       string // rules.ActionReply, …
	// Live says that it answers a live comment: private replies to those have a limit of their own.
	Live    bool
	Text    string
	To      string // the place that is notified
	Request platform.Request
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

// Plans are the deliveries that a concluded record asks for: one for each action of a verdict reply, approve or acted,
// none else. decision is the one that was concluded: each rule's max_age, counted from the event's time, says when
// its actions expire, and its bounds what they are remembered by. The delay of an action runs from now, which must be
// the time of the conclusion.
func Plans(record *Record, decision rules.Decision, received, now time.Time) ([]Plan, error) {
	switch record.Verdict {
	case VerdictReply, VerdictApprove, VerdictActed:
	default:
		return nil, nil
	}
	plans := make([]Plan, 0, len(record.Actions))
	for _, action := range record.Actions {
		i := slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == action.Rule })
		if i < 0 {
			return nil, fmt.Errorf("rule %q: no such candidate in the decision", action.Rule)
		}
		candidate := &decision.Candidates[i]
		plan, err := planOf(record, &action, candidate, now)
		if err != nil {
			return nil, fmt.Errorf("rule %q: delay of %s: %w", action.Rule, action.Action, err)
		}
		plan.Received = received
		if remembered(candidate, &action) {
			plan.Marks = boundsOf(candidate, &record.Event, now).marks()
		}
		plans = append(plans, plan)
	}
	return plans, nil
}

// remembered reports whether a rule is remembered by the action: by what it says to somebody, or, if it says nothing, by
// the first thing that it does.
func remembered(c *rules.Candidate, action *rules.Action) bool {
	spoken := func(a rules.Action) bool {
		return a.Action == rules.ActionReply || a.Action == rules.ActionPrivateReply
	}
	if slices.ContainsFunc(c.Actions, spoken) || len(c.Variants) > 0 {
		return spoken(*action)
	}
	return c.Actions[0].Action == action.Action
}

func planOf(record *Record, action *rules.Action, candidate *rules.Candidate, now time.Time) (Plan, error) {
	event := &record.Event
	delay, err := parseDelay(action.Delay)
	if err != nil {
		return Plan{}, err
	}
	conversation, _ := Conversation(event)
	plan := Plan{
		Account:      event.Account.ID,
		Media:        event.Media.ID,
		Conversation: conversation,
		Rule:         action.Rule,
		Action:       action.Action,
		Live:         event.Kind == platform.LiveComment,
		Text:         action.Text,
		To:           action.To,
		Request:      action.Request,
		Due:          now.Add(delay),
		Expires:      expiry(event, candidate.MaxAge, now),
		Author:       event.From,
		Approve:      candidate.Mode == rules.Approve && action.Action != rules.ActionNotify,
	}
	switch action.Action {
	case rules.ActionReply:
		plan.Variant = record.Variant
	case rules.ActionPrivateReply:
		if last := expiry(event, platform.PrivateReplyWithin, now); plan.Expires.IsZero() || last.Before(plan.Expires) {
			plan.Expires = last
		}
	case rules.ActionNotify:
		plan.Expires = time.Time{} // people are told of what happened, however late
	}
	return plan, nil
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
