package rules

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/file"

	"github.com/answerback/answerback/rules/platform"
)

// Decide judges an event. It is pure: the same set and event give the same decision, and the event isn't changed. It
// may be called from many goroutines at once.
//
// The rules are looked at in their order until a live one without `continue` matched, was held back or failed; a
// catch-all below must not speak for a rule that just chose silence. A shadow rule never ends it.
func (s *Set) Decide(event *Event) Decision {
	d := Decision{Revision: s.revision, Rules: slices.Clone(s.blank)}
	kind := kindsOf(event.Kind)
	scope := newScope(event)
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
func (r *rule) judge(s *scope) (v judgement) {
	defer func() {
		if p := recover(); p != nil {
			v = failed(fmt.Sprintf("%s:%d: %s", r.about.File, r.about.Line(), firstLine(fmt.Sprint(p))))
		}
	}()
	if r.when != nil {
		holds, err := r.when.holds(s)
		if err != nil {
			return failed(r.when.detail(err))
		}
		if !holds {
			return judgement{result: NoMatch, because: BecauseWhen}
		}
	}
	if r.unless != nil {
		holds, err := r.unless.holds(s)
		if err != nil {
			return failed(r.unless.detail(err))
		}
		if holds {
			return judgement{result: NoMatch, because: BecauseUnless}
		}
	}
	chosen := r.variantFor(&s.Event)
	reply, because, err := chosen.render(s)
	switch {
	case err != nil:
		return failed(chosen.detail(err))
	case because != "":
		return judgement{result: HeldBack, because: because}
	}
	return judgement{result: Matched, reply: reply}
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

func (x *located) holds(s *scope) (bool, error) {
	value, err := s.run(x.expression)
	if err != nil {
		return false, err
	}
	holds, ok := value.(bool)
	if !ok {
		return false, errors.New("neither true nor false")
	}
	return holds, nil
}

// detail is a run-time error's text with its place, for a person.
func (x *located) detail(err error) string {
	p := x.at.ProblemAt(offsetOf(err), codeType, x.key+": "+runtimeMessage(err), "")
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

func (v *variant) detail(err error) string {
	offset := offsetOf(err)
	var in placed
	if errors.As(err, &in) {
		offset += in.offset
	}
	p := v.at.ProblemAt(offset, codeType, "reply: "+runtimeMessage(err), "")
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// offsetOf is where in the expression an error arose, in runes.
func offsetOf(err error) int {
	var at *file.Error
	if errors.As(err, &at) {
		return at.From
	}
	return 0
}

// runtimeMessage is an error's text without expr's excerpt, in the authors' words.
func runtimeMessage(err error) string {
	message := err.Error()
	var at *file.Error
	if errors.As(err, &at) {
		message = at.Message
	}
	message = strings.TrimPrefix(firstLine(message), "invalid operation: ")
	if strings.Contains(message, "memory budget exceeded") {
		return "the expression makes too many values for this event"
	}
	if got, want, ok := strings.Cut(strings.TrimPrefix(message, "interface conversion: interface {} is "), ", not "); ok {
		return fmt.Sprintf("%s is needed here, but this is %s", wordFor(want), wordFor(got))
	}
	return inWords(message)
}
