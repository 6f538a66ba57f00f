package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Decide judges an event. It is pure: the same set and event give the same decision, and the event isn't changed. It
// may be called from many goroutines at once. now is the time of the decision, which says whether a rule is active.
//
// The rules are looked at in their order until a live one without `continue` matched, was held back or failed; a
// catch-all below must not speak for a rule that just chose silence. A shadow rule never ends it.
func (s *Set) Decide(event *Event, now time.Time) Decision {
	d := Decision{Revision: s.revision, Rules: slices.Clone(s.blank)}
	kind := kindsOf(event.Kind)
	scope := expression.NewScope(event)
	for i, r := range s.rules {
		o := &d.Rules[i]
		if because := r.applies(event, kind); because != "" {
			o.Outcome, o.Because = NotApplicable, because
			continue
		}
		v := r.judge(scope)
		o.Outcome, o.Because, o.Detail = v.result, v.because, v.detail
		if v.result == NoMatch {
			continue
		}
		d.Candidates = append(d.Candidates, r.candidate(i, event, v))
		if r.mode == Live && !r.goesOn {
			break
		}
	}
	return d
}

// judgement is what a rule that applies says of an event.
type judgement struct {
	result  Result
	because Because
	detail  string
	reply   string
}

// judge evaluates condition and reply. Whatever goes wrong in it, a panic too, is this rule's error and no more.
func (r *rule) judge(s *expression.Scope) (v judgement) {
	defer func() {
		if p := recover(); p != nil {
			message, _, _ := strings.Cut(fmt.Sprint(p), "\n")
			v = failed(fmt.Sprintf("%s:%d: %s", r.about.File, r.about.Line(), message))
		}
	}()
	if r.when != nil {
		holds, err := r.when.Holds(s)
		if err != nil {
			return failed(r.when.detail(err))
		}
		if !holds {
			return judgement{result: NoMatch, because: BecauseWhen}
		}
	}
	if r.unless != nil {
		holds, err := r.unless.Holds(s)
		if err != nil {
			return failed(r.unless.detail(err))
		}
		if holds {
			return judgement{result: NoMatch, because: BecauseUnless}
		}
	}
	chosen := r.variantFor(&s.Event)
	switch reply, err := chosen.Render(s); {
	case err == nil:
		return judgement{result: Matched, reply: reply}
	case errors.Is(err, expression.ErrEmpty):
		return judgement{result: HeldBack, because: BecauseEmptyValue}
	case errors.Is(err, expression.ErrTooLong):
		return judgement{result: HeldBack, because: BecauseTooLong}
	default:
		return failed(chosen.detail(err))
	}
}

func failed(detail string) judgement {
	return judgement{result: Failed, because: BecauseFailed, detail: detail}
}

func (r *rule) candidate(index int, event *Event, v judgement) Candidate {
	c := Candidate{Index: index, Rule: r.name, Mode: r.mode, Continue: r.goesOn, MaxAge: r.maxAge}
	if v.result == Matched {
		c.Actions = []Action{{
			Action:  ActionReply,
			Text:    v.reply,
			Request: platform.ReplyRequest(event.Target(), v.reply),
			Delay:   "0s",
		}}
	}
	return c
}

// detail is a run-time error's text with its place, for a person.
func (x *located) detail(err error) string { return detail(x.at, x.key, err) }

func (v *variant) detail(err error) string { return detail(v.at, "reply", err) }

func detail(at yamlpos.Text, key string, err error) string {
	offset, message := expression.Describe(err)
	p := at.ProblemAt(offset, expression.CodeType, key+": "+message, "")
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}
