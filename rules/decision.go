package rules

import (
	"time"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// Because is the reason for an outcome or a verdict, as design and records name it; "" where none is needed.
type Because string

// The reasons.
const (
	BecauseKind            Because = "kind"
	BecauseAccount         Because = "account"
	BecauseMedia           Because = "media"
	BecauseDisabled        Because = "disabled"
	BecauseInactive        Because = "inactive"
	BecauseWhen            Because = "when"
	BecauseUnless          Because = "unless"
	BecauseMaxAge          Because = "max_age"
	BecauseOncePer         Because = "once_per"
	BecauseCooldown        Because = "cooldown"
	BecauseLimit           Because = "limit"
	BecauseEmptyValue      Because = "empty_value"
	BecauseTooLong         Because = "too_long"
	BecauseAlreadyAnswered Because = "already_answered"
	BecauseOwn             Because = "own"
	BecauseTestEvent       Because = "test_event"
	BecauseStale           Because = "stale"
	BecausePaused          Because = "paused"
	BecauseExpired         Because = "expired"
	BecauseGone            Because = "gone"
	BecauseUndecidable     Because = "undecidable"
	BecauseFailed          Because = "failed"
)

// Result is what became of one rule.
type Result string

// The results of a rule.
const (
	Matched       Result = "matched"
	NoMatch       Result = "no_match"       // looked at and not fulfilled: when, unless
	HeldBack      Result = "held_back"      // matched, but it keeps silent
	Failed        Result = "error"          // its condition or template failed at run time
	NotReached    Result = "not_reached"    // an earlier rule ended the evaluation
	NotApplicable Result = "not_applicable" // not meant for such an event or not now: kind, account, media, disabled, inactive
)

// Outcome is one rule's part in a decision.
type Outcome struct {
	Name    string  `json:"name"`
	Outcome Result  `json:"outcome"`
	Because Because `json:"because"`
	// Detail tells a person more: the error's text with its place. Empty where there is nothing to add.
	Detail string `json:"detail,omitempty"`
	// Until is when a rule that once_per, cooldown or limit holds back would pass again; zero: never, or not known.
	Until time.Time `json:"until,omitzero"`
	// When and Unless are how the rule's conditions came to their values, and NearMiss is the one clause of several that
	// kept a silent rule from matching, as it is written. Only [Set.Explain] tells them.
	When     *Trace `json:"when,omitempty"`
	Unless   *Trace `json:"unless,omitempty"`
	NearMiss string `json:"near_miss,omitempty"`
}

// Trace is how an expression came to its value.
type Trace = expression.Trace

// Mode says what happens with a rule's actions.
type Mode string

// The modes of a rule and of the configuration.
const (
	Live    Mode = "live"
	Shadow  Mode = "shadow"  // decided and recorded, never posted
	Approve Mode = "approve" // waits for a person; a rule's only
)

// Action is one thing to do, rendered and ready.
type Action struct {
	Action string `json:"action"` // one of the actions below
	Rule   string `json:"rule"`   // the rule that wants it
	Text   string `json:"text"`   // empty where nothing is said: hide
	// To is the place that is notified, as the configuration calls it; else empty.
	To string `json:"to"`
	// Request is the Graph call; none for a notification. A private reply goes out from the account's own node: that
	// it may be another's (see [platform.Login.MessageNode]) only the configuration knows.
	Request platform.Request `json:"request"`
	Delay   string           `json:"delay"` // as Go writes a duration: "0s"
}

// The actions, in the order in which a rule's stand in a decision.
const (
	ActionReply        = "reply"         // the public reply
	ActionPrivateReply = "private_reply" // a message to the comment's author
	ActionHide         = "hide"          // the comment is hidden
	ActionNotify       = "notify"        // a message to people, at a place that the configuration names
)

// Actions are all of them, in that order.
func Actions() []string { return []string{ActionReply, ActionPrivateReply, ActionHide, ActionNotify} }

// Candidate is a rule that wants to speak or that failed. The ledger walks the candidates in order: the first live
// one that may speak does, and one that doesn't continue ends the walk whatever became of it.
type Candidate struct {
	Index    int // of its outcome in Decision.Rules
	Rule     string
	Mode     Mode
	Continue bool
	MaxAge   time.Duration // older events are not answered; 0: no bound
	// Bounds are what the rule's own replies before have to say.
	Bounds Bounds
	// Actions are what the rule does, with the variant that Pick("") gives; without a reply if that one is silent, and
	// none if the rule is held back or failed for another cause.
	Actions []Action
	// Variants are the replies of a rule that rotates several, in the order in which they are written; else there are
	// none, and the reply stands in Actions.
	Variants []Variant
	// Delay is that of the reply, whichever variant it is; empty without variants, where it stands in the action.
	Delay string
	// Draw is the event's and the rule's number, which a variant is drawn by.
	Draw uint64
}

// Bounds hold a rule back because of what it planned before on the same account. The zero Bounds don't.
type Bounds struct {
	OncePer   []Part // once for each combination of these; nil: no bound
	Cooldowns []Cooldown
	Limit     Limit
	// Zone is where a day of OncePer begins and ends; nil: UTC.
	Zone *time.Location
}

// Part is what `once_per` and `cooldown` tell apart.
type Part string

// The parts. Day and Ever are of once_per alone, Rule and Account of cooldown alone.
const (
	PerUser    Part = "user"
	PerMedia   Part = "media"
	PerThread  Part = "thread"
	PerDay     Part = "day"
	PerEver    Part = "ever"
	PerRule    Part = "rule"
	PerAccount Part = "account"
)

// Cooldown is the silence after a planned reply of the rule.
type Cooldown struct {
	Per Part
	For time.Duration
}

// Limit is the most replies of the rule that are planned within a length of time. Max 0: no limit.
type Limit struct {
	Max int
	Per time.Duration // an hour or a day of 24 hours
}

// Variant is one of a rule's replies, rendered for the event.
type Variant struct {
	// ID names the template as it is written, so that it is known again after an edit of the others.
	ID string
	// Result is Matched, or HeldBack or Failed with the reason.
	Result  Result
	Because Because
	Detail  string
	Text    string
}

// Pick draws a variant by the candidate's number, among those other than last, the ID of the last one entered on the
// media; "" if there was none. It is nil if the candidate has no variants.
func (c *Candidate) Pick(last string) *Variant {
	others := 0
	for i := range c.Variants {
		if c.Variants[i].ID != last {
			others++
		}
	}
	if others == 0 { // all say the same
		if len(c.Variants) == 0 {
			return nil
		}
		return &c.Variants[0]
	}
	skip := c.Draw % uint64(others)
	for i := range c.Variants {
		switch {
		case c.Variants[i].ID == last:
		case skip == 0:
			return &c.Variants[i]
		default:
			skip--
		}
	}
	return nil // never: there are others
}

// Decision is what a set says of an event, before the ledger has had its word: the rules that matched, were held back or
// failed as candidates, in the order of evaluation, and outcomes. Those are the candidates' own, or after [Set.Survey]
// and [Set.Explain] every rule's.
type Decision struct {
	Revision   string
	Rules      []Outcome
	Candidates []Candidate
}
