package outline_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/outline"
	"github.com/answerback/answerback/rules/text"
)

var update = flag.Bool("update", false, "rewrite the golden outline")

// outcomes are one of every sort, with texts that are long, wide and hostile.
func outcomes() []rules.Outcome {
	leaf := rules.Trace{Text: "text", Value: `"lovely"`}
	deep := rules.Trace{Text: "mentions_me", Value: "false"}
	for range 17 {
		deep = rules.Trace{Text: "not (" + deep.Text + ")", Value: "true", Of: []rules.Trace{deep}}
	}
	return []rules.Outcome{
		{Name: "not for such events", Outcome: rules.NotApplicable, Because: rules.BecauseKind},
		{Name: "price", Outcome: rules.NoMatch, Because: rules.BecauseWhen, NearMiss: `has(text, "price")`,
			When: &rules.Trace{Text: `has(text, "price") and asks and len(words) > 3`, Value: "false", Of: []rules.Trace{
				{Text: `has(text, "price")`, Value: "false", Of: []rules.Trace{leaf}},
				{Text: `text endsWith "?"`, Condition: "asks"},
				{Text: `len(words) > 3`},
			}},
			Unless: &rules.Trace{Text: "from.username in lists.staff"}},
		{Name: "greeting", Outcome: rules.Matched,
			When: &rules.Trace{Text: `text != "" and len(words) > 0 and text != "x"`, Value: "true", Of: []rules.Trace{
				{Text: `text != ""`, Value: "true", Of: []rules.Trace{leaf}},
				{Text: `len(words) > 0`, Value: "true", Of: []rules.Trace{{Text: "len(words)", Value: "1", Of: []rules.Trace{{Text: "words", Value: `["lovely"]`}}}}},
				{Text: `text != "x"`, Value: "true", Of: []rules.Trace{leaf}},
			}}},
		{Name: "held back", Outcome: rules.HeldBack, Because: rules.BecauseCooldown, Until: time.Date(2024, 1, 1, 12, 0, 30, 0, time.UTC)},
		{Name: "failing", Outcome: rules.Failed, Because: rules.BecauseFailed, Detail: "rules/a.yaml:4:11: when: index out of range: 9 (array length is 1)",
			When: &rules.Trace{Text: `words[9] == "x"`, Error: "index out of range: 9 (array length is 1)", Of: []rules.Trace{
				{Text: "words[9]", Error: "index out of range: 9 (array length is 1)", Of: []rules.Trace{{Text: "words", Value: `["lovely"]`}}},
			}}},
		{Name: strings.Repeat("a long name ", 10) + "\x1b[31m\u202e\nx", Outcome: rules.NoMatch, Because: rules.BecauseUnless,
			Unless: &rules.Trace{Text: `has(text, "` + strings.Repeat("値段", 60) + "\u202e\u0085\x1b]0;x\a" + `", "👩🏽‍💻")`, Value: "true"}},
		{Name: "deep", Outcome: rules.NoMatch, Because: rules.BecauseUnless, Unless: &deep},
		{Name: "after", Outcome: rules.NotReached},
	}
}

func TestOutline(t *testing.T) {
	const golden = "testdata/outline.txt"
	got := outline.Style{Indent: 4}.Rules(outcomes())
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
	fits(t, got)
}

// Colours change nothing but the colours, and each ends in its line.
func TestColour(t *testing.T) {
	coloured := outline.Style{Indent: 4, Colour: true}.Rules(outcomes())
	if got := regexp.MustCompile(`\x1b\[\d*m`).ReplaceAllString(coloured, ""); got != (outline.Style{Indent: 4}.Rules(outcomes())) {
		t.Errorf("without colours it says:\n%s", got)
	}
	for line := range strings.Lines(coloured) {
		if starts, ends := strings.Count(line, "\x1b["), strings.Count(line, "\x1b[0m"); starts != 2*ends {
			t.Errorf("a colour doesn't end: %q", line)
		}
	}
	for _, want := range []string{"\x1b[32mmatched\x1b[0m", "\x1b[31mfalse\x1b[0m", "\x1b[32mtrue\x1b[0m", "\x1b[33mnear miss\x1b[0m"} {
		if !strings.Contains(coloured, want) {
			t.Errorf("no %q", want)
		}
	}
}

// Whatever stands in a rule, lines fit, nothing is lost, and nothing acts on the terminal.
func TestOutlineOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z値\x{300}👩🏽‍💻]{0,60} ?){0,8}`)).Draw(t, "text")
		o := rules.Outcome{Name: "x", Outcome: rules.NoMatch, Because: rules.BecauseWhen, When: &rules.Trace{Text: source, Value: "false"}}
		got := outline.Style{Indent: rapid.IntRange(0, 8).Draw(t, "indent")}.Rules([]rules.Outcome{o})
		fits(t, got)
		for _, r := range source {
			if unicode.IsLetter(r) && strings.Count(got, string(r)) < strings.Count(source, string(r)) {
				t.Fatalf("%q is lost in\n%s", r, got)
			}
		}
	})
}

func fits(t interface{ Errorf(string, ...any) }, drawn string) {
	for line := range strings.Lines(drawn) {
		line = strings.TrimSuffix(line, "\n")
		if n := text.Cells(line); n > 80 {
			t.Errorf("%d cells: %q", n, line)
		}
		if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("what acts or hides: %q", line)
		}
	}
}
