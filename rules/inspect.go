package rules

import (
	"strings"
	"time"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/schedule"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Inspection is a whole set laid open, as it was understood, for those who reason about it. Nothing in it is to be
// changed.
type Inspection struct {
	Rules      []InspectedRule // in the order of evaluation
	Conditions []InspectedText // in the order of the files
	Templates  []InspectedTemplate
	Lists      []InspectedName
	// Schedules are those of the files' defaults, with the key that they stand at.
	Schedules []InspectedSchedule
	// Reader reads the set's conditions. It belongs to one goroutine.
	Reader *expression.Reader
}

// InspectedRule is a rule as it was understood. What it took from its file's defaults stands in it.
type InspectedRule struct {
	Rule
	Kinds    []platform.Kind
	Accounts []string // usernames in lower case and ids; empty: any
	Media    []string // ids; empty: any
	Active   *schedule.Schedule
	// OwnActive tells that the schedule stands in the rule and not in the defaults.
	OwnActive bool
	Continue  bool
	Bounds    Bounds
	MaxAge    time.Duration
	// When and Unless have no text where the rule lacks them: true, and false.
	When, Unless InspectedText
	Replies      []InspectedText // the variants
	// Template is what its replies are called; empty if they stand in the rule.
	Template string
	// PrivateReplies and PrivateTemplate are the same of its private replies.
	PrivateReplies  []InspectedText
	PrivateTemplate string
	Hides           bool
	Notice          InspectedText // without text where the rule notifies nobody
}

// Problem makes a problem that stands at one of the rule's keys, or at its start if it lacks the key.
func (r *InspectedRule) Problem(key, code, message, hint string) problem.Problem {
	p := r.at.Key(key).Problem(code, message, hint)
	p.Rule = r.Name
	return p
}

// InspectedName is a name in a rule file.
type InspectedName struct {
	Name string

	at yamlpos.Text
}

// Problem makes a problem that stands at the name.
func (n InspectedName) Problem(code, message, hint string) problem.Problem {
	return n.at.Problem(code, message, hint)
}

// InspectedText is an expression or a reply as it is written.
type InspectedText struct {
	InspectedName // of a condition
	Text          string

	at yamlpos.Text
}

// ProblemAt makes a problem that stands at a place in the text, counted in characters from 0.
func (t InspectedText) ProblemAt(offset int, code, message, hint string) problem.Problem {
	return t.at.ProblemAt(offset, code, message, hint)
}

// InspectedTemplate is a named reply.
type InspectedTemplate struct {
	InspectedName
	Replies []InspectedText
}

// InspectedSchedule is when the rules of a file are active that don't say otherwise.
type InspectedSchedule struct {
	Active *schedule.Schedule

	at yamlpos.Pos
}

// Problem makes a problem that stands at the key.
func (s InspectedSchedule) Problem(code, message, hint string) problem.Problem {
	return s.at.Key("active").Problem(code, message, hint)
}

// Inspect lays the set open. It reads the files once more, so it is for those who have the time.
func (s *Set) Inspect() *Inspection {
	made := &Inspection{Reader: s.language.Reader()}
	for _, r := range s.rules {
		made.Rules = append(made.Rules, r.inspected())
	}
	for _, f := range s.source {
		if !f.List && f.Unread == "" {
			made.file(f)
		}
	}
	return made
}

func (r *rule) inspected() InspectedRule {
	made := InspectedRule{
		Rule:      r.about,
		Accounts:  r.accounts,
		Media:     r.media,
		Active:    r.active,
		OwnActive: r.about.at.Has("active"),
		Continue:  r.goesOn,
		Bounds:    r.bounds,
		MaxAge:    r.maxAge,
		When:      r.when.inspected(),
		Unless:    r.unless.inspected(),
	}
	for _, kind := range platform.Kinds() {
		if r.kinds.has(kind) {
			made.Kinds = append(made.Kinds, kind)
		}
	}
	made.Replies, made.Template = inspectedReplies(r.replies)
	made.PrivateReplies, made.PrivateTemplate = inspectedReplies(r.privateReplies)
	made.Hides = r.hides
	if r.notice != nil {
		made.Notice = InspectedText{Text: r.notice.at.Value, at: r.notice.at}
	}
	return made
}

func inspectedReplies(variants []variant) (texts []InspectedText, template string) {
	for _, v := range variants {
		texts = append(texts, InspectedText{Text: v.at.Value, at: v.at})
		if name, named := strings.CutPrefix(v.key, "template "); named {
			template = name
		}
	}
	return texts, template
}

func (x *located) inspected() InspectedText {
	if x == nil {
		return InspectedText{}
	}
	return InspectedText{Text: x.at.Value, at: x.at}
}

// file adds what a file names for the whole set.
func (i *Inspection) file(f File) {
	doc, _ := yamlpos.Parse(f.Name, f.Text)
	var shape fileShape
	doc.Decode(&shape)
	for _, e := range shape.Lists {
		i.Lists = append(i.Lists, InspectedName{e.Key.Value, e.Key})
	}
	for _, e := range shape.Conditions {
		i.Conditions = append(i.Conditions, InspectedText{InspectedName{e.Key.Value, e.Key}, e.Value.Value, e.Value})
	}
	for _, e := range shape.Templates {
		t := InspectedTemplate{InspectedName: InspectedName{e.Key.Value, e.Key}}
		for _, reply := range e.Value {
			t.Replies = append(t.Replies, InspectedText{Text: reply.Value, at: reply})
		}
		i.Templates = append(i.Templates, t)
	}
	var b builder
	if active, _ := b.active(shape.Defaults.Active); active != nil {
		i.Schedules = append(i.Schedules, InspectedSchedule{active, shape.Defaults.At})
	}
}
