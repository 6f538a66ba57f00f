package rules_test

import (
	"bytes"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"github.com/answerback/answerback/rules"
)

// FuzzCompile says that no file breaks the compiler, that problems lie within the file, and that what compiles decides.
func FuzzCompile(f *testing.F) {
	cases, _ := filepath.Glob("testdata/problems/*.txtar")
	for _, name := range cases {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if file.Name != "want" {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte(`rules: [{name: a, when: 'has(text, "x") and any(words, # == "y")', reply: "{{ text }}"}]`))
	f.Add([]byte(`
defaults: {delay: 1s..2s, active: {days: mon-fri, hours: "22:00-06:00", timezone: Europe/Lisbon}}
lists: {l: [a, "b c"], file: {file: x/y.txt}}
conditions: {c: 'has(text, lists.l) and d', d: 'from.username not in lists["l"]'}
templates: {t: ["{{ c ? 1 : 2 }}", "{{ plural(len(lists.l), 'x', text) }}"]}
rules:
  - {name: a, when: c or like(text, "chalenge"), once_per: [user, day], cooldown: [{per: media, for: 30s}], reply: {template: t}}
  - {name: b, active: none, limit: {max: 3, per: hour}, mode: approve, max_age: none, reply: [x, y], tests: [{}]}
`))
	f.Add([]byte(`
rules:
  - {name: a, on: [comment, live_comment], private_reply: ["psst {{ from.username }}", two], notify: {to: ops, text: "{{ text }}"}, continue: true}
  - {name: b, on: comment, when: has(text, "spam"), hide: true, delay: 1s}
  - {name: c, on: story_insights, when: story.reach > 1000, notify: {to: ops, text: "{{ story.reach }} saw it"}}
`))
	f.Fuzz(func(t *testing.T, data []byte) {
		set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: data}})
		if (set == nil) != problems.HasErrors() {
			t.Errorf("set %v with errors %v", set != nil, problems.HasErrors())
		}
		lines := bytes.Split(data, []byte("\n"))
		for _, p := range problems {
			if p.File != "a.yaml" || p.Code == "" || p.Message == "" {
				t.Errorf("problem %+v", p)
			}
			if p.Line == 0 {
				continue
			}
			if p.Line < 0 || p.Line > len(lines) && utf8.Valid(data) && !bytes.ContainsAny(data, "\r\u0085\u2028\u2029") {
				t.Errorf("line %d of %d: %+v", p.Line, len(lines), p)
			}
			if p.Column < 1 || p.Column > utf8.RuneCount(data)+2 {
				t.Errorf("column %d: %+v", p.Column, p)
			}
		}
		if set != nil {
			set.Survey(mention(), noon())
		}
	})
}

// FuzzList says that no list breaks, that its problems lie within it, and that its good entries are found.
func FuzzList(f *testing.F) {
	for _, list := range []string{"a\nb # c\n#d\n# e\n", "\ufeffa\r\n\r\n", "#", " # ", "\x00", "\xff", "a\tb", "c# d"} {
		f.Add([]byte(list))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		set, problems := rules.Compile(rules.Source{
			{Name: "a.yaml", Text: []byte("lists: {l: {file: l.txt}}\nrules: [{name: a, when: 'text in lists.l', reply: x}]")},
			{Name: "l.txt", Text: data, List: true},
		})
		lines := bytes.Split(data, []byte("\n"))
		for _, p := range problems {
			if p.File != "l.txt" || p.Line > len(lines) || p.Line > 0 && p.Column < 1 || p.Column > utf8.RuneCount(data)+1 {
				t.Errorf("problem %+v", p)
			}
		}
		if set == nil {
			return
		}
		for _, line := range lines {
			entry := strings.TrimSpace(string(bytes.TrimPrefix(line, []byte("\ufeff"))))
			if entry == "" || strings.Contains(entry, "#") || strings.ContainsFunc(entry, func(r rune) bool { return r > '~' || r < ' ' }) {
				continue
			}
			if set.Survey(mention(text(entry)), noon()).Rules[0].Outcome != rules.Matched {
				t.Errorf("%q isn't found", entry)
			}
		}
	})
}

// FuzzTemplate says that no template breaks, and that with literals without signs a stranger's stay away.
func FuzzTemplate(f *testing.F) {
	for _, template := range []string{"Hi @{{ from.username }}!", "{{ text }}", `{{ "{{" }}`, "{{ default(text, \"x\") }}", "{{ mentions_me ? text : 1 }}", "{{ {# }} }}", "{{ 'it''s' }}", "{{ /* }} */ text }}"} {
		f.Add(template, "@bob #x evil.com")
	}
	f.Fuzz(func(t *testing.T, template, typed string) {
		set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: " + strconv.Quote(template) + "}]")}})
		if (set == nil) != problems.HasErrors() {
			t.Errorf("set %v with errors %v", set != nil, problems.HasErrors())
		}
		if set == nil {
			return
		}
		d := set.Survey(mention(text(typed)), noon())
		if strings.ContainsAny(template, "@#＠＃./:\"'`") || strings.Contains(template, "raw") {
			return // the author may say what he likes
		}
		for _, c := range d.Candidates {
			for _, a := range c.Actions {
				if !utf8.ValidString(a.Text) {
					t.Errorf("%q isn't UTF-8", a.Text)
				}
				if found := active(a.Text); found != "" && !strings.Contains(found, "control") {
					t.Errorf("%q gave %q, in which %s", template, a.Text, found)
				}
			}
		}
	})
}
