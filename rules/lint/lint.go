// Package lint tells an author what is probably not meant in a good set of rules: rules that can never speak, tests that
// find too much or nothing, replies that look like spam. A set runs with all of it, so everything here is a warning.
//
// It warns only where it is sure. Of conditions it knows the logical form and what their tests say by it (see
// expression.Tree), and asks package logic for proofs; what takes long to find out stays untold.
package lint

import (
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
)

// Lint warns of a set, in the order of files and lines. now tells which schedules are over.
func Lint(set *rules.Set, now time.Time) problem.List {
	l := linter{Inspection: set.Inspect(), now: now, told: map[problem.Problem]bool{}, spoiled: map[string]bool{}, hopeless: map[string]bool{}}
	l.uses()
	l.unused()
	l.foreign()
	l.untold()
	l.texts()
	l.replies()
	l.schedules()
	l.conditions()
	l.found.Sort()
	return l.found
}

// linter looks through one set.
type linter struct {
	*rules.Inspection
	now   time.Time
	found problem.List
	told  map[problem.Problem]bool

	used   map[use]bool
	within map[string][]string // the conditions that a condition names
	// kinds are those of the rules that use a condition, in the end.
	kinds map[string][]platform.Kind
	// spoiled are the conditions of which was told that they, or a part of them, can't be right: rules that use them
	// need not hear it again.
	spoiled map[string]bool
	// hopeless are the rules of which the same is so.
	hopeless map[string]bool
}

// warn notes a warning, once.
func (l *linter) warn(p problem.Problem) {
	p.Severity = problem.Warning
	if !l.told[p] {
		l.told[p] = true
		l.found = append(l.found, p)
	}
}

// place is where an expression or a reply stands.
type place struct {
	rules.InspectedText
	rule  string // empty of what the whole set shares
	key   string // as in "when", "condition asks_price"
	kinds []platform.Kind
}

// warnAt notes a warning at a place in the text.
func (l *linter) warnAt(p place, offset int, code, hint, message string) {
	made := p.ProblemAt(offset, code, p.key+": "+message, hint)
	made.Rule = p.rule
	l.warn(made)
}

// expressions are all that stand in the set's conditions and replies, less those of rules that are not enabled.
func (l *linter) expressions(visit func(place, expression.Placed)) {
	l.conditionTexts(func(p place) { visit(p, expression.Placed{Text: p.Text}) })
	shown := func(p place) {
		for _, shown := range expression.Interpolations(p.Text) {
			visit(p, shown)
		}
	}
	l.replyTexts(shown)
	l.otherTexts(shown)
}

// conditionTexts are the conditions of rules and those with a name.
func (l *linter) conditionTexts(visit func(place)) {
	for _, c := range l.Conditions {
		visit(place{c, "", "condition " + c.Name, l.kinds[c.Name]})
	}
	for i := range l.Rules {
		for _, p := range placesOf(&l.Rules[i]) {
			visit(p)
		}
	}
}

// placesOf are a rule's own conditions; none if it isn't enabled.
func placesOf(r *rules.InspectedRule) []place {
	var places []place
	if r.Enabled && r.When.Text != "" {
		places = append(places, place{r.When, r.Name, "when", r.Kinds})
	}
	if r.Enabled && r.Unless.Text != "" {
		places = append(places, place{r.Unless, r.Name, "unless", r.Kinds})
	}
	return places
}

// replyTexts are the public replies of rules and the templates.
func (l *linter) replyTexts(visit func(place)) {
	for _, t := range l.Templates {
		for _, reply := range t.Replies {
			visit(place{reply, "", "template " + t.Name, platform.Kinds()})
		}
	}
	for _, r := range l.Rules {
		if !r.Enabled || r.Template != "" {
			continue
		}
		for _, reply := range r.Replies {
			visit(place{reply, r.Name, "reply", r.Kinds})
		}
	}
}

// otherTexts is what rules say beside their public replies.
func (l *linter) otherTexts(visit func(place)) {
	for _, r := range l.Rules {
		if !r.Enabled {
			continue
		}
		if r.PrivateTemplate == "" {
			for _, reply := range r.PrivateReplies {
				visit(place{reply, r.Name, "private_reply", r.Kinds})
			}
		}
		if r.Notice.Text != "" {
			visit(place{r.Notice, r.Name, "notify", r.Kinds})
		}
	}
}
