package ruletest

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/answerback/answerback/rules"
)

// Options say how cases are run.
type Options struct {
	// Ledger makes a ledger that knows nothing, one for each case.
	Ledger func() Ledger
	// Only are the cases that run, by their titles; nil: all.
	Only *regexp.Regexp
	// Coverage has the report say what no case reached.
	Coverage bool
}

// Run judges the cases by a set, one after the other.
func (s *Suite) Run(set *rules.Set, o Options) Report {
	var report Report
	reached := reach{}
	for i := range s.Cases {
		c := &s.Cases[i]
		if o.Only != nil && !o.Only.MatchString(c.Title()) {
			report.LeftOut++
			continue
		}
		r := run{set: set, of: c, ledger: o.Ledger()}
		if o.Coverage {
			r.reached = reached
		}
		report.Results = append(report.Results, Result{Case: c, Failure: r.steps()})
	}
	if o.Coverage {
		report.Coverage = &Coverage{Rules: len(set.Names()), Gaps: reached.gaps(set)}
	}
	return report
}

// run is one case on its way.
type run struct {
	set     *rules.Set
	of      *Case
	ledger  Ledger
	reached reach // nil unless coverage is asked for
}

// steps judges the case's events up to the first that fails; what comes after it would only tell the same again.
func (r *run) steps() *Failure {
	for i := range r.of.Steps {
		if failure := r.step(i); failure != nil {
			return failure
		}
	}
	return nil
}

// step judges an event and compares. Whatever goes wrong in it, a panic too, is this case's failure and no more.
func (r *run) step(index int) (failure *Failure) {
	step := &r.of.Steps[index]
	defer func() {
		if p := recover(); p != nil {
			failure = r.failure(index, fmt.Sprintf("panic: %v", p))
		}
	}()
	if step.unfit != "" {
		return r.failure(index, step.unfit)
	}
	event := step.Event
	history, err := r.history(step)
	if err != nil {
		return r.failure(index, err.Error())
	}
	event.History = history
	decision := r.decide(&event)
	came, err := r.ledger.Enter(&event, decision, event.Time)
	if errors.Is(err, ErrAgain) {
		return r.failure(index, fmt.Sprintf("%s: leave the ids out, or give each event its own (this is %s)", ErrAgain, event.ID))
	}
	if err != nil {
		return r.failure(index, err.Error())
	}
	if r.reached != nil {
		r.reached.add(decision, came)
	}
	if step.Expect == nil {
		return nil
	}
	judged := judgement{came: came, decision: decision}
	differences, note := judged.compare(step.Expect, r.of.Rule)
	if len(differences) == 0 {
		return nil
	}
	failure = r.failure(index, note)
	failure.Differences = differences
	failure.Came = came
	failure.Came.Rules = withTraces(came.Rules, r.set.Explain(&event, event.Time).Rules)
	return failure
}

// history is what the author said that it is, else what the ledger knows.
func (r *run) history(step *Step) (rules.History, error) {
	if step.history != nil {
		return *step.history, nil
	}
	return r.ledger.History(&step.Event)
}

// decide has the set judge an event, with the traces that coverage is made of where it is asked for.
func (r *run) decide(event *rules.Event) rules.Decision {
	if r.reached != nil {
		return r.set.Explain(event, event.Time)
	}
	return r.set.Survey(event, event.Time)
}

func (r *run) failure(index int, message string) *Failure {
	step := &r.of.Steps[index]
	return &Failure{Step: index + 1, Line: step.Line, Message: message, Event: step.Event}
}

// withTraces adds to outcomes how the conditions came to their values.
func withTraces(outcomes, explained []rules.Outcome) []rules.Outcome {
	traced := make([]rules.Outcome, len(outcomes))
	for i, o := range outcomes {
		if i < len(explained) && explained[i].Name == o.Name {
			o.When, o.Unless, o.NearMiss = explained[i].When, explained[i].Unless, explained[i].NearMiss
		}
		traced[i] = o
	}
	return traced
}
