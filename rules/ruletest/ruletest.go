// Package ruletest lets a rule set prove itself by cases: events that its author thought up or took from samples, each
// with what should come of it. A case is judged by the very code that the daemon runs, on a clock and a ledger of its
// own, and a case that fails says what was expected, what came, and how each rule decided.
//
// Cases stand in a rule, under `tests`, and are about that rule; or in a file NAME_test.yaml beside the rules, and are
// about the whole set. [Read] reads these files, [Load] makes a [Suite] of them or tells what is wrong with them,
// [Suite.Run] judges the cases, and a [Report] prints what came. [Suite.Review] tells which rules lack cases, and which
// replies their own set would answer.
//
// The ledger that remembers what was said lies outside, behind [Ledger].
package ruletest

import (
	"errors"
	"time"

	"github.com/answerback/answerback/rules"
)

// Suite is the cases of one rule set, in the order of the files and of their lines.
type Suite struct {
	Cases []Case

	rules []written
}

// Case is one or several events with what should come of them.
type Case struct {
	// Name is as the author wrote it, else its number: "case 2" in a rule, "case 2 of a_test.yaml" in a file.
	Name string
	// Rule is the rule that the case stands in and is about; empty for one of a file of cases.
	Rule string
	// File and Line, counted from 1, are where it stands.
	File string
	Line int
	// Steps are its events, in order. There is at least one.
	Steps []Step
}

// Title names a case among all of a set: it is what --run looks at.
func (c *Case) Title() string {
	if c.Rule == "" {
		return c.Name
	}
	return c.Rule + ": " + c.Name
}

// Step is one event of a case.
type Step struct {
	// Event is the whole event. Its time is the case's clock when it comes in.
	Event rules.Event
	// Line is where the step stands.
	Line int
	// Expect is what should come of it; nil if the step only leads to a later one.
	Expect *Expectation
	// Sample is the sample's path as it is written; empty for an event that is written out.
	Sample string

	history *rules.History // what the author put in the ledger's place
	unfit   string         // why the event can't be judged; empty if it can
}

// Ledger is what a case's events are entered in, one after the other. Every case has a fresh one.
type Ledger interface {
	// History is what is known of the replies before the event.
	History(event *rules.Event) (rules.History, error)
	// Enter concludes what the rules decided of an event at a time, and remembers it. It is ErrAgain for an event that
	// was entered before.
	Enter(event *rules.Event, decision rules.Decision, now time.Time) (Conclusion, error)
}

// Conclusion is what became of an event, in the words of a record.
type Conclusion struct {
	Verdict string
	Because rules.Because
	Rule    string // the rule that decided; empty if none did
	Mode    rules.Mode
	Reply   string         // the public one
	Actions []rules.Action // all that is done, would be done, or waits for a person
	Rules   []rules.Outcome
}

// ErrAgain says that an event was entered before: a bot judges no event twice.
var ErrAgain = errors.New("the same event came before, and an event is judged once")

// Sampler reads the events of a sample file. An error that is ErrUndecidable is of the event in it, any other of the
// file.
type Sampler func(path string) ([]rules.Event, error)

// ErrUndecidable says that a sample lacks what the rules judge by.
var ErrUndecidable = errors.New("undecidable")
