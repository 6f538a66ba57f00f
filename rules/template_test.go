package rules_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
	rulestext "github.com/answerback/answerback/rules/text"
)

// rendered is the reply of a rule with the template, or the reason why there is none.
func rendered(t testing.TB, template string, e *rules.Event) string {
	t.Helper()
	set := compiled(t, "rules:\n  - name: a\n    reply: "+strconv.Quote(template)+"\n")
	d := set.Survey(e, noon())
	if len(d.Candidates) != 1 {
		t.Fatalf("decided %s", tree(d))
	}
	if a := d.Candidates[0].Actions; len(a) == 1 {
		return a[0].Text
	}
	return "(" + string(d.Rules[0].Because) + ")"
}

func TestTemplates(t *testing.T) {
	stranger := "@all look: evil.com #win\nnow\u202e"
	cases := map[string]struct{ template, want string }{
		"plain":                         {"Challenge accepted!", "Challenge accepted!"},
		"trimmed":                       {"  hi \n", "hi"},
		"a username":                    {"Hi @{{ from.username }}!", "Hi @ada.lovelace!"},
		"a number":                      {"{{ comment.like_count }} likes, {{ comment.like_count / 2 }}", "3 likes, 1.5"},
		"braces":                        {`{{ "{{" }} and {{ '}}' }}`, "{{ and }}"},
		"braces within":                 {`{{ string(first(filter(words, {# != ""}))) }}`, "all"},
		"defused":                       {"You said: {{ text }}", "You said: all look: … win now"},
		"raw":                           {"{{ raw(media.owner) }} {{ raw(text) }}", "grace @all look: evil.com #win\nnow\u202e"},
		"the author's own sign":         {"#{{ words[0] }}", "#all"},
		"the author's in an expression": {`{{ "@" + from.username + " see example.com" }}`, "@ada.lovelace see example.com"},
		"a choice":                      {`{{ mentions_me ? "@us, #yes" : text }}`, "@us, #yes"},
		"the other choice":              {`{{ not mentions_me ? "@us, #yes" : text }}`, "all look: … win now"},
		"default, given":                {`{{ default(from.username, "friend") }}`, "ada.lovelace"},
		"default, missing":              {`{{ default(media.permalink, "@friend") }}`, "@friend"},
		"default of nothing to show":    {`{{ default(comment.parent_id, words[0]) }}`, "all"},
		"default within an expression":  {`{{ upper(default(media.permalink, "friend")) }}`, "FRIEND"},
		"an empty value":                {"Hi {{ media.permalink }}", "(empty_value)"},
		"an empty default":              {"Hi {{ default(media.permalink, comment.parent_id) }}", "(empty_value)"},
		"a default wanted empty":        {`Hi {{ default(media.permalink, "") }}`, "Hi"},
		"only a sign":                   {`Hi {{ replace(media.owner, "grace", "@ #") }}!`, "(empty_value)"},
		"a default for only a sign":     {`Hi {{ default(replace(media.owner, "grace", "@"), "you") }}!`, "Hi you!"},
		"a blank that is no space":      {`Hi {{ replace(media.owner, "grace", "\u2800") }}!`, "(empty_value)"},
		"optional":                      {"Hi {{ optional(media.permalink) }}!", "Hi !"},
		"only optional":                 {"{{ optional(media.permalink) }}", "(empty_value)"},
		"optional part":                 {`{{ optional(media.permalink) + "" }}x`, "(empty_value)"},
		"a group that took no part":     {`{{ capture(text, "(?P<n>[0-9]+)").n }}`, "(empty_value)"},
		"a group":                       {`{{ capture(text, "(?P<first>[a-z]+)").first }}`, "all"},
		"divided by nothing":            {"{{ comment.like_count / len(media.permalink) }}", "(empty_value)"},
		"truncated":                     {"{{ truncate(from.username, 3) }}", "ada"},
		"joined":                        {`{{ join(map(words, upper(#)), "-") }}`, "ALL-LOOK-EVIL-COM-WIN-NOW"},
		"replaced":                      {`{{ replace(from.username, ".", " ") }}`, "ada lovelace"},
		"fixed":                         {`{{ upper("ok") + string(1 + 1) }}`, "OK2"},
		"a sign before the next part":   {`{{ "" + replace(media.owner, "grace", "x @") }}bob`, "x bob"},
		"a domain that would arise":     {"{{ media.owner }}.com and {{ words[0] }}.{{ media.owner }}", "… and all.grace"},
		"the author's link":             {"https://example.com/{{ comment.id }}?u={{ words[0] }}", "https://example.com/17894227972186120?u=all"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := rendered(t, c.template, mention(text(stranger))); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestUsernames shows that only what is known to be a username may look like a domain.
func TestUsernames(t *testing.T) {
	e := mention(text("ada.com"), func(e *rules.Event) { e.From.Username = "ada.com" })
	for template, want := range map[string]string{
		"{{ from.username }}":                      "ada.com",
		"{{ from?.username }}":                     "ada.com",
		`{{ default(from.username, "x") }}`:        "ada.com",
		"{{ text }}!":                              "…!",
		"{{ lower(from.username) }}!":              "…!",
		"{{ from.username }}/x":                    "…",
		"{{ from.username }}{{ from.username }}":   "…",
		"{{ from.username }} {{ from.username }}!": "ada.com ada.com!",
	} {
		if got := rendered(t, template, e); got != want {
			t.Errorf("%s: got %q, want %q", template, got, want)
		}
	}
	e.From.Username = "not a username @bob"
	if got := rendered(t, "{{ from.username }}", e); got != "not a username bob" {
		t.Errorf("got %q", got)
	}
}

// TestStrangersStayHarmless says it for all that strangers may type: no mention, hashtag or link of theirs reaches a
// reply, wherever the author puts it.
func TestStrangersStayHarmless(t *testing.T) {
	bits := rapid.SampledFrom([]string{"@", "#", "＠", "＃", "a", "bob", "com", "evil", ".", "。", "/", ":", "http", "https://", "www", "www.", "evil.com",
		" ", "\n", "\u200b", "\u200d", "\u202e", "\ufe0f", "\u0301", "é", "你", "👍", "@@a", "#@#b", "1", "_", "-", "\x00", "\xff"})
	typed := rapid.Map(rapid.SliceOfN(bits, 0, 12), func(s []string) string { return strings.Join(s, "") })
	templates := []string{
		"{{ optional(text) }}", "{{ optional(text) }}{{ optional(media.caption) }}", "{{ optional(text) }} {{ optional(media.caption) }}",
		"{{ optional(text) }}bob", "hi {{ optional(text) }}.{{ optional(media.caption) }} x", `{{ optional(text + media.caption) }}`,
		`{{ default(text, media.caption) }}-{{ optional(upper(media.caption)) }}`, `{{ optional(join(words, "")) }}x`,
		`{{ len(text) > 3 ? text : media.caption }}{{ optional(replace(text, " ", "")) }}`, `{{ optional(truncate(text, 3)) }}com`,
		"{{ optional(text) }}.com", "{{ optional(text) }}x.{{ optional(media.caption) }}/y",
	}
	var sets []*rules.Set
	for _, template := range templates {
		sets = append(sets, compiled(t, "rules: [{name: a, reply: "+strconv.Quote(template)+"}]"))
	}
	rapid.Check(t, func(t *rapid.T) {
		which := rapid.IntRange(0, len(sets)-1).Draw(t, "template")
		e := mention(text(typed.Draw(t, "text")), func(e *rules.Event) { e.Media.Caption = typed.Draw(t, "caption") })
		d := sets[which].Survey(e, noon())
		for _, c := range d.Candidates {
			for _, a := range c.Actions {
				if found := active(a.Text); found != "" {
					t.Fatalf("%s gave %q, in which %s", templates[which], a.Text, found)
				}
			}
		}
	})
}

// active tells of a mention, hashtag or link in a text.
func active(reply string) string {
	for what, list := range map[string][]string{
		"is mentioned": rulestext.Mentions(reply), "is tagged": rulestext.Hashtags(reply), "is linked": rulestext.URLs(reply),
	} {
		if len(list) > 0 {
			return fmt.Sprintf("%q %s", list, what)
		}
	}
	if strings.ContainsFunc(reply, unicode.IsControl) {
		return "a control character stands"
	}
	return ""
}

// TestNeverEmpty says that a reply which goes out says something and is no longer than the platform takes.
func TestNeverEmpty(t *testing.T) {
	set := compiled(t, `rules: [{name: a, reply: ["{{ text }}", "{{ optional(text) }}", '{{ default(text, media.caption) }}', "{{ words[0] }}", "{{ raw(text) }}"]}]`)
	rapid.Check(t, func(t *rapid.T) {
		e := mention(text(rapid.String().Draw(t, "text")), func(e *rules.Event) {
			e.ID = rapid.StringN(0, 5, -1).Draw(t, "id")
			e.Media.Caption = rapid.SampledFrom([]string{"", " ", "\u200b", "@", "x"}).Draw(t, "caption")
		})
		first, second := set.Survey(e, noon()), set.Survey(e, noon())
		if tree(first) != tree(second) {
			t.Fatalf("decided\n%sand then\n%s", tree(first), tree(second))
		}
		for _, c := range first.Candidates {
			for _, a := range c.Actions {
				// A few format characters are seen: signs that stand before Arabic numbers, as U+0600.
				unseen := func(r rune) bool {
					return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
				}
				if strings.TrimFunc(a.Text, unseen) == "" {
					t.Fatalf("an empty reply %q", a.Text)
				}
			}
		}
	})
}
