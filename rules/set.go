package rules

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Set is the compiled, immutable whole of all rule files. It is safe for concurrent use.
type Set struct {
	revision string
	source   Source
	rules    []*rule // in the order of evaluation
	reads    map[platform.Kind][]string
	index    index

	explaining sync.Mutex // guards the language
	language   *expression.Language
}

func newSet(src Source, rules []*rule, language *expression.Language) *Set {
	// The sort is stable: what has the same priority stays in the order of file names and of the file.
	slices.SortStableFunc(rules, func(a, b *rule) int { return cmp.Compare(b.priority, a.priority) })
	s := &Set{revision: src.Revision(), source: src, rules: rules, reads: map[platform.Kind][]string{}, language: language}
	readBy := map[string]kinds{}
	for _, r := range rules {
		if r.enabled {
			for _, field := range r.reads() {
				readBy[field] |= r.kinds
			}
		}
	}
	for _, kind := range platform.Kinds() {
		s.reads[kind] = []string{}
		for _, field := range slices.Sorted(maps.Keys(readBy)) {
			if readBy[field].has(kind) {
				s.reads[kind] = append(s.reads[kind], field)
			}
		}
	}
	s.index = newIndex(rules)
	return s
}

// Revision is the source's.
func (s *Set) Revision() string { return s.revision }

// Source is what the set was compiled from.
func (s *Set) Source() Source { return s.source }

// Len is the number of rules.
func (s *Set) Len() int { return len(s.rules) }

// Names are the rules' names, in the order of evaluation.
func (s *Set) Names() []string {
	names := make([]string, len(s.rules))
	for i, r := range s.rules {
		names[i] = r.name
	}
	return names
}

// Rule is what people want to know of a rule beside what it does.
type Rule struct {
	Name        string
	Description string
	Owner       string
	Tags        []string
	Mode        Mode
	Enabled     bool
	File        string
	// Fingerprint changes whenever anything in the rule does; comments and the form of the YAML don't count.
	Fingerprint string

	at yamlpos.Pos
}

// Line is where the rule begins in its file.
func (r Rule) Line() int { return r.at.Line() }

// Rules are the rules, in the order of evaluation.
func (s *Set) Rules() []Rule {
	rules := make([]Rule, len(s.rules))
	for i, r := range s.rules {
		rules[i] = r.about
	}
	return rules
}

// Reads lists the event's fields, as in "media.caption", that a rule which may apply to the kind looks at in a
// condition or a template, sorted. Enrichment fetches what of it a notification doesn't carry. A computed field stands
// there together with what it is computed from: a rule that reads "media.hashtags" reads "media.caption" too.
func (s *Set) Reads(kind platform.Kind) []string { return slices.Clone(s.reads[kind]) }

// FiltersByUsername reports whether a rule that is enabled applies to accounts named by username only. Such a filter
// counts as met for an event whose account has no known username, as in a dry run without a configuration.
func (s *Set) FiltersByUsername() bool {
	return slices.ContainsFunc(s.rules, func(r *rule) bool { return r.enabled && r.accounts.byUsername() })
}
