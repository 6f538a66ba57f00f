package rules

import (
	"time"

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
	BecauseWhen            Because = "when"
	BecauseUnless          Because = "unless"
	BecauseMaxAge          Because = "max_age"
	BecauseLimit           Because = "limit"
	BecauseEmptyValue      Because = "empty_value"
	BecauseTooLong         Because = "too_long"
	BecauseAlreadyAnswered Because = "already_answered"
	BecauseOwn             Because = "own"
	BecauseTestEvent       Because = "test_event"
	BecauseStale           Because = "stale"
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
	NotApplicable Result = "not_applicable" // not meant for such an event: kind, account, media, disabled
)

// Outcome is one rule's part in a decision.
type Outcome struct {
	Name    string  `json:"name"`
	Outcome Result  `json:"outcome"`
	Because Because `json:"because"`
	// Detail tells a person more: the error's text with its place. Empty where there is nothing to add.
	Detail string `json:"detail,omitempty"`
}

// Mode says what happens with a rule's actions.
type Mode string

// The modes of a rule and of the configuration.
const (
	Live   Mode = "live"
	Shadow Mode = "shadow" // decided and recorded, never posted
)

// Action is one thing to do, rendered and ready.
type Action struct {
	Action  string           `json:"action"` // "reply"
	Text    string           `json:"text"`
	Request platform.Request `json:"request"`
	Delay   string           `json:"delay"` // as Go writes a duration: "0s"
}

// ActionReply names the public reply.
const ActionReply = "reply"

// Candidate is a rule that wants to speak or that failed. The ledger walks the candidates in order: the first live
// one that may speak does, and one that doesn't continue ends the walk whatever became of it.
type Candidate struct {
	Index    int // of its outcome in Decision.Rules
	Rule     string
	Mode     Mode
	Continue bool
	MaxAge   time.Duration // older events are not answered; 0: no bound
	Actions  []Action
}

// Decision is what a set says of an event, before the ledger has had its word: every rule's outcome in the order of
// evaluation, and the rules that matched, were held back or failed as candidates.
type Decision struct {
	Revision   string
	Rules      []Outcome
	Candidates []Candidate
}
