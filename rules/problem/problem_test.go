package problem_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/answerback/answerback/rules/problem"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample has one problem for each thing that printing has to get right.
func sample() problem.List {
	long := `    reply: "` + strings.Repeat("a very long reply ", 10) + `{{ nope }}` + strings.Repeat(" and so on", 10) + `"`
	return problem.List{
		{File: "rules/a.yaml", Line: 3, Column: 11, Severity: problem.Error, Code: "E201", Rule: "welcome",
			Message: "when: unknown name txet", Hint: `did you mean "text"?`, Source: `    when: txet == "hi"`},
		{File: "rules/a.yaml", Line: 4, Column: 1, Severity: problem.Warning, Code: "W301", Message: "a warning without hint", Source: "rules:"},
		{File: "rules/b.yaml", Severity: problem.Error, Code: "E100", Message: "no rule in it"},
		{File: "rules/b.yaml", Line: 7, Severity: problem.Error, Code: "E102", Message: "a line, no column", Source: "  x: ["},
		{Severity: problem.Error, Message: "neither place nor code"},
		{File: "tabs.yaml", Line: 1, Column: 4, Severity: problem.Error, Code: "E1", Message: "tabs before the caret", Source: "\ta\tb"},
		{File: "wide.yaml", Line: 1, Column: 12, Severity: problem.Error, Code: "E1", Message: "wide characters", Source: "reply: 日本語 x"},
		{File: "emoji.yaml", Line: 1, Column: 4, Severity: problem.Error, Code: "E1", Message: "wide and combining", Source: "🎉e\u0301x"},
		{File: "long.yaml", Line: 1, Column: strings.Index(long, "nope") + 1, Severity: problem.Error, Code: "E1", Message: "a long line, in the middle", Source: long},
		{File: "long.yaml", Line: 1, Column: 5, Severity: problem.Error, Code: "E1", Message: "a long line, at the start", Source: long},
		{File: "long.yaml", Line: 1, Column: len(long) + 1, Severity: problem.Error, Code: "E1", Message: "a long line, after its end", Source: long},
		{File: "past.yaml", Line: 1, Column: 99, Severity: problem.Error, Code: "E1", Message: "a column outside the line", Source: "a: b"},
		{File: "evil\x1b[2J,x:y.yaml", Line: 1, Column: 4, Severity: problem.Error, Code: "E1", Rule: "a\x1b]0;x\a",
			Message: "one\n::error::two\x1b[31m 100% \u009b1m \u202egnp", Hint: "three\nfour\x7f", Source: "a: \x1b[2Jb\u202ec\xff"},
	}
}

func TestGolden(t *testing.T) {
	formats := map[string]func(*bytes.Buffer) error{
		"text":   func(b *bytes.Buffer) error { return sample().Text(b) },
		"json":   func(b *bytes.Buffer) error { return sample().JSON(b, false, 7) },
		"github": func(b *bytes.Buffer) error { return sample().GitHub(b) },
	}
	for name, print := range formats {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := print(&got); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Errorf("output differs (-want +got):\n%s", diff)
			}
			for _, r := range got.String() {
				if r != '\n' && (unicode.IsControl(r) || r == '\u202e') {
					t.Errorf("output holds %U, which steers a terminal", r)
				}
			}
		})
	}
}

func TestJSONIsTheSameData(t *testing.T) {
	var b bytes.Buffer
	if err := sample().JSON(&b, false, 7); err != nil {
		t.Fatal(err)
	}
	var got struct {
		OK       bool
		Rules    int
		Problems problem.List
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	want := sample()
	for i := range want {
		want[i].Source = ""
	}
	if diff := cmp.Diff(want, got.Problems); diff != "" || got.OK || got.Rules != 7 {
		t.Errorf("ok %v, rules %d, problems (-want +got):\n%s", got.OK, got.Rules, diff)
	}
}

func TestJSONWithoutProblems(t *testing.T) {
	var b bytes.Buffer
	if err := problem.List(nil).JSON(&b, true, 0); err != nil {
		t.Fatal(err)
	}
	if want := `{"ok":true,"rules":0,"problems":[]}` + "\n"; b.String() != want {
		t.Errorf("got %s want %s", b.String(), want)
	}
}

func TestHasErrors(t *testing.T) {
	cases := map[string]struct {
		list problem.List
		want bool
	}{
		"none":            {nil, false},
		"warnings only":   {problem.List{{Severity: problem.Warning}}, false},
		"one error":       {problem.List{{Severity: problem.Warning}, {Severity: problem.Error}}, true},
		"severity unsaid": {problem.List{{Message: "x"}}, true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := c.list.HasErrors(); got != c.want {
				t.Errorf("HasErrors() = %v, want %v", got, c.want)
			}
		})
	}
}

func TestSort(t *testing.T) {
	sorted := problem.List{
		{File: "a", Message: "whole file"},
		{File: "a", Line: 2, Column: 1, Code: "E2"},
		{File: "a", Line: 2, Column: 9, Code: "E1"},
		{File: "a", Line: 2, Column: 9, Code: "E3", Message: "first found"},
		{File: "a", Line: 2, Column: 9, Code: "E3", Message: "found later"},
		{File: "a", Line: 10, Column: 1},
		{File: "b", Line: 1, Column: 1},
	}
	mixed := problem.List{sorted[6], sorted[3], sorted[5], sorted[2], sorted[4], sorted[1], sorted[0]}
	mixed.Sort()
	if diff := cmp.Diff(sorted, mixed); diff != "" {
		t.Errorf("order differs (-want +got):\n%s", diff)
	}
}

// The character above the caret is the one in the column, wherever a line was cut.
func TestCaretStandsUnderTheColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := []rune(rapid.StringOfN(rapid.SampledFrom([]rune("ab: ж{\"")), 1, 300, -1).Draw(t, "line"))
		line = slices.Repeat(line, rapid.IntRange(1, 9).Draw(t, "repeat"))
		column := rapid.IntRange(1, len(line)).Draw(t, "column")
		line[column-1] = '§'
		var b bytes.Buffer
		list := problem.List{{File: "f", Line: 1, Column: column, Message: "m", Source: string(line)}}
		if err := list.Text(&b); err != nil {
			t.Fatal(err)
		}
		printed := strings.Split(b.String(), "\n")
		at := strings.IndexByte(printed[2], '^')
		shown := []rune(printed[1])
		if slices.Index(shown, '§') != at {
			t.Errorf("caret at %d of %q", at, printed[1])
		}
		if len(shown) > 100 {
			t.Errorf("shown line has %d characters", len(shown))
		}
	})
}
