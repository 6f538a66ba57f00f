package manual_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/manual"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/shape"
)

func pages(t *testing.T) (ofRules, ofExpressions, ofCodes string) {
	t.Helper()
	var r, e, c strings.Builder
	for _, err := range []error{manual.Rules(&r, ruletest.Cases()), manual.Expressions(&e), manual.Codes(&c, rules.Codes())} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return r.String(), e.String(), c.String()
}

// Pages are for terminals of 80 columns, and for eyes.
func TestPagesFit(t *testing.T) {
	ofRules, ofExpressions, ofCodes := pages(t)
	for _, page := range []string{ofRules, ofExpressions, ofCodes} {
		for line := range strings.Lines(page) {
			line = strings.TrimSuffix(line, "\n")
			if utf8.RuneCountInString(line) > 80 || strings.TrimRight(line, " ") != line {
				t.Errorf("%q", line)
			}
		}
		if strings.Contains(page, "\n\n\n") || strings.HasPrefix(page, "\n") || strings.HasSuffix(page, "\n\n") || len(page) < 1000 {
			t.Errorf("too much or too little space:\n%s", page)
		}
	}
}

// entries are the names that a page has meanings of.
func entries(page string) map[string]bool {
	all := map[string]bool{}
	for line := range strings.Lines(page) {
		if inner, ok := strings.CutPrefix(line, "  "); ok && inner[0] != ' ' {
			name, _, _ := strings.Cut(strings.TrimSpace(inner), "  ")
			all[name] = true
		}
	}
	return all
}

// Nothing of the language is left out of its pages.
func TestPagesAreWhole(t *testing.T) {
	ofRules, ofExpressions, ofCodes := pages(t)
	told := entries(ofRules)
	rules.Shape(ruletest.Cases()).Each(func(path string, mapping *shape.Shape) {
		for _, key := range mapping.Keys {
			if !told[key.Name] && !strings.Contains(ofRules, " "+key.Name+",") && !strings.Contains(ofRules, ", "+key.Name) {
				t.Errorf("the key %s.%s is not told of", path, key.Name)
			}
		}
	})
	for _, kind := range platform.Kinds() {
		if !told[string(kind)] {
			t.Errorf("the kind %s is not told of", kind)
		}
	}
	for _, r := range rules.Reasons() {
		if !told[string(r.Because)] {
			t.Errorf("the reason %s is not told of", r.Because)
		}
	}
	told = entries(ofExpressions)
	for _, f := range rules.Fields() {
		if !told[f.Name] {
			t.Errorf("the field %s is not told of", f.Name)
		}
	}
	for _, f := range rules.Functions() {
		if !told[strings.Join(f.Signatures, ", ")] {
			t.Errorf("the function %s is not told of", f.Name)
		}
	}
	told = entries(ofCodes)
	for code := range rules.Codes() {
		if !told[code] {
			t.Errorf("the code %s is not told of", code)
		}
	}
}

// What the page shows of each operator is an expression of the language.
func TestExamplesOfOperators(t *testing.T) {
	_, ofExpressions, _ := pages(t)
	_, part, _ := strings.Cut(ofExpressions, "\nOPERATORS\n")
	part, _, _ = strings.Cut(part, "\nFUNCTIONS\n")
	found := 0
	for line := range strings.Lines(part) {
		_, example, ok := strings.Cut(line, "as in ")
		if !ok || strings.HasSuffix(strings.TrimSpace(example), ".") {
			continue
		}
		found++
		_, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte("rules:\n  - name: a\n    reply: x\n    when: |-\n      " + example)}})
		if len(problems) > 0 {
			t.Errorf("%s%v", example, problems)
		}
	}
	if found < 12 {
		t.Errorf("only %d examples were found", found)
	}
}
