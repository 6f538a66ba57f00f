package expression

import (
	"errors"
	"slices"
	"time"

	"github.com/expr-lang/expr/vm"

	"github.com/answerback/answerback/rules/text"

	"github.com/answerback/answerback/rules/event"
)

// Bounds of one evaluation of one expression. expr has neither clock nor context, so these are what ends it.
const (
	maxSteps    = 100_000 // turns of all loops, and the work of searching, counted in pieces of stepText bytes
	stepText    = 64
	maxBuilt    = 1 << 17 // bytes of a text that an expression puts together; three times the longest comment
	maxElements = 100_000 // elements of all lists that an expression makes
	maxSubjects = 8       // texts kept prepared for searching, beside the event's own
)

var (
	errSteps = errors.New("the expression takes too many steps for this event")
	errBuilt = errors.New("the expression builds too long a text for this event")
)

// Scope is what an expression runs in: the event, and what is kept over the rules of one evaluation. It belongs to
// one goroutine and one event.
type Scope struct {
	event.Event

	// Kind covers the event's own, whose named type expr would find unequal to any plain text.
	Kind string `expr:"kind"`

	// Lists gives lists.NAME its type. Its values are put in when an expression is compiled.
	Lists map[string][]string `expr:"lists"`

	machine  vm.VM
	spare    []*vm.VM // machines for conditions within expressions: one that runs can't be used again
	known    map[*named]truth
	has      event.Derived
	steps    int
	paid     []string // the texts of which the preparing is counted in steps
	whole    *text.Subject
	subjects []prepared
}

type prepared struct {
	of      string
	subject *text.Subject
}

// NewScope copies the event, so that the caller's is never changed.
func NewScope(e *event.Event) *Scope {
	s := &Scope{Event: *e, Kind: string(e.Kind)}
	// A time made from seconds is in the machine's zone, and a decision must not depend on the machine.
	s.Time = inUTC(e.Time)
	s.machine.MemoryBudget = maxElements
	return s
}

func inUTC(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// run evaluates an expression.
func (s *Scope) run(x *expression) (any, error) { return s.runOn(&s.machine, x) }

func (s *Scope) runOn(machine *vm.VM, x *expression) (any, error) {
	s.derive(x.derives)
	s.steps, s.paid = 0, s.paid[:0]
	return machine.Run(x.program, s)
}

// derive computes fields that were not computed yet.
func (s *Scope) derive(fields event.Derived) {
	if missing := fields &^ s.has; missing != 0 {
		s.Fill(missing)
		s.has |= missing
	}
}

// truth is what a named condition came to.
type truth struct {
	holds bool
	err   error
}

// holds evaluates a named condition, once for all that use it. Its steps are counted by themselves: many rules may use
// it, and it must not be the first of them that pays.
func (s *Scope) holds(c *named) (bool, error) {
	if t, ok := s.known[c]; ok {
		return t.holds, t.err
	}
	steps, paid := s.steps, s.paid
	s.paid = nil
	value, err := s.runWithin(c.x)
	s.steps, s.paid = steps, paid
	t := truth{}
	if err != nil {
		t.err = errors.New("condition " + c.name + ": " + runtimeMessage(err))
	} else {
		t.holds, _ = value.(bool)
	}
	if s.known == nil {
		s.known = map[*named]truth{}
	}
	s.known[c] = t
	return t.holds, t.err
}

// runWithin evaluates an expression while another is being evaluated.
func (s *Scope) runWithin(x *expression) (any, error) {
	var machine *vm.VM
	if last := len(s.spare) - 1; last >= 0 {
		machine, s.spare = s.spare[last], s.spare[:last]
	} else {
		machine = &vm.VM{MemoryBudget: maxElements}
	}
	defer func() { s.spare = append(s.spare, machine) }()
	return s.runOn(machine, x)
}

// spend counts steps and fails when too many were taken.
func (s *Scope) spend(n int) error {
	if s.steps += n; s.steps > maxSteps {
		return errSteps
	}
	return nil
}

// read counts the reading of a text.
func (s *Scope) read(t string) error { return s.spend(1 + len(t)/stepText) }

// subject prepares a text for searching: the event's own once, others as long as there is room. An expression pays for a
// text of which it is the first to make use as much as for one that an earlier rule prepared: whether a rule fails must
// not depend on others.
func (s *Scope) subject(of string) (*text.Subject, error) {
	if of == s.Text {
		return s.ownSubject(), nil
	}
	if err := s.pay(of); err != nil {
		return nil, err
	}
	for i := range s.subjects {
		if s.subjects[i].of == of {
			return s.subjects[i].subject, nil
		}
	}
	subject := text.NewSubject(of)
	if len(s.subjects) < maxSubjects {
		s.subjects = append(s.subjects, prepared{of, subject})
	}
	return subject, nil
}

// ownSubject is the event's text prepared.
func (s *Scope) ownSubject() *text.Subject {
	if s.whole == nil {
		s.whole = text.NewSubject(s.Text)
	}
	return s.whole
}

// pay counts the reading of a text, of as many as are kept once for an expression.
func (s *Scope) pay(of string) error {
	if slices.Contains(s.paid, of) {
		return nil
	}
	if len(s.paid) < maxSubjects {
		s.paid = append(s.paid, of)
	}
	return s.read(of)
}
