package lint_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
	"github.com/answerback/answerback/rules/problem"
)

var update = flag.Bool("update", false, "write what came as what is wanted")

// now is after what the goldens call over.
func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// TestWarnings compares what is said of sets with what stands in testdata, to the letter and the column. Each warning
// has a file of its own, with a set of which it is said and one, near to that, of which nothing is.
func TestWarnings(t *testing.T) {
	for code := range lint.Codes() {
		t.Run(code, func(t *testing.T) {
			name := filepath.Join("testdata", code+".txtar")
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fires, quiet, want := &archive.Files[0], &archive.Files[1], &archive.Files[2]
			if quietly := text(t, warningsOf(t, quiet)); quietly != "" {
				t.Errorf("nothing should be said, but is:\n%s", quietly)
			}
			found := warningsOf(t, fires)
			for _, p := range found {
				if p.Code != code || p.Severity != problem.Warning {
					t.Errorf("another is told: %s", p)
				}
			}
			got := text(t, found)
			if got == "" {
				t.Error("nothing is told")
			}
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// warningsOf are those of a good set.
func warningsOf(t *testing.T, f *txtar.File) problem.List {
	t.Helper()
	set, problems := rules.Compile(rules.Source{{Name: f.Name, Text: f.Data}})
	if set == nil {
		t.Fatalf("%v", problems)
	}
	return lint.Lint(set, now())
}

func text(t *testing.T, found problem.List) string {
	t.Helper()
	var b bytes.Buffer
	if err := found.Text(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The same set is told the same, in the order of its lines, and nothing twice.
func TestOrder(t *testing.T) {
	source := rules.Source{{Name: "a.yaml", Text: []byte(strings.Repeat("# comment\n", 10) + `conditions: {a: 'text == "A"', b: 'a or text == "B"'}
templates: {t: "SAYS IT VERY LOUDLY"}
rules:
  - {name: x, when: a or b, reply: {template: t}}
  - {name: y, when: b and text == "C", reply: {template: t}}
`)}}
	set, problems := rules.Compile(source)
	if set == nil {
		t.Fatal(problems)
	}
	first := lint.Lint(set, now())
	told := map[problem.Problem]bool{}
	for i, p := range first {
		if told[p] {
			t.Errorf("told twice: %s", p)
		}
		told[p] = true
		if i > 0 && (p.Line < first[i-1].Line || p.Line == first[i-1].Line && p.Column < first[i-1].Column) {
			t.Errorf("out of order: %s", p)
		}
	}
	for range 5 {
		if diff := cmp.Diff(first, lint.Lint(set, now())); diff != "" {
			t.Fatal(diff)
		}
	}
}
