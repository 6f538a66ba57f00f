package rules

import (
	"time"

	"github.com/answerback/answerback/rules/expression"
)

// Explain is [Set.Survey] for a person: the same decision, whose outcomes also tell how the conditions of the rules that
// were looked at came to their values, and which single clause kept a silent one from matching. It compiles every part
// of these conditions by itself, so it takes milliseconds where [Set.Decide] takes microseconds. It may be called from many
// goroutines, which wait for each other.
//
// A rule is a near miss if it has two or more clauses and all but one of them spoke for it; see
// [expression.Tracer.NearMiss] for what the clauses are.
func (s *Set) Explain(event *Event, now time.Time) Decision {
	d := s.Survey(event, now)
	s.explaining.Lock()
	defer s.explaining.Unlock()
	tracer := s.language.Tracer(event)
	for i, r := range s.rules {
		switch o := &d.Rules[i]; o.Outcome {
		case Matched, NoMatch, HeldBack, Failed:
			r.explain(o, tracer)
		}
	}
	return d
}

func (r *rule) explain(o *Outcome, tracer *expression.Tracer) {
	reached := true
	if r.when != nil {
		trace := tracer.Trace(r.when.source())
		o.When, reached = &trace, trace.Value == "true"
	}
	if r.unless != nil {
		trace := tracer.Unevaluated(r.unless.source())
		if reached {
			trace = tracer.Trace(r.unless.source())
		}
		o.Unless = &trace
	}
	if o.Outcome == NoMatch {
		o.NearMiss = tracer.NearMiss(r.when.source(), r.unless.source())
	}
}
