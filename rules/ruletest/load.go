package ruletest

import (
	"fmt"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// maxFile bounds a file of cases as rule files are bounded, in bytes: sources needn't come from a disk.
const maxFile = 4 << 20

// Load makes a suite of the cases that stand in the rule files of a source and in files of cases, and tells all that is
// wrong with them, in the order of files and lines. What is wrong with the rules themselves is rules.Compile's to
// tell. Samples are read on the way, their paths resolved from the folder of the file that names them; without a
// sampler they can't be judged. With errors the suite holds those cases that are good.
func Load(src rules.Source, cases []rules.File, sample Sampler) (*Suite, problem.List) {
	l := loader{suite: &Suite{}, sample: sample}
	for _, f := range src {
		if !f.List {
			l.suite.rules = append(l.suite.rules, rulesOf(f)...)
		}
	}
	for _, r := range l.suite.rules {
		l.names = append(l.names, r.name.Value)
	}
	for _, r := range l.suite.rules {
		if r.tests != nil {
			l.inRule(r)
		}
	}
	for _, f := range cases {
		l.inFile(f)
	}
	l.problems.Sort()
	return l.suite, l.problems
}

// loader gathers the cases of one set.
type loader struct {
	suite    *Suite
	sample   Sampler
	names    []string // of the set's rules
	problems problem.List
}

// inRule loads the cases that stand in a rule.
func (l *loader) inRule(r written) {
	var list []*yamlpos.Node
	problems := r.tests.Decode(&list)
	if len(list) == 0 && !problems.HasErrors() {
		problems = append(problems, r.tests.Problem(codeNoCases, "tests is an empty list", ""))
	}
	place := place{file: r.file, rule: r.name.Value, kind: r.kind}
	l.report(place, problems)
	l.cases(list, place)
}

// inFile loads a file of cases.
func (l *loader) inFile(f rules.File) {
	place := place{file: f.Name, kind: platform.Comment}
	if len(f.Text) > maxFile {
		l.report(place, problem.List{{File: f.Name, Severity: problem.Error, Code: codeTooLarge,
			Message: fmt.Sprintf("the file is larger than %d MiB", maxFile>>20), Hint: "make several files of it"}})
		return
	}
	doc, problems := yamlpos.Parse(f.Name, f.Text)
	var shape fileShape
	problems = append(problems, doc.Decode(&shape)...)
	if !problems.HasErrors() && len(shape.Tests) == 0 {
		problems = append(problems, shape.none(doc))
	}
	l.report(place, problems)
	l.cases(shape.Tests, place)
}

// none says that a file of cases holds none.
func (s *fileShape) none(doc *yamlpos.Doc) problem.Problem {
	switch {
	case doc.Empty():
		return doc.Problem(codeNoCases, "the file holds nothing, or only comments", "cases stand under the key tests")
	case s.At.Has("tests"):
		return s.At.Key("tests").Problem(codeNoCases, "tests is an empty list", "")
	}
	return s.At.Problem(codeMissing, "the key tests is missing", "cases stand under it, as in a rule")
}

// cases loads the cases of one list.
func (l *loader) cases(list []*yamlpos.Node, at place) {
	for i, node := range list {
		if node == nil {
			continue
		}
		b := caseBuilder{place: at, node: node, number: i + 1, names: l.names, sample: l.sample}
		made, ok := b.build()
		l.report(at, b.problems)
		if ok {
			l.suite.Cases = append(l.suite.Cases, made)
		}
	}
}

func (l *loader) report(at place, problems problem.List) {
	for _, p := range problems {
		p.Rule = at.rule
		l.problems = append(l.problems, p)
	}
}

// place is where cases stand.
type place struct {
	file string
	rule string        // empty in a file of cases
	kind platform.Kind // of events that don't say theirs
}
