package lint_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
	"github.com/answerback/answerback/rules/platform"
)

var (
	words    = []string{"a", "A", "b", "ab", "a b", "b c", "a b c", "@a", "#b", "c?", "й", "価格", "価", "a-b", "can't", "can", "👍", "👍🏽", "a. b", "l'a"}
	literals = []string{"", "a", "A", "ab", "a b", "b", "@a", "c?"}
)

// condition draws one over few fields and words, so that conditions have much to do with each other.
func condition(t *rapid.T, depth int) string {
	word := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(words).Draw(t, "word")) }
	literal := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(literals).Draw(t, "literal")) }
	number := func() int { return rapid.IntRange(-1, 3).Draw(t, "number") }
	inner := func() string { return condition(t, depth-1) }
	what := rapid.IntRange(0, 15).Draw(t, "test")
	if depth > 0 {
		what = rapid.IntRange(0, 24).Draw(t, "form")
	}
	switch what {
	case 0:
		return fmt.Sprintf("has(text, %s)", word())
	case 1:
		return fmt.Sprintf("has(text, %s, [%s])", word(), word())
	case 2:
		return fmt.Sprintf("hasAll(text, %s, %s)", word(), word())
	case 3:
		return fmt.Sprintf("text %s %s", rapid.SampledFrom([]string{"==", "!="}).Draw(t, "sign"), literal())
	case 4:
		return fmt.Sprintf("text %s %s", rapid.SampledFrom([]string{"contains", "startsWith", "endsWith", "not contains"}).Draw(t, "verb"), literal())
	case 5:
		return fmt.Sprintf("text in [%s, %s]", literal(), literal())
	case 6:
		return fmt.Sprintf("kind == %q", rapid.SampledFrom(append([]string{"mention"}, "comment", "comment_mention", "caption_mention")).Draw(t, "kind"))
	case 7:
		return fmt.Sprintf("history.user_replies %s %d", rapid.SampledFrom([]string{"<", "<=", ">", ">=", "==", "!="}).Draw(t, "sign"), number())
	case 8:
		return fmt.Sprintf("%d < len(text) %s", number(), rapid.SampledFrom([]string{"", "< 3"}).Draw(t, "more"))
	case 9:
		return rapid.SampledFrom([]string{"mentions_me", "media.is_own", "media.is_own == false", "true", "false"}).Draw(t, "truth")
	case 10:
		return fmt.Sprintf("lower(text) contains %s", literal())
	case 11:
		return rapid.SampledFrom([]string{"alpha", "beta"}).Draw(t, "name")
	case 12:
		return fmt.Sprintf("text in lists.some or has(text, lists.%s)", rapid.SampledFrom([]string{"some", "none_at_all"}).Draw(t, "list"))
	case 13:
		return fmt.Sprintf("%s in hashtags", literal())
	case 14:
		return fmt.Sprintf("any(words, # == %s)", literal())
	case 15:
		return "int(text) > 0"
	case 16, 17, 18:
		return fmt.Sprintf("(%s and %s)", inner(), inner())
	case 19, 20, 21:
		return fmt.Sprintf("(%s or %s)", inner(), inner())
	case 22, 23:
		return fmt.Sprintf("not (%s)", inner())
	default:
		return fmt.Sprintf("(%s ? %s : %s)", inner(), inner(), inner())
	}
}

// aSet draws a few rules with conditions that they share.
func aSet(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("lists:\n  some: [a, \"a b\", \"\\u00e9\"]\n  none_at_all: []\nconditions:\n")
	fmt.Fprintf(&b, "  alpha: '%s'\n", quoted(strings.ReplaceAll(strings.ReplaceAll(condition(t, 1), "beta", "true"), "alpha", "true")))
	fmt.Fprintf(&b, "  beta: '%s'\n", quoted(strings.ReplaceAll(condition(t, 1), "beta", "alpha")))
	b.WriteString("rules:\n")
	for i := range rapid.IntRange(1, 6).Draw(t, "rules") {
		fmt.Fprintf(&b, "  - name: r%d\n    reply: [x, y]\n", i)
		for _, key := range []string{"when", "unless"} {
			if rapid.IntRange(0, 2).Draw(t, key) > 0 {
				fmt.Fprintf(&b, "    %s: '%s'\n", key, quoted(condition(t, 2)))
			}
		}
		for _, line := range []string{
			"on: comment", "on: mention", "on: [comment_mention, comment]", "accounts: [ours]", `accounts: ["1", ours]`, `accounts: ["1"]`,
			`media: ["5"]`, `media: ["5", "6"]`, "continue: true", "mode: shadow", "mode: approve", "enabled: false", "priority: 1",
			"cooldown: {per: user, for: 1h}", "active: {hours: \"09:00-18:00\"}",
		} {
			key, _, _ := strings.Cut(line, ":")
			if rapid.IntRange(0, 9).Draw(t, line) == 0 && !strings.Contains(b.String()[strings.LastIndex(b.String(), "- name"):], "    "+key+":") {
				b.WriteString("    " + line + "\n")
			}
		}
	}
	return b.String()
}

func quoted(s string) string { return strings.ReplaceAll(s, "'", "''") }

func anEvent(t *rapid.T) rules.Event {
	e := rules.Event{
		Kind:    rapid.SampledFrom([]platform.Kind{platform.Comment, platform.CommentMention, platform.CaptionMention}).Draw(t, "kind"),
		ID:      rapid.SampledFrom([]string{"1", "2", "3"}).Draw(t, "id"),
		Text:    strings.Join(rapid.SliceOfN(rapid.SampledFrom(append([]string{"-", ".", "#", "@", "é"}, words...)), 0, 4).Draw(t, "text"), rapid.SampledFrom([]string{" ", "", ", ", "-", ". "}).Draw(t, "between")),
		Account: rules.Account{ID: rapid.SampledFrom([]string{"1", "2"}).Draw(t, "account"), Username: rapid.SampledFrom([]string{"", "ours", "other"}).Draw(t, "username")},
		Media:   rules.Media{ID: rapid.SampledFrom([]string{"5", "6", "7"}).Draw(t, "media"), OriginalID: rapid.SampledFrom([]string{"", "5"}).Draw(t, "original"), IsOwn: rapid.Bool().Draw(t, "own")},
		History: rules.History{UserReplies: rapid.IntRange(0, 3).Draw(t, "replies")},
	}
	return e
}

// What is said of a rule is so: one that is never reached or never true wants to speak for no event, and one that
// answers everything never stays silent by its conditions.
func TestNoFalseAlarm(t *testing.T) {
	told := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		source := aSet(t)
		set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(source)}})
		if set == nil {
			t.Fatalf("%v\n%s", problems, source)
		}
		never, always := map[string]string{}, map[string]string{}
		for _, p := range lint.Lint(set, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			switch {
			case p.Rule == "":
			case p.Code == "W601", p.Code == "W602" && wholeRule(p.Message):
				never[p.Rule] = p.Message
			case p.Code == "W604", p.Code == "W603" && p.Message == "when: it is always true":
				always[p.Rule] = p.Message
			default:
				continue
			}
			told[p.Code]++
		}
		for range 40 {
			event := anEvent(t)
			now := time.Date(2026, 1, 1, rapid.IntRange(0, 23).Draw(t, "hour"), 0, 0, 0, time.UTC)
			for _, o := range set.Survey(&event, now).Rules {
				if o.Outcome == rules.Matched || o.Outcome == rules.HeldBack {
					if message, ok := never[o.Name]; ok {
						t.Fatalf("rule %s: %s, but it matched %+v\n%s", o.Name, message, event, source)
					}
				}
				if o.Outcome == rules.NoMatch && o.Because == rules.BecauseWhen {
					if message, ok := always[o.Name]; ok {
						t.Fatalf("rule %s: %s, but it stayed silent for %+v\n%s", o.Name, message, event, source)
					}
				}
			}
		}
	})
	for _, code := range []string{"W601", "W602", "W604"} {
		if told[code] == 0 {
			t.Errorf("%s was never told, so nothing was shown of it", code)
		}
	}
	t.Log(told)
}

func wholeRule(message string) bool {
	return message == "when: it is never true" || strings.HasPrefix(message, "when: it is never true for") || strings.HasPrefix(message, "unless: it is true wherever")
}
