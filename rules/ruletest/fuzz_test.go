package ruletest_test

import (
	"io"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/ruletest"
)

// Whatever stands in rules and cases, what is wrong is said of a place in the files, and what isn't can be run and
// printed.
func FuzzLoad(f *testing.F) {
	for _, folder := range []string{"problems", "review", "reports"} {
		for _, golden := range seeds(f, folder) {
			f.Add(golden[0], golden[1])
		}
	}
	f.Add([]byte("rules: [{name: a, reply: x, tests: &t [{event: {}, expect: {rule: a}}]}]"), []byte("tests: *t"))
	f.Add([]byte("rules: [{name: [a], on: {b: c}, tests: {d: [e]}}]"), []byte("tests: [[], {events: {}}, {event: [], expect: []}]"))
	f.Fuzz(func(t *testing.T, rule, cases []byte) {
		src := rules.Source{{Name: "a.yaml", Text: rule}}
		suite, problems := ruletest.Load(src, []rules.File{{Name: "a_test.yaml", Text: cases}}, samples)
		for _, p := range problems {
			text := rule
			if p.File == "a_test.yaml" {
				text = cases
			}
			if p.File == "" || p.Line > len(text)+1 {
				t.Errorf("%s lies in no file", p)
			}
		}
		set, _ := rules.Compile(src)
		if set == nil {
			return
		}
		suite.Review(set)
		report := suite.Run(set, ruletest.Options{Ledger: newBrief, Coverage: true})
		var text, junit strings.Builder
		for _, err := range []error{report.Text(&text), report.JSON(io.Discard, true, problems), report.JUnit(&junit, problems)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		harmless(t, text.String())
		readXML(t, []byte(junit.String()))
	})
}

// seeds are the rules and cases of the golden files.
func seeds(f *testing.F, folder string) (all [][2][]byte) {
	f.Helper()
	for _, golden := range goldens(f, folder) {
		var seed [2][]byte
		if len(golden.rules) > 0 {
			seed[0] = golden.rules[0].Text
		}
		if len(golden.cases) > 0 {
			seed[1] = golden.cases[0].Text
		}
		all = append(all, seed)
	}
	return all
}
