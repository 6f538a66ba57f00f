package expression_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules/expression"
)

// aReader reads in a language with a list and two conditions.
func aReader(t *testing.T) *expression.Reader {
	t.Helper()
	l := expression.New()
	l.DefineList("prices", []string{"price", "cost"})
	for _, faults := range l.DefineConditions([]expression.NamedText{
		{Name: "asks", Text: "has(text, lists.prices) and calm"}, {Name: "calm", Text: "not mentions_me"},
	}) {
		if len(faults) > 0 {
			t.Fatal(faults)
		}
	}
	return l.Reader()
}

// drawn writes a tree with the places of its tests.
func drawn(t *expression.Tree) string {
	word := map[expression.Op]string{expression.And: "and", expression.Or: "or", expression.Not: "not", expression.If: "if",
		expression.True: "true", expression.False: "false", expression.Named: "named " + t.Name}[t.Op]
	if t.Op == expression.Leaf {
		return fmt.Sprintf("%d:%s", t.Offset, test(t.Test))
	}
	var of []string
	for _, inner := range t.Of {
		of = append(of, drawn(inner))
	}
	if len(of) == 0 {
		return word
	}
	return "(" + word + " " + strings.Join(of, " ") + ")"
}

func test(t expression.Test) string {
	s := fmt.Sprintf("%s[%s", t.Verb, t.Subject.Field)
	if t.Subject.Element {
		s += "#"
	}
	if t.Subject.Through != "" {
		s += " " + t.Subject.Through
	}
	if t.Subject.IsQuoted {
		s += fmt.Sprintf("%q", t.Subject.Quoted)
	}
	s += "]"
	for _, w := range t.Words {
		s += fmt.Sprintf("%s@%d", w.Text, w.Offset)
	}
	for _, l := range t.Lists {
		s += fmt.Sprintf("%s(%d)@%d", l.Name, len(l.Entries), l.Offset)
	}
	if t.Verb == expression.AtMost {
		s += fmt.Sprint(t.Number)
	}
	return s
}

func TestTree(t *testing.T) {
	for source, want := range map[string]string{
		`true and (text == "a" or not comment.is_reply)`:       `(and true (or 10:==[text]a@18 (not 29:[comment.is_reply])))`,
		`text != "a" && "a" == text && text not in ["a", "b"]`: `(and (not 0:==[text]a@8) 15:==[text]a@15 (not 30:in[text]a@43b@48))`,
		`media.is_own == false or true != mentions_me`:         `(or (not 0:[media.is_own]) (not 33:[mentions_me]))`,
		`asks ? hasAll(text, "x") : history.user_replies > 3`:  `(if (named asks (and 0:has[text]prices(2)@10 (named calm (not 4:[mentions_me])))) 7:hasAll[text]x@20 (not 27:<=[history.user_replies]3))`,
		`1 < len(text) <= 5`: `(and (not 0:<=[]1) 4:<=[]5)`,
		`comment.like_count == 2 or 2 != comment.like_count`:      `(or (and 0:<=[comment.like_count]2 (not 0:<=[comment.like_count]1)) (not (and 27:<=[comment.like_count]2 (not 27:<=[comment.like_count]1))))`,
		`lower(trim(text)) startsWith "a"`:                        `0:startsWith[text lower]a@29`,
		`hasSuffix(media.caption, "z") or fold(text) matches "x"`: `(or 0:endsWith[media.caption]z@25 33:matches[text fold]x@52)`,
		`"sale" in hashtags or from.username in lists.prices`:     `(or 0:holds[hashtags]sale@0 22:in[from.username]prices(2)@39)`,
		`has(text, "a", from.username) or text in words`:          `(or 0:[] 33:[])`,
		`has("text", "a")`:     `0:has["text"]a@12`,
		`any(words, # == "x")`: `0:[]`,
		`time.Hour() > 12`:     `0:[]`,
	} {
		tree := aReader(t).Tree(source)
		if tree == nil {
			t.Errorf("%s: not read", source)
		} else if diff := cmp.Diff(want, drawn(tree)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", source, diff)
		}
	}
	if tree := aReader(t).Tree("text =="); tree != nil {
		t.Error("what can't be read has a tree")
	}
}

// What has one key comes to one value; what may differ has another.
func TestKeysOfTests(t *testing.T) {
	key := func(source string) string { return aReader(t).Tree(source).Test.Key }
	if key(`like(text, "a")`) != key(`like( text , 'a')`) {
		t.Error("the same test has two keys")
	}
	for _, pair := range [][2]string{
		{`like(text, "a")`, `like(text, "A")`},
		{`int(text) - (1 - 2) > int(text)`, `int(text) - 1 - 2 > int(text)`},
		{`text[1:] == from.id`, `text[:1] == from.id`},
		{`any(words, # == "a")`, `all(words, # == "a")`},
		{`len(text) > -comment.like_count`, `len(text) > comment.like_count`},
		{`from.id == from.username`, `from.username == from.id`},
		{`like(text, "1")`, `like(text, string(1))`},
	} {
		if key(pair[0]) == key(pair[1]) {
			t.Errorf("%s and %s have one key", pair[0], pair[1])
		}
	}
}

func TestTestsAnywhere(t *testing.T) {
	var got []string
	for _, found := range aReader(t).Tests(`any(words, lower(#) == "A" and text contains "b") ? has(capture(text, "(?P<x>.)").x, "c") : asks`) {
		got = append(got, test(found))
	}
	want := []string{"==[words# lower]A@23", "contains[text]b@45", "has[]c@85", "capture[text](?P<x>.)@70"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestUses(t *testing.T) {
	conditions, lists := aReader(t).Uses(`asks or from.username in lists.prices or text == "calm"`)
	if !cmp.Equal(conditions, []string{"asks"}) || !cmp.Equal(lists, []string{"prices"}) {
		t.Errorf("conditions %q, lists %q", conditions, lists)
	}
}

func TestInterpolations(t *testing.T) {
	got := expression.Interpolations(`é {{ text }}, {{ "}}" }}{{x}} {`)
	want := []expression.Placed{{Text: " text ", Offset: 4}, {Text: ` "}}" `, Offset: 16}, {Text: "x", Offset: 26}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
