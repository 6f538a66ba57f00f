package expression

import (
	"testing"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/event"
)

// FuzzCondition says that no expression breaks the compiler or the machine, that faults lie within the text, and that a
// condition comes to the same under a name.
func FuzzCondition(f *testing.F) {
	for _, source := range []string{
		`has(text, lists.l, "x") and not c`, `text in lists.l`, `any(lists.l, # == text and c)`, `like(text, "chalenge")`,
		`plural(len(words), "a", "b") == "a"`, `lists?.l[0] == from.username`, `c ? c : not c`, `lists["l"] == 1`, `lists`, `c.d`, `c()`,
		`capture(text, "(?P<n>[0-9]+)").n matches "^1"`, `1 < len(text) < 3`, `first(filter(words, c)) ?: text == ""`,
	} {
		f.Add(source, "challenge 12 x")
	}
	f.Fuzz(func(t *testing.T, source, text string) {
		l := New()
		l.DefineList("l", []string{"a", "challenge", "b c"})
		l.DefineConditions([]NamedText{{"c", `has(text, lists.l)`}})
		c, faults := l.Condition(source)
		for _, fault := range faults {
			if fault.Offset < 0 || fault.Offset > utf8.RuneCountInString(source) || fault.Code == "" || fault.Message == "" {
				t.Errorf("fault %+v of %q", fault, source)
			}
		}
		if c == nil {
			if !hasErrors(faults) {
				t.Errorf("nothing is made of %q, and nothing is wrong with it", source)
			}
			return
		}
		e := &event.Event{Text: text, From: event.From{Username: "ada"}}
		got, err := c.Holds(NewScope(e))
		l.DefineConditions([]NamedText{{"again", source}})
		again, _ := l.Condition("again")
		under, errUnder := again.Holds(NewScope(e))
		if got != under || (err == nil) != (errUnder == nil) {
			t.Errorf("%q is %t (%v), but under a name %t (%v)", source, got, err, under, errUnder)
		}
	})
}
