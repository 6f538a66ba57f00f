package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/event"
	"github.com/answerback/answerback/rules/platform"
)

func holds(t testing.TB, l *Language, source string, e *event.Event) bool {
	t.Helper()
	c, faults := l.Condition(source)
	if c == nil {
		t.Fatalf("%s: %v", source, faults)
	}
	got, err := c.Holds(NewScope(e))
	if err != nil {
		t.Fatalf("%s: %v", source, err)
	}
	return got
}

// TestConditionsAreWhatTheyStandFor compares conditions that use each other with the same expression written out.
func TestConditionsAreWhatTheyStandFor(t *testing.T) {
	leaves := []string{"true", "false", `has(text, "a")`, `text == "a b"`, `any(words, # == "b")`, "mentions_me", `from.username in lists.names`, `has(text, lists.words)`}
	rapid.Check(t, func(t *rapid.T) {
		l := New()
		l.DefineList("names", []string{"ada", "bob"})
		l.DefineList("words", []string{"b", "c d"})
		var conditions []NamedText
		var inFull []string
		for i := range 6 {
			var parts, full []string
			for range rapid.IntRange(1, 3).Draw(t, "parts") {
				part := rapid.SampledFrom(leaves).Draw(t, "leaf")
				written := part
				if i > 0 && rapid.Bool().Draw(t, "uses another") {
					n := rapid.IntRange(0, i-1).Draw(t, "which")
					part, written = fmt.Sprint("c", n), "("+inFull[n]+")"
				}
				not := rapid.SampledFrom([]string{"", "not "}).Draw(t, "not")
				parts, full = append(parts, not+"("+part+")"), append(full, not+"("+written+")")
			}
			operator := rapid.SampledFrom([]string{" and ", " or "}).Draw(t, "operator")
			conditions = append(conditions, NamedText{fmt.Sprint("c", i), strings.Join(parts, operator)})
			inFull = append(inFull, strings.Join(full, operator))
		}
		slices.Reverse(conditions) // the order must not matter
		for i, faults := range l.DefineConditions(conditions) {
			if len(faults) > 0 {
				t.Fatal(conditions[i], faults)
			}
		}
		e := &event.Event{Text: rapid.SampledFrom([]string{"", "a b", "b", "c d"}).Draw(t, "text"), From: event.From{Username: "bob"}}
		s := NewScope(e)
		for i := range conditions {
			x, _ := l.Condition(fmt.Sprint("c", i))
			got, err := x.Holds(s)
			if want := isTrue(l, inFull[i], e); err != nil || got != want {
				t.Fatalf("c%d is %t (%v), but %s is %t", i, got, err, inFull[i], want)
			}
		}
	})
}

// isTrue is false of what fails or is faulty too.
func isTrue(l *Language, source string, e *event.Event) bool {
	c, _ := l.Condition(source)
	if c == nil {
		return false
	}
	got, _ := c.Holds(NewScope(e))
	return got
}

// TestListsAreWhatTheyHold compares a list by its name with the same one written out.
func TestListsAreWhatTheyHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ab]{1,2}`)
		entries := rapid.SliceOfN(word, 1, 4).Draw(t, "entries")
		l := New()
		l.DefineList("l", entries)
		quoted := fmt.Sprintf(`["%s"]`, strings.Join(entries, `", "`))
		e := &event.Event{Text: strings.Join(rapid.SliceOfN(word, 0, 4).Draw(t, "text"), " ")}
		for _, form := range []string{"text in LIST", "text not in LIST", "has(text, LIST)", "hasAll(text, LIST)", `has(text, LIST, "ba")`,
			"has(lower(text), LIST)", "any(words, # in LIST)", "len(LIST) > 2", `join(LIST, " ") == text`, "first(LIST) == text",
			`any(LIST, text contains #)`, "LIST[0] == text"} {
			written := strings.ReplaceAll(form, "LIST", quoted)
			if got, want := isTrue(l, strings.ReplaceAll(form, "LIST", "lists.l"), e), isTrue(l, written, e); got != want {
				t.Errorf("%s with a named list is %t, want %t, of %q", written, got, want, e.Text)
			}
		}
	})
}

// TestAConditionIsEvaluatedOnce has a condition's value replaced in the scope, which all later uses must take.
func TestAConditionIsEvaluatedOnce(t *testing.T) {
	l := New()
	l.DefineConditions([]NamedText{{"inner", `has(text, "a")`}, {"outer", "inner or inner"}})
	s := NewScope(&event.Event{Text: "a"})
	outer, _ := l.Condition("outer and inner")
	if got, err := outer.Holds(s); !got || err != nil || len(s.known) != 2 {
		t.Fatalf("%t, %v, %d known", got, err, len(s.known))
	}
	broken := errors.New("looked up")
	s.known[l.conditions["inner"]] = truth{err: broken}
	again, _ := l.Condition("not inner")
	if _, err := again.Holds(s); !errors.Is(err, broken) {
		t.Errorf("the condition was evaluated again: %v", err)
	}
}

// TestConditionsPayForThemselves shows that the first who uses an expensive condition has its own steps left, and that
// each condition has its bounds.
func TestConditionsPayForThemselves(t *testing.T) {
	l := New()
	const loop = `len(filter(words, any(words, # == "x"))) == 0`
	l.DefineConditions([]NamedText{{"costly", loop}, {"endless", strings.ReplaceAll(loop, `# == "x"`, `any(words, # == "x")`)}})
	s := NewScope(&event.Event{Text: strings.Repeat("a ", 250)})
	x, faults := l.Condition(loop + " and costly and " + `not any(words, # == "x")`)
	if x == nil {
		t.Fatal(faults)
	}
	if got, err := x.Holds(s); !got || err != nil {
		t.Errorf("%t, %v", got, err)
	}
	x, _ = l.Condition("mentions_me or endless")
	_, err := x.Holds(s)
	if err == nil {
		t.Fatal("no bound")
	}
	if _, message := Describe(err); message != "condition endless: the expression takes too many steps for this event" {
		t.Errorf("%s", message)
	}
}

func TestConditionsNestSoFar(t *testing.T) {
	chain := func(n int, backwards bool) (*Language, [][]Fault) {
		l := New()
		all := []NamedText{{"c0", `has(text, "a")`}}
		for i := 1; i < n; i++ {
			all = append(all, NamedText{fmt.Sprint("c", i), fmt.Sprintf("c%d or c%d", i-1, i-1)})
		}
		if backwards {
			slices.Reverse(all)
		}
		return l, l.DefineConditions(all)
	}
	l, faults := chain(maxNested, true)
	for _, f := range faults {
		if len(f) > 0 {
			t.Fatal(f)
		}
	}
	if holds(t, l, fmt.Sprint("c", maxNested-1), &event.Event{Text: "b"}) {
		t.Error("it holds")
	}
	for _, backwards := range []bool{false, true} {
		_, faults := chain(maxNested+1, backwards)
		if found := slices.Concat(faults...); len(found) != 1 || found[0].Code != CodeTooComplex {
			t.Errorf("faults %v", found)
		}
		l, _ := chain(5_000, backwards)
		for _, c := range l.conditions {
			if c.x != nil && c.depth > maxNested {
				t.Fatalf("%s is %d deep", c.name, c.depth)
			}
		}
	}
}

func TestNames(t *testing.T) {
	l := New()
	for _, name := range []string{"a", "asks_price", "x2", "like_it", strings.Repeat("a", 64)} {
		if message, _ := l.CheckName(name); message != "" {
			t.Errorf("%s: %s", name, message)
		}
	}
	for _, name := range []string{"", "A", "2x", "_a", "a-b", "a b", "ä", "lists", "text", "from", "has", "plural", "and", "not", "in", "true",
		"nil", "let", "if", "else", "matches", strings.Repeat("a", 65)} {
		if message, hint := l.CheckName(name); message == "" || hint == "" {
			t.Errorf("%q is taken for a good name", name)
		}
	}
}

// TestEveryGoodNameCanBeUsed keeps the list of reserved words whole: whatever is a good name can be read as one.
func TestEveryGoodNameCanBeUsed(t *testing.T) {
	words := []string{"let", "if", "else", "and", "or", "not", "in", "matches", "contains", "startswith", "true", "false", "nil", "get", "type",
		"sum", "mean", "median", "keys", "values", "sort", "uniq", "concat", "flatten", "reverse", "take", "now", "date", "duration",
		"timezone", "repeat", "reduce", "bitand", "env", "ok", "then"}
	for _, word := range words {
		l := New()
		if message, _ := l.CheckName(word); message != "" {
			continue
		}
		l.DefineConditions([]NamedText{{word, "mentions_me"}})
		if c, faults := l.Condition(word + " or not " + word); c == nil {
			t.Errorf("%s can't be used: %v", word, faults)
		}
	}
}

func TestConditionsInTemplates(t *testing.T) {
	l := New()
	l.DefineConditions([]NamedText{{"always", "true"}, {"asks", `text contains "?"`}})
	l.DefineList("words", []string{"a", "b"})
	for source, want := range map[string]string{
		`{{ always ? "yes" : "no" }}`:                      "yes",
		`{{ asks ? "@you" : text }}`:                       "@you",
		`{{ lists.words[1] }}{{ join(lists.words, "+") }}`: "ba+b",
		`{{ plural(len(lists.words), "@one", "#many") }}`:  "#many",
		`{{ plural(1, text, "x") }}!`:                      "evil?!",
	} {
		template, faults := l.Template(source)
		if template == nil {
			t.Errorf("%s: %v", source, faults)
			continue
		}
		if got, err := template.Render(NewScope(&event.Event{Text: "@evil?"}), platform.ReplyLimit()); got != want || err != nil {
			t.Errorf("%s gave %q, %v; want %q", source, got, err, want)
		}
	}
}
