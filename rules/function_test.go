package rules_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/rules"
)

// TestConditions shows what conditions can say. Each holds for the event.
func TestConditions(t *testing.T) {
	e := mention(text("@bluebottle Challenge! size XL, Größe 42 👍🏽 #Sale www.example.com"))
	for _, when := range []string{
		`true`,
		`has(text, "challenge")`, `has(text, "prize", "größe")`, `has(text, ["prize", "GROSSE"])`, `has(text, "👍")`, `has(text, hashtags)`, `has(text, "nope", mentions)`,
		`not has(text, "prize")`, `has(media.caption, "beach")`, `has(fold(text), "challenge")`, `has(text, lower("SIZE"))`,
		`hasAll(text, "size", "challenge")`, `hasAll(text, ["size"], "challenge")`, `hasAll(text, words)`, `not hasAll(text, "size", "prize")`, `hasAll(media.caption, "day", "beach")`,
		`text | has("challenge")`, `words | any(# == "size")`,
		`kind == "comment_mention"`, `kind in ["comment", "comment_mention"]`, `kind != "comment"`, `kind startsWith "comment"`,
		`from.username == "ada.lovelace" and from.id == "1234567890"`, `from.username in ["ada.lovelace"]`, `from.username not in ["bob"]`,
		`"sale" in hashtags`, `"sale" in hashtags and "beach" in media.hashtags`, `"bluebottle" in mentions`, `mentions_me`, `len(urls) == 1`, `"👍🏽" in emojis`, `len(words) > 3`,
		`comment.like_count >= 3`, `comment.like_count in 1..5`, `not comment.is_reply`, `media.type == ""`, `media?.owner == "grace"`, `media["owner"] == "grace"`,
		`text matches "(?i)SIZE [a-z]+"`, `not (text matches "^x")`, `text contains "XL" and text startsWith "@" and text endsWith ".com"`,
		`capture(text, "size (?P<size>[A-Z]+)").size == "XL"`, `capture(text, "(?P<n>[0-9]+)")["n"] == "42"`, `capture(text, "(?P<none>zzz)").none == ""`,
		`int(capture(text, "(?P<n>[0-9]+)").n) > 40`, `"n" in capture(text, "(?P<n>[0-9]+)")`,
		`truncate(text, 3) == "@bl"`, `default(media.permalink, "x") == "x"`, `string(comment.like_count) == "3" and string(true) == "true" and string(1.5) == "1.5"`,
		`join(map(words, lower(#)), " ") contains "size xl"`, `join(filter(words, len(#) == 2), "") startsWith "XL"`, `split("a,b", ",") | len() == 2`, `replace("a-b", "-", "+") == "a+b"`,
		`count(words, # == "XL") == 1`, `find(words, # == "XL") == "XL"`, `find(words, # == "nope") == ""`, `find([1, 2], # > 2) == 0`, `first(filter(words, # == "nope")) == ""`, `last(media.hashtags[:0]) == ""`, `first(map(filter(words, # == "nope"), len(#))) == 0`, `all(words, # != "")`, `none(words, # == "")`, `one(words, # == "XL")`,
		`first(words) == "bluebottle"`, `last(emojis) == "👍🏽"`, `upper("a") == "A"`, `trim(" a ") == "a"`, `max(1, comment.like_count) == 3`, `min(1, 2) == 1`, `abs(-1) == 1`, `round(1.6) == 2`,
		`indexOf("abc", "c") == 2`, `trimPrefix("ab", "a") == "b"`, `time.Year() == 2018 and time.Hour() == 0`, `time.Format("Mon") == "Tue"`,
		`mentions_me ? true : false`, `if mentions_me { true } else { false }`, `"a" + from.username == "aada.lovelace"`, `first([1, 2]) + 1 == 2`, `default(find(words, # == "nope"), "x") == "x"`,
		`words[0] == "bluebottle" and words[:1][0] == "bluebottle"`,
	} {
		d := compiled(t, "rules:\n  - name: a\n    reply: x\n    when: |-\n      "+when+"\n").Survey(e, noon())
		if d.Rules[0].Outcome != rules.Matched {
			t.Errorf("%s: %+v", when, d.Rules[0])
		}
	}
}

// TestFunctionsAreKnown has every function of the reference compile, and keeps the reference complete and readable.
func TestFunctionsAreKnown(t *testing.T) {
	all := rules.Functions()
	if !slices.IsSortedFunc(all, func(a, b rules.Function) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("the functions aren't sorted")
	}
	for _, f := range all {
		if f.Help == "" || len(f.Signatures) == 0 {
			t.Errorf("%s has no help or signature", f.Name)
		}
		for _, s := range f.Signatures {
			if !strings.HasPrefix(s, f.Name+"(") {
				t.Errorf("signature %q of %s", s, f.Name)
			}
		}
		_, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: x, when: '" + f.Name + "()'}]")}})
		for _, p := range problems {
			if strings.Contains(p.Message, "unknown function") || strings.Contains(p.Message, "not part of") {
				t.Errorf("%s", p.Message)
			}
		}
	}
}

// TestManualIsWhole keeps the package comment, which is the authors' manual, from forgetting a field or a function.
func TestManualIsWhole(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, word := range regexp.MustCompile(`[A-Za-z_.]+`).FindAllString(string(doc), -1) {
		told[strings.Trim(word, ".")] = true
	}
	for _, f := range rules.Functions() {
		if !told[f.Name] {
			t.Errorf("function %s is not told of", f.Name)
		}
	}
	for field := range reflect.TypeFor[rules.Event]().Fields() {
		names := []string{field.Tag.Get("expr")}
		if field.Type.Kind() == reflect.Struct && field.Type != reflect.TypeFor[time.Time]() {
			names = nil
			for inner := range field.Type.Fields() {
				names = append(names, field.Tag.Get("expr")+"."+inner.Tag.Get("expr"))
			}
		}
		for _, name := range names {
			if !told[name] {
				t.Errorf("field %s is not told of", name)
			}
		}
	}
}

// TestEveryFieldHasItsName keeps the names of expressions and of records the same.
func TestEveryFieldHasItsName(t *testing.T) {
	var look func(t *testing.T, of reflect.Type)
	look = func(t *testing.T, of reflect.Type) {
		for f := range of.Fields() {
			if f.Tag.Get("expr") == "" || f.Tag.Get("expr") != f.Tag.Get("json") && f.Tag.Get("json") != "-" {
				t.Errorf("%s.%s is %q in expressions and %q in records", of.Name(), f.Name, f.Tag.Get("expr"), f.Tag.Get("json"))
			}
			if f.Type.Kind() == reflect.Struct && f.Type.PkgPath() == of.PkgPath() {
				look(t, f.Type)
			}
		}
	}
	look(t, reflect.TypeFor[rules.Event]())
}

func TestCodesHaveMeanings(t *testing.T) {
	for code, meaning := range rules.Codes() {
		if len(code) != 4 || meaning == "" {
			t.Errorf("%q means %q", code, meaning)
		}
	}
}
