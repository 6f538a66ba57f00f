package rules

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Decide judges an event. It is pure: the same set and event give the same decision, and the event isn't changed. It
// may be called from many goroutines at once. now is the time of the decision, which says whether a rule is active.
//
// The rules are looked at in their order until one without `continue` matched, was held back or failed; a
// catch-all below must not speak for a rule that just chose silence. A shadow rule never ends it, and one that
// waits for approval does.
//
// The decision tells of the rules that took part alone; what it costs hardly depends on how many others there are.
// [Set.Survey] tells of all.
func (s *Set) Decide(event *Event, now time.Time) Decision {
	d := Decision{Revision: s.revision}
	s.visit(event, now, func(i int, v judgement) {
		if v.result != NoMatch {
			d.Candidates = append(d.Candidates, s.rules[i].candidate(len(d.Rules), event, v))
			d.Rules = append(d.Rules, v.outcome(s.rules[i]))
		}
	})
	return d
}

// Survey is [Set.Decide] for those who want to know of every rule: the same decision, with an outcome for each in the
// order of evaluation.
func (s *Set) Survey(event *Event, now time.Time) Decision {
	d := Decision{Revision: s.revision, Rules: make([]Outcome, len(s.rules))}
	for i, r := range s.rules {
		d.Rules[i] = Outcome{Name: r.name, Outcome: NotReached}
	}
	reached := s.visit(event, now, func(i int, v judgement) {
		d.Rules[i] = v.outcome(s.rules[i])
		if v.result != NoMatch {
			d.Candidates = append(d.Candidates, s.rules[i].candidate(i, event, v))
		}
	})
	kind := kindsOf(event.Kind)
	for i, r := range s.rules[:reached] {
		if o := &d.Rules[i]; o.Outcome != NotReached {
			continue
		} else if because := r.applies(event, kind, now); because != "" {
			o.Outcome, o.Because = NotApplicable, because
		} else {
			o.Outcome, o.Because = NoMatch, BecauseWhen
		}
	}
	return d
}

// visit judges the rules that the event may concern, up to the one that ends the evaluation, and tells what they say. It
// returns how many rules were reached. Those of them that it doesn't tell of don't apply, or their `when` is false.
func (s *Set) visit(event *Event, now time.Time, tell func(i int, v judgement)) (reached int) {
	kind := kindsOf(event.Kind)
	scope := expression.NewScope(event)
	reached = len(s.rules)
	look := func(i int) (on bool) {
		r := s.rules[i]
		if r.applies(event, kind, now) != "" {
			return true
		}
		v := r.judge(scope)
		tell(i, v)
		if v.result == NoMatch || r.mode == Shadow || r.goesOn {
			return true
		}
		reached = i + 1
		return false
	}
	if scope.Foreseeable() {
		s.index.worth(event, scope, look)
		return reached
	}
	for i := range s.rules {
		if !look(i) {
			break
		}
	}
	return reached
}

// judgement is what a rule that applies says of an event.
type judgement struct {
	result  Result
	because Because
	detail  string
	// reply, private and notice are what it says, as far as it does.
	reply, private, notice string
	// variants are all replies of a rule that rotates them.
	variants []Variant
}

func (v judgement) outcome(r *rule) Outcome {
	return Outcome{Name: r.name, Outcome: v.result, Because: v.because, Detail: v.detail}
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
	return r.speak(s)
}

// speak renders all that the rule says. What holds one text back holds back the whole rule: whoever wrote it meant them
// to go together.
func (r *rule) speak(s *expression.Scope) judgement {
	var private, notice judgement
	if len(r.privateReplies) > 0 {
		if private = r.chosen(r.privateReplies, &s.Event).say(s, platform.PrivateReplyLimit()); private.result != Matched {
			return private
		}
	}
	if r.notice != nil {
		if notice = r.notice.tell(s); notice.result != Matched {
			return notice
		}
	}
	v := judgement{result: Matched}
	switch {
	case r.rotates():
		v = r.sayAll(s)
	case len(r.replies) > 0:
		v = r.chosen(r.replies, &s.Event).say(s, platform.ReplyLimit())
	}
	v.private, v.notice = private.reply, notice.reply
	return v
}

// sayAll renders every reply, since what was said last on the media isn't known here. The judgement is that of the
// one which is drawn where nothing was said before.
func (r *rule) sayAll(s *expression.Scope) judgement {
	variants := make([]Variant, len(r.replies))
	for i := range r.replies {
		v := r.replies[i].say(s, platform.ReplyLimit())
		variants[i] = Variant{ID: r.replies[i].id, Result: v.result, Because: v.because, Detail: v.detail, Text: v.reply}
	}
	c := Candidate{Variants: variants, Draw: r.drawn(&s.Event)}
	first := c.Pick("")
	return judgement{result: first.Result, because: first.Because, detail: first.Detail, reply: first.Text, variants: variants}
}

// say renders a reply.
func (v *variant) say(s *expression.Scope, limit platform.Limit) judgement {
	return v.rendered(v.Render(s, limit))
}

// tell renders a message to people, who can bear that a value lacks.
func (v *variant) tell(s *expression.Scope) judgement {
	return v.rendered(v.RenderLoosely(s, platform.NoticeLimit()))
}

func (v *variant) rendered(reply string, err error) judgement {
	switch {
	case err == nil:
		return judgement{result: Matched, reply: reply}
	case errors.Is(err, expression.ErrEmpty):
		return judgement{result: HeldBack, because: BecauseEmptyValue}
	case errors.Is(err, expression.ErrTooLong):
		return judgement{result: HeldBack, because: BecauseTooLong}
	default:
		return failed(v.detail(err))
	}
}

func failed(detail string) judgement {
	return judgement{result: Failed, because: BecauseFailed, detail: detail}
}

func (r *rule) candidate(index int, event *Event, v judgement) Candidate {
	c := Candidate{Index: index, Rule: r.name, Mode: r.mode, Continue: r.goesOn, MaxAge: r.maxAge, Bounds: r.bounds}
	if len(v.variants) > 0 {
		c.Variants, c.Draw = v.variants, r.drawn(event)
		c.Delay = r.delay.draw(event, r.name).String()
	}
	if v.result == Matched || len(v.variants) > 0 {
		c.Actions = r.acting(event, v)
	}
	return c
}

// acting are the rule's actions with what it says. People are told at once, and a comment is hidden at once: only words
// to strangers wait as if somebody had to type them.
func (r *rule) acting(event *Event, v judgement) []Action {
	var made []Action
	delay := r.delay.draw(event, r.name).String()
	if v.reply != "" {
		made = append(made, Action{Action: ActionReply, Rule: r.name, Text: v.reply, Request: platform.ReplyRequest(event.Target(), v.reply), Delay: delay})
	}
	if v.private != "" {
		request := platform.PrivateReplyRequest(event.Account.ID, event.Comment.ID, v.private)
		made = append(made, Action{Action: ActionPrivateReply, Rule: r.name, Text: v.private, Request: request, Delay: delay})
	}
	at := time.Duration(0).String()
	if r.hides {
		made = append(made, Action{Action: ActionHide, Rule: r.name, Request: platform.HideRequest(event.Comment.ID), Delay: at})
	}
	if v.notice != "" {
		made = append(made, Action{Action: ActionNotify, Rule: r.name, Text: v.notice, To: r.notice.to.Value, Delay: at})
	}
	return made
}

// detail is a run-time error's text with its place, for a person.
func (x *located) detail(err error) string { return detail(x.at, x.key, err) }

func (v *variant) detail(err error) string { return detail(v.at, v.key, err) }

func detail(at yamlpos.Text, key string, err error) string {
	offset, message := expression.Describe(err)
	p := at.ProblemAt(offset, expression.CodeType, key+": "+message, "")
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}
