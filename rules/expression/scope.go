package expression

import (
	"errors"
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

	machine  vm.VM
	has      event.Derived
	steps    int
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
func (s *Scope) run(x *expression) (any, error) {
	if missing := x.derives &^ s.has; missing != 0 {
		s.Fill(missing)
		s.has |= missing
	}
	s.steps = 0
	return s.machine.Run(x.program, s)
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

// subject prepares a text for searching: the event's own once, others as long as there is room.
func (s *Scope) subject(of string) (*text.Subject, error) {
	if of == s.Text {
		if s.whole == nil {
			s.whole = text.NewSubject(of)
		}
		return s.whole, nil
	}
	for i := range s.subjects {
		if s.subjects[i].of == of {
			return s.subjects[i].subject, nil
		}
	}
	if err := s.read(of); err != nil {
		return nil, err
	}
	subject := text.NewSubject(of)
	if len(s.subjects) < maxSubjects {
		s.subjects = append(s.subjects, prepared{of, subject})
	}
	return subject, nil
}
