package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/yamlpos"
)

// A code means one thing in all that check and test print.
func TestCodesAreUnique(t *testing.T) {
	all := 0
	for _, some := range []map[string]string{yamlpos.Codes(), rules.Codes(), lint.Codes(), ruletest.Codes()} {
		all += len(some)
	}
	if told := len(codes()); told != all || told < 50 {
		t.Errorf("%d codes of %d are left", told, all)
	}
}

// Each code that the tests of the project see printed has a meaning. 4xx of errors are the configuration's.
func TestPrintedCodesHaveMeanings(t *testing.T) {
	printed := regexp.MustCompile(`(?:error|warning) ([EW][0-9]{3}): `)
	seen := map[string]bool{}
	for _, pattern := range []string{"testdata/script/*.txtar", "../../rules/testdata/problems/*.txtar", "../../rules/ruletest/testdata/problems/*.txtar", "../../rules/ruletest/testdata/review/*.txtar", "../../rules/lint/testdata/*.txtar"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range printed.FindAllStringSubmatch(string(text), -1) {
				seen[m[1]] = true
			}
		}
	}
	if len(seen) < 30 {
		t.Errorf("only %d codes were found", len(seen))
	}
	for code := range seen {
		if codes()[code] == "" && !strings.HasPrefix(code[1:], "4") { // those of the configuration say it themselves
			t.Errorf("%s has no meaning", code)
		}
	}
}
