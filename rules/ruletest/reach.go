package ruletest

import (
	"strings"

	"github.com/answerback/answerback/rules"
)

// reach gathers what cases reach, by the rules' names.
type reach map[string]*ruleReach

type ruleReach struct {
	matched      bool
	replies      sightings // by the variant's ID; true: said
	when, unless sightings // by the clause as it is written
}

// sightings are what was seen of things, in the order in which they were first seen.
type sightings struct {
	keys []string
	of   map[string]*sighting
}

type sighting struct {
	text                         string
	isTrue, isFalse, isEvaluated bool
	composite                    bool // made of clauses
	root                         bool // the whole condition
}

func (s *sightings) at(key, text string) *sighting {
	if s.of == nil {
		s.of = map[string]*sighting{}
	}
	if s.of[key] == nil {
		s.of[key] = &sighting{text: text}
		s.keys = append(s.keys, key)
	}
	return s.of[key]
}

func (r reach) rule(name string) *ruleReach {
	if r[name] == nil {
		r[name] = &ruleReach{}
	}
	return r[name]
}

// add takes in a decision, whose outcomes bear traces, and what came of it.
func (r reach) add(decision rules.Decision, came Conclusion) {
	for _, o := range decision.Rules {
		rule := r.rule(o.Name)
		rule.matched = rule.matched || o.Outcome == rules.Matched || o.Outcome == rules.HeldBack
		rule.when.condition(o.When)
		rule.unless.condition(o.Unless)
	}
	for _, c := range decision.Candidates {
		for _, v := range c.Variants {
			seen := r.rule(c.Rule).replies.at(v.ID, v.Text)
			if seen.text == "" {
				seen.text = v.Text
			}
			if c.Rule == came.Rule && v.Text == came.Reply && v.Text != "" {
				seen.isTrue = true
			}
		}
	}
}

// condition takes in how a condition came to its value.
func (s *sightings) condition(root *rules.Trace) {
	if root == nil {
		return
	}
	s.clause(root)
	if whole := s.of[clauseOf(root)]; whole != nil {
		whole.root = true
	}
}

// clause takes in a part of a condition that is true or false, or was left out because what stands before it had
// decided, and the parts that it is made of. It reports whether the part is one.
func (s *sightings) clause(t *rules.Trace) bool {
	text := clauseOf(t)
	truth := t.Value == "true" || t.Value == "false"
	leftOut := t.Value == "" && t.Error == ""
	if !truth && !leftOut {
		if seen := s.of[text]; seen != nil {
			seen.isEvaluated = true
		}
		return false
	}
	seen := s.at(text, text)
	seen.isTrue = seen.isTrue || t.Value == "true"
	seen.isFalse = seen.isFalse || t.Value == "false"
	seen.isEvaluated = seen.isEvaluated || truth
	for i := range t.Of {
		if s.clause(&t.Of[i]) {
			seen.composite = true
		}
	}
	return true
}

// clauseOf is a part as it is written, in one line: what tells it from others.
func clauseOf(t *rules.Trace) string { return strings.Join(strings.Fields(t.Text), " ") }

// gaps lists what a set has and no case reached, in the order of its rules. A rule that is disabled can't be reached.
func (r reach) gaps(set *rules.Set) []Gap {
	gaps := []Gap{}
	for _, about := range set.Rules() {
		if !about.Enabled {
			continue
		}
		gap := Gap{File: about.File, Line: about.Line(), Rule: about.Name}
		reached := r.rule(about.Name)
		if !reached.matched {
			gap.What, gap.Never = gapRule, "matched"
			gaps = append(gaps, gap)
		}
		gaps = append(gaps, reached.replies.unsaid(gap)...)
		gaps = append(gaps, reached.when.oneSided(gap, gapWhen)...)
		gaps = append(gaps, reached.unless.oneSided(gap, gapUnless)...)
	}
	return gaps
}

func (s *sightings) unsaid(gap Gap) (gaps []Gap) {
	for _, key := range s.keys {
		if seen := s.of[key]; !seen.isTrue {
			gap.What, gap.Text, gap.Never = gapVariant, seen.text, "said"
			gaps = append(gaps, gap)
		}
	}
	return gaps
}

// oneSided lists the clauses that never were true, or false, or looked at. What is made of clauses is listed only where
// it was never looked at, and the whole condition also where none of its clauses is listed: else it says nothing new.
func (s *sightings) oneSided(gap Gap, what string) (gaps []Gap) {
	gap.What = what
	var root *sighting
	for _, key := range s.keys {
		seen := s.of[key]
		if seen.root {
			root = seen
		}
		if gap.Text, gap.Never = seen.text, seen.never(); gap.Never != "" && (!seen.composite || !seen.isEvaluated) {
			gaps = append(gaps, gap)
		}
	}
	if root != nil && len(gaps) == 0 && root.never() != "" {
		gap.Text, gap.Never = root.text, root.never()
		gaps = append(gaps, gap)
	}
	return gaps
}

// never is what a clause never was; empty if it was all that it can be.
func (s *sighting) never() string {
	switch {
	case !s.isEvaluated:
		return "evaluated"
	case !s.isTrue && s.isFalse:
		return "true"
	case s.isTrue && !s.isFalse:
		return "false"
	}
	return ""
}
