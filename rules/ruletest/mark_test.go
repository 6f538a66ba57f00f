package ruletest_test

import (
	"strings"
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/text"
)

// Values are shown whole, in lines that fit a terminal; and what isn't marked of two replies is the same in both, so
// that nothing that differs goes unmarked.
func TestMarks(t *testing.T) {
	sign := rapid.SampledFrom([]string{"a", "b", "c", " ", "日", "👨‍👩‍👧", "é", "🇵🇹"})
	reply := rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(sign, 1, 120).Draw(t, "signs"), "") })
	rapid.Check(t, func(t *rapid.T) {
		want, got := reply.Draw(t, "want"), reply.Draw(t, "got")
		printed := difference(t, want, got)
		wantShown, wantBare := unmarked(t, printed[0])
		gotShown, gotBare := unmarked(t, printed[1])
		if wantShown != `"`+want+`"` || gotShown != `"`+got+`"` {
			t.Fatalf("%q and %q are shown as %s and %s", want, got, wantShown, gotShown)
		}
		if wantBare != gotBare {
			t.Fatalf("of %q and %q what isn't marked differs: %s and %s", want, got, wantBare, gotBare)
		}
		if want == got && wantBare != wantShown {
			t.Fatalf("%q has marks beside itself", want)
		}
	})
}

// difference prints a case whose reply differs, and gives the lines of either value with those of its marks.
func difference(t *rapid.T, want, got string) (lines [2][]string) {
	report := ruletest.Report{Results: []ruletest.Result{{
		Case:    &ruletest.Case{Name: "x", File: "a.yaml", Steps: make([]ruletest.Step, 1)},
		Failure: &ruletest.Failure{Step: 1, Differences: []ruletest.Difference{{Key: "reply", Want: want, Got: got}}},
	}}}
	var b strings.Builder
	if err := report.Text(&b); err != nil {
		t.Fatal(err)
	}
	const indent = 13
	value := -1
	for line := range strings.Lines(b.String()) {
		line = strings.TrimSuffix(line, "\n")
		if text.Cells(line) > 80 {
			t.Fatalf("%q is too long", line)
		}
		switch {
		case strings.HasPrefix(line, "    expected "):
			value = 0
		case strings.HasPrefix(line, "    got "):
			value = 1
		case line == "":
			value = -1
		}
		if value >= 0 {
			lines[value] = append(lines[value], line[indent:])
		}
	}
	return lines
}

// unmarked puts the lines of a value together, and those of its signs that have no mark below them.
func unmarked(t *rapid.T, lines []string) (shown, bare string) {
	for i, line := range lines {
		if isMarks(line) {
			continue
		}
		marks := ""
		if i+1 < len(lines) && isMarks(lines[i+1]) {
			marks = lines[i+1]
		}
		shown += line
		at := 0
		for it := graphemes.FromString(line); it.Next(); at += text.Cells(it.Value()) {
			if at >= len(marks) || marks[at] == ' ' {
				bare += it.Value()
			}
		}
		if len(marks) > at {
			t.Fatalf("%q has marks beyond its end: %q", line, marks)
		}
	}
	return shown, bare
}

func isMarks(line string) bool {
	return strings.Contains(line, "^") && strings.Trim(line, "^ ") == ""
}
