package yamlpos_test

import (
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/google/go-cmp/cmp"
)

const everything = `
# A comment.
name: no
text: 007
empty: ""
enabled: true
maybe: false
count: -12
wait: 1d12h
on: on
words: [yes, ~x, 1e3, 0x10, "", ''' ]
`

func TestDecodeValues(t *testing.T) {
	src := strings.Replace(everything, `, "", ''' ]`, `, "null", 'it''s', "a\tb"]`, 1) + `lists:
  b: one
  a: [two, three]
plain: {x: 1, "y": 2}
inner:
  name: &n 2024-01-01
  when: >-
    a
    b
rules:
  - {name: *n, reply: [a, b]}
  -
    reply: c
later: {any: [thing]}
`
	s, found := decode("f.yaml", []byte(src))
	if len(found) > 0 {
		t.Fatal(found)
	}
	got := map[string]any{
		"name": s.Name, "text": s.Text.Value, "empty": s.Empty.Value, "empty given": s.Empty.Given(),
		"enabled": s.Enabled, "maybe": *s.Maybe, "count": s.Count, "wait": s.Wait.Duration, "wait text": s.Wait.Value,
		"on": s.On.Values(), "words": s.Words,
		"lists":       []string{s.Lists[0].Key.Value, s.Lists[1].Key.Value, s.Lists[1].Value[1].Value},
		"lists lines": []int{s.Lists[0].Key.Line(), s.Lists[1].Key.Line()},
		"plain":       s.Plain, "inner": []string{s.Inner.Name.Value, s.Inner.When.Value},
		"rules": len(s.Rules), "alias": s.Rules[0].Name.Value, "reply": s.Rules[1].Reply.Values(),
		"left out": s.Rules[1].When.Given(), "rule lines": []int{s.Rules[0].Place.Line(), s.Rules[1].Place.Line()},
		"later": s.Later.Kind(),
	}
	want := map[string]any{
		"name": "no", "text": "007", "empty": "", "empty given": true,
		"enabled": true, "maybe": false, "count": -12, "wait": 36 * time.Hour, "wait text": "1d12h",
		"on": []string{"on"}, "words": []string{"yes", "~x", "1e3", "0x10", "null", "it's", "a\tb"},
		"lists": []string{"b", "a", "three"}, "lists lines": []int{13, 14},
		"plain": map[string]int{"x": 1, "y": 2}, "inner": []string{"2024-01-01", "a b"},
		"rules": 2, "alias": "2024-01-01", "reply": []string{"c"},
		"left out": false, "rule lines": []int{22, 24},
		"later": yamlpos.Mapping,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values differ (-want +got):\n%s", diff)
	}
}

func TestWhatIsLeftOutKeepsItsDefault(t *testing.T) {
	s := shape{Name: "default", Count: 3, Inner: inner{Reply: yamlpos.Texts{{Value: "r"}}}}
	doc, _ := yamlpos.Parse("f", []byte("inner: {when: x}\ncount: 4"))
	if found := doc.Decode(&s); len(found) > 0 {
		t.Fatal(found)
	}
	if s.Name != "default" || s.Count != 4 || s.Inner.Reply[0].Value != "r" || s.Inner.When.Value != "x" {
		t.Errorf("got %+v", s)
	}
}

func TestEmpty(t *testing.T) {
	cases := map[string]bool{
		"": true, "\n\n": true, "# only a comment\n": true, "---\n": true, "--- # c\n...\n": true, "~": true, "null": true,
		"\ufeff": true, "a: b": false, "{}": false, "[]": false, `""`: false, "x": false, "\xff": true, "a: [": true,
	}
	for src, want := range cases {
		doc, _ := yamlpos.Parse("f", []byte(src))
		if doc.Empty() != want {
			t.Errorf("Parse(%q).Empty() = %v, want %v", src, doc.Empty(), want)
		}
		if (doc.Root() == nil) != want {
			t.Errorf("Parse(%q).Root() = %v", src, doc.Root())
		}
	}
}

func TestUnreadable(t *testing.T) {
	cases := map[string]struct {
		src       string
		line, col int
	}{
		"Latin-1":            {"a: b\nname: caf\xe9\n", 2, 10},
		"UTF-16":             {"\xff\xfea\x00:\x00", 1, 1},
		"escape":             {"a: b\r\nb: \x1b[31m", 2, 4},
		"NUL":                {"a: \x00", 1, 4},
		"upper control":      {"a: ж\u009b", 1, 5},
		"cut off in the end": {"a: \xe2\x82", 1, 4},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, found := yamlpos.Parse("f", []byte(c.src))
			if len(found) != 1 || found[0].Code != yamlpos.CodeUnreadable || found[0].Line != c.line || found[0].Column != c.col {
				t.Errorf("found %v, want one at %d:%d", found, c.line, c.col)
			}
		})
	}
	if _, found := yamlpos.Parse("f", []byte("a: \ufffd\ue000")); len(found) > 0 {
		t.Errorf("a replacement character that is written in the file is no error, found %v", found)
	}
}

func TestPos(t *testing.T) {
	s, _ := decode("f.yaml", []byte("\nname: x\nrules:\n  - when: a\n    name: b\n"))
	if s.Pos.Line() != 2 || !s.Pos.Has("rules") || s.Pos.Has("words") || s.Pos.Has("when") {
		t.Errorf("the mapping's place is wrong: line %d", s.Pos.Line())
	}
	rule := s.Rules[0].Place
	if p := rule.Key("name").Problem("E1", "m", "h"); p.Line != 5 || p.Column != 5 || p.File != "f.yaml" || p.Source != "    name: b" {
		t.Errorf("the key's place is wrong: %+v", p)
	}
	if p := rule.Key("reply").Problem("E1", "m", "h"); p.Line != 4 || p.Column != 5 {
		t.Errorf("without the key it is the mapping's place, not %v", p)
	}
	var none yamlpos.Pos
	if p := none.Key("x").Problem("E1", "m", "h"); none.Has("x") || none.Line() != 0 || p.Line != 0 || p.Severity != problem.Error {
		t.Errorf("no place became one: %+v", p)
	}
}

// A # cuts an unquoted text short, which a caller may want to warn of.
func TestComment(t *testing.T) {
	cases := map[string]string{
		"name: x # y\n":          "",
		"text: follow #us\n":     "#us",
		"text: 'follow' # why\n": "",
		"text: follow#us\n":      "",
		"text: |\n  a # b\n":     "",
	}
	for src, want := range cases {
		s, _ := decode("f", []byte(src))
		if got := s.Text.Comment(); got != want {
			t.Errorf("%q: comment %q, want %q", src, got, want)
		}
	}
}

func TestParseDuration(t *testing.T) {
	good := map[string]time.Duration{
		"0": 0, "0s": 0, "24h": 24 * time.Hour, "90d": 90 * 24 * time.Hour, "1d12h": 36 * time.Hour, "1.5d": 36 * time.Hour,
		"1m30s": 90 * time.Second, "250ms": 250 * time.Millisecond, "0d": 0,
	}
	for s, want := range good {
		if got, err := yamlpos.ParseDuration(s); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "d", "20", "-1s", "+1s", "1d-2h", "-1d", "1 d", "1h1d", "1d1d", "1e3d", "Infd", "1..2d", ".d", "200000d", "106751d24h", "9999999h", "10 minutes", "1w"} {
		if got, err := yamlpos.ParseDuration(s); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", s, got)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"name", "on", "when", "unless", "reply", "private_reply", "cooldown", "once_per", "priority"}
	cases := map[string]string{
		"nmae": "name", "Reply": "reply", "replies": "reply", "cool-down": "cooldown", "private-reply": "private_reply",
		"onceper": "once_per", "prioritty": "priority", "if": "", "in": "on", "message": "", "x": "", "whn": "when", "wehn": "when", "only": "", "no": "on",
		strings.Repeat("reply", 100): "", "ünless": "unless",
	}
	for word, want := range cases {
		if got, _ := yamlpos.Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

// FuzzDecode checks that no text can break the decoder, and that what it complains of lies in the text.
func FuzzDecode(f *testing.F) {
	for _, src := range []string{everything, "rules:\n - {{ x }} y", "a: &a [*a]", "\ufeffa: b", "a: \"\\ud83d\"", "? {a: b}\n: c", "%YAML 1.1\n---\na: !x b", "a: b\r\n\tc: d", "a: *b", "[", "a: b: c", "<<: {a: b}", "name: \u2028\n'", "a: |3\n b", "- !!int a"} {
		f.Add([]byte(src))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, found := decode("f", src)
		text := strings.TrimPrefix(string(src), "\ufeff")
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
		lines := strings.Split(text, "\n")
		for _, p := range found {
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 || p.Column > len([]rune(lines[p.Line-1]))+1 {
				t.Errorf("%v lies outside the file", p)
			}
			if p.Source != lines[p.Line-1] {
				t.Errorf("%v shows %q, the line is %q", p, p.Source, lines[p.Line-1])
			}
			if p.Message == "" || p.Code == "" || strings.Contains(p.Message, "yaml:") {
				t.Errorf("no words for people: %+v", p)
			}
		}
	})
}
