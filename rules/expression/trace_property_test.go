package expression_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/event"
	"github.com/answerback/answerback/rules/expression"
)

// tree is an expression that the test knows the structure of, without asking a parser.
type tree struct {
	op   string // and, or, not, choice; empty for an atom
	kids []tree
	text string // without brackets round it
}

func atoms() []string {
	return []string{
		"mentions_me", "comment.is_reply", `has(text, "blue")`, `text contains "e"`, `from.username in ["ada", "grace"]`,
		"comment.like_count > 2", "1 < len(words) < 4", `words[1] == "is"`, "int(text) > 1", `any(words, # == "blue")`,
		`has(text, [from.username, "blue"]) == mentions_me`, "if mentions_me { text == '' } else { kind == \"comment\" }",
	}
}

func drawTree(t *rapid.T, depth int) tree {
	op := rapid.SampledFrom([]string{"", "", "and", "or", "not", "choice"}).Draw(t, "op")
	if depth == 0 || op == "" {
		return tree{text: rapid.SampledFrom(atoms()).Draw(t, "atom")}
	}
	kids := map[string]int{"and": 2, "or": 2, "not": 1, "choice": 3}[op]
	if op == "and" || op == "or" {
		kids += rapid.IntRange(0, 1).Draw(t, "more")
	}
	x := tree{op: op}
	var texts []string
	for range kids {
		kid := drawTree(t, depth-1)
		x.kids = append(x.kids, kid)
		texts = append(texts, rapid.SampledFrom([]string{"(", "((", "(  \n("}).Draw(t, "bracket")+kid.text)
	}
	for i := range texts {
		texts[i] += strings.Repeat(")", strings.Count(texts[i], "(")-strings.Count(texts[i], ")"))
	}
	switch op {
	case "and", "or":
		sign := rapid.SampledFrom(map[string][]string{"and": {" and ", " && "}, "or": {" or ", " || ", "\n  or "}}[op]).Draw(t, "sign")
		x.text = strings.Join(texts, sign)
	case "not":
		x.text = rapid.SampledFrom([]string{"not ", "!"}).Draw(t, "sign") + texts[0]
	case "choice":
		x.text = texts[0] + " ? " + texts[1] + " : " + texts[2]
	}
	return x
}

// oneLine is a text as traces show it.
func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "( (", "( (")
}

// want is the trace of a tree, put together from those of its atoms.
func (x tree) want(tracer *expression.Tracer) expression.Trace {
	if x.op == "" {
		return tracer.Trace(x.text)
	}
	trace := expression.Trace{Text: oneLine(x.text)}
	kids := x.kids
	if x.op == "and" || x.op == "or" {
		kids = x.links(x.op)
	}
	reached, last := true, expression.Trace{}
	for i, kid := range kids {
		if x.op == "choice" && i > 0 {
			reached = trace.Of[0].Value == map[int]string{1: "true", 2: "false"}[i]
		}
		if !reached {
			trace.Of = append(trace.Of, expression.Trace{Text: oneLine(kid.text)})
			continue
		}
		last = kid.want(tracer)
		trace.Of = append(trace.Of, last)
		switch {
		case last.Error != "":
			reached = false
		case x.op == "and":
			reached = last.Value == "true"
		case x.op == "or":
			reached = last.Value == "false"
		}
	}
	trace.Value, trace.Error = last.Value, last.Error
	if x.op == "not" && last.Error == "" {
		trace.Value = map[string]string{"true": "false", "false": "true"}[last.Value]
	}
	return trace
}

// links are the members of a chain, those of chains of the same sort in it included.
func (x tree) links(op string) []tree {
	if x.op != op {
		return []tree{x}
	}
	var all []tree
	for _, kid := range x.kids {
		all = append(all, kid.links(op)...)
	}
	return all
}

func drawEvent(t *rapid.T) *event.Event {
	return &event.Event{
		Kind: "comment", Text: rapid.SampledFrom([]string{"", "blue", "5", "it is blue", "one two three four"}).Draw(t, "text"),
		From:    event.From{Username: rapid.SampledFrom([]string{"", "ada", "eve"}).Draw(t, "username")},
		Account: event.Account{Username: "blue"}, Comment: event.Comment{LikeCount: rapid.IntRange(0, 4).Draw(t, "likes"), IsReply: rapid.Bool().Draw(t, "reply")},
	}
}

// A trace is made of its parts as the expression is, and its root's value is what the condition gives.
func TestTraceOfAnyExpression(t *testing.T) {
	l := language(t)
	rapid.Check(t, func(t *rapid.T) {
		x, e := drawTree(t, 3), drawEvent(t)
		tracer := l.Tracer(e)
		got := tracer.Trace(x.text)
		if diff := cmp.Diff(x.want(tracer), got); diff != "" {
			t.Fatalf("%s: got + and want -:\n%s", x.text, diff)
		}
		checkRoot(t, l, e, x.text, got)
	})
}

// fataler is a test, or a run of a property's.
type fataler interface{ Fatalf(string, ...any) }

// checkRoot compares a trace with what the condition gives in a scope of its own.
func checkRoot(t fataler, l *expression.Language, e *event.Event, source string, got expression.Trace) {
	c, faults := l.Condition(source)
	if c == nil {
		t.Fatalf("%s: %+v", source, faults)
	}
	holds, err := c.Holds(expression.NewScope(e))
	switch {
	case err != nil:
		if _, message := expression.Describe(err); got.Error != message || got.Value != "" {
			t.Fatalf("%s: traced as %q, error %q; it fails: %s", source, got.Value, got.Error, message)
		}
	case got.Error != "" || got.Value != map[bool]string{true: "true", false: "false"}[holds]:
		t.Fatalf("%s: traced as %q, error %q; it is %v", source, got.Value, got.Error, holds)
	}
}

// What is called a near miss stood against the rule by itself, and what is left without it speaks for the rule.
func TestNearMissOfAnyRule(t *testing.T) {
	l := language(t)
	rapid.Check(t, func(t *rapid.T) {
		when, unless, e := drawTree(t, 2), drawTree(t, 2), drawEvent(t)
		tracer := l.Tracer(e)
		miss := tracer.NearMiss(when.text, unless.text)
		clause, ofUnless := strings.CutPrefix(miss, "unless: ")
		if miss == "" {
			return
		}
		if got := tracer.Trace(clause); got.Value != map[bool]string{true: "true", false: "false"}[ofUnless] {
			t.Fatalf("when: %s\nunless: %s\nthe near miss %q is %s", when.text, unless.text, miss, got.Value)
		}
		whole, other := tracer.Trace(when.text).Value, tracer.Trace(unless.text).Value
		if ofUnless && (whole != "true" || other != "true") || !ofUnless && (whole != "false" || other != "false") {
			t.Fatalf("when: %s is %s\nunless: %s is %s\nthe near miss is %q", when.text, whole, unless.text, other, miss)
		}
	})
}

// What is written once and counts twice could make a tree without end; it is refused like any that is too large.
func TestNestedTwins(t *testing.T) {
	l := language(t)
	for _, source := range []string{
		strings.Repeat("(", 60) + "mentions_me" + strings.Repeat(" ?: mentions_me)", 60),
		strings.Repeat("1 < (", 40) + "len(words)" + strings.Repeat(" < 3 ? 1 : 2) < 3", 40),
	} {
		if c, faults := l.Condition(source); c != nil || faults[0].Code != expression.CodeTooComplex {
			t.Errorf("%.40s…: %+v", source, faults)
		}
	}
	if _, faults := l.Condition("mentions_me ?: 1 < len(words) < 3"); len(faults) > 0 {
		t.Errorf("a few of them: %+v", faults)
	}
}

// Any condition that compiles can be traced, and its trace ends in what it gives.
func FuzzTrace(f *testing.F) {
	paths, err := filepath.Glob("testdata/trace/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data), "How much is the blue one?")
	}
	f.Add(`(words)[0:][1] not in [("a"), text + 'b',] ?: !!(1 < len(words) < 3)`, "a b")
	f.Add("::has(text, \"a\",) and `raw \\` == text # c", "a b")
	f.Fuzz(func(t *testing.T, source, text string) {
		l, e := language(t), blue()
		e.Text = text
		c, _ := l.Condition(source)
		if c == nil {
			return
		}
		tracer := l.Tracer(e)
		tracer.NearMiss(source, source)
		checkRoot(t, l, e, source, tracer.Trace(source))
	})
}
