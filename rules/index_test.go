package rules_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// pieces are what texts and the words in conditions are made of: cases, folding, tones, bytes that are no text.
func pieces() []string {
	return []string{
		"price", "Price", "PRICE", "prise", "how much", "best", "é", "É", "e\u0301", "ſize", "size", "SIZE", "\u212a", "k", "ß", "ss", "İ",
		"i\u0307", "й", "и\u0306", "и", "👋🏽", "👋", "?", "#sale", "sale", "@you", "多少", "多少钱", "\ufffd", "7", "_", "a", "ﷺ",
	}
}

// condition draws a condition of tests that hold, don't, and fail.
func condition(t *rapid.T, depth int) string {
	word := func() string { return fmt.Sprintf("%q", rapid.SampledFrom(pieces()).Draw(t, "word")) }
	drawn := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "of") }
	inner := func() string { return condition(t, depth-1) }
	if depth > 0 {
		switch rapid.IntRange(0, 9).Draw(t, "joined") {
		case 0, 1:
			return "(" + inner() + " and " + inner() + ")"
		case 2, 3:
			return "(" + inner() + " or " + inner() + ")"
		case 4:
			return "not " + "(" + inner() + ")"
		case 5:
			return "(" + inner() + " ? " + inner() + " : " + inner() + ")"
		case 6:
			return "((" + inner() + ") " + drawn("==", "!=") + " " + drawn("true", "false", "has(text, \"price\")") + ")"
		}
	}
	switch rapid.IntRange(0, 17).Draw(t, "test") {
	case 0, 1:
		return "has(text, " + word() + ")"
	case 2:
		return drawn("has", "hasAll") + "(" + drawn("text", "media.caption", "trim(text)", "trim(text, \"x\")", "lower(text)", "words[1]") + ", [" + word() + ", " + word() + "])"
	case 3:
		return drawn("has", "hasAll") + "(text, lists.few, " + word() + ")"
	case 4:
		return "like(" + drawn("text", "media.caption") + ", " + word() + ")"
	case 5, 6:
		return drawn("text", "lower(text)", "upper(text)", "fold(text)", "trim(text)", "trim(lower(text))", "lower(trim(text))", "media.caption", "fold(fold(text))", "trimPrefix(text, \"a\")") +
			" " + drawn("contains", "startsWith", "endsWith", "==", "!=", "not contains") + " " + word()
	case 7:
		return drawn("hasPrefix", "hasSuffix") + "(text, " + word() + ")"
	case 8:
		return drawn("text", "lower(text)", "fold(text)", "trim(upper(text))", "from.username", "media.id") + drawn(" in ", " not in ") +
			drawn("lists.few", "lists.nothing", "[\"price\", \"\"]", "[\"ada\", \"21\"]", "words", "[\"\ufffd\"]")
	case 9, 10:
		return drawn("text", "lower(text)", "upper(text)", "media.caption") + " matches " +
			drawn(`"(?i)price"`, `"(?i)\\bsize|much"`, `"^(best )+price?"`, `"(?i)(ſ|k)ize"`, `"[0-9]{2,}"`, `"()|x"`, `"\ufffd"`, `"(?i:é)|É$"`, `"(?s).*price.*"`, `"(pri){1,3}ce"`)
	case 11:
		return drawn(`from.username == "ada"`, `"ada" != from.username`, `media.id == "21"`, `from.username == ""`, `"" == media.owner`, `kind == "comment"`)
	case 12:
		return drawn(`words[2] == "price"`, `int(text) > 3`, `truncate(text, -1) == ""`, `split(text, "")[3] == "a"`, `any(words, int(#) > 3)`)
	case 13:
		return drawn(`any(words, has(#, "price"))`, `any(hashtags, # == "sale")`, `none(words, # == "size")`, `len(filter(words, # contains "e")) > 1`, `all(words, len(#) > 1)`)
	case 14:
		return drawn(`"sale" in hashtags`, `"you" not in mentions`, `"sale" in media.hashtags`, `comment.like_count > 2`, `len(text) > -1`, `comment.is_reply`, `capture(text, "(?P<s>[a-z]+)").s == "best"`, `time.Hour() > 11`)
	case 15:
		return drawn("true", "false", `"a" == "a"`, `1 > 2`)
	default:
		return drawn("first_one", "second_one", "third_one")
	}
}

// aSet draws the text of a set.
func aSet(t *rapid.T) string {
	var b strings.Builder
	// Single quotes keep what is in them, in YAML as it is written.
	yaml := func(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
	fmt.Fprintf(&b, "lists: {few: [price, 多少, '?', '👋'], nothing: []}\nconditions:\n  first_one: %s\n  second_one: %s\n  third_one: %s\nrules:\n",
		yaml(strings.NewReplacer("first_one", "false", "second_one", "true", "third_one", "false").Replace(condition(t, 1))), yaml("not first_one or has(text, \"best\")"), yaml("first_one and second_one"))
	for i := range rapid.IntRange(1, 8).Draw(t, "rules") {
		fmt.Fprintf(&b, "  - name: r%d\n    reply: [%s]\n", i, rapid.SampledFrom([]string{"Hi", "'Hi {{ from.username }}'", "a, '{{ words[1] }}'", "'{{ text }}', b"}).Draw(t, "reply"))
		for _, key := range [][]string{
			{"priority", "1", "-1"}, {"continue", "true"}, {"mode", "shadow", "approve"}, {"enabled", "false"}, {"media", "'21'", "['22', '23']"},
			{"accounts", "'1'", "bluebottle"}, {"on", "comment", "[caption_mention, comment_mention]"}, {"pick", "first", "random"},
			{"active", "{hours: '11:00-13:00'}", "{hours: '14:00-15:00'}"},
		} {
			if rapid.IntRange(0, 4).Draw(t, key[0]) == 0 {
				fmt.Fprintf(&b, "    %s: %s\n", key[0], rapid.SampledFrom(key[1:]).Draw(t, "value"))
			}
		}
		if rapid.IntRange(0, 7).Draw(t, "when") > 0 {
			fmt.Fprintf(&b, "    when: %s\n", yaml(condition(t, 3)))
		}
		if rapid.IntRange(0, 3).Draw(t, "unless") == 0 {
			fmt.Fprintf(&b, "    unless: %s\n", yaml(condition(t, 1)))
		}
	}
	return b.String()
}

func anEvent(t *rapid.T) rules.Event {
	said := func() string {
		s := ""
		for range rapid.IntRange(0, 4).Draw(t, "length") {
			s += rapid.SampledFrom(append(pieces(), "\u200b", "\xff", "\xf0\x9f")).Draw(t, "piece") + rapid.SampledFrom([]string{" ", "", "\u0301", "\n"}).Draw(t, "between")
		}
		return s
	}
	return rules.Event{
		Kind: rapid.SampledFrom(append(platform.Kinds(), "other")).Draw(t, "kind"),
		ID:   "1/comment/2", Time: noon(), Text: said(),
		From:    rules.From{ID: "2", Username: rapid.SampledFrom([]string{"ada", "", "eve"}).Draw(t, "from")},
		Comment: rules.Comment{ID: "2", LikeCount: rapid.IntRange(0, 5).Draw(t, "likes"), IsReply: rapid.Bool().Draw(t, "reply")},
		Media: rules.Media{ID: rapid.SampledFrom([]string{"21", "22", "24"}).Draw(t, "media"), Caption: said(),
			OriginalID: rapid.SampledFrom([]string{"", "21", "23"}).Draw(t, "original")},
		Account: rules.Account{ID: rapid.SampledFrom([]string{"1", "3"}).Draw(t, "account"), Username: rapid.SampledFrom([]string{"", "bluebottle", "grace"}).Draw(t, "username")},
	}
}

// What is decided with the index is what looking at every rule decides, with every outcome and every error's text. An
// event that is larger than real ones is judged by looking at every rule; this one is by what no rule here reads.
func TestIndexChangesNothing(t *testing.T) {
	unforeseen := make([]string, 1<<17)
	rapid.Check(t, func(t *rapid.T) {
		written := aSet(t)
		set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(written)}})
		if set == nil {
			t.Fatalf("%v\n%s", problems[0], written)
		}
		for range 4 {
			event := anEvent(t)
			plain := event
			plain.Story.Known = unforeseen
			want, got := set.Survey(&plain, noon()), set.Survey(&event, noon())
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("%q in\n%s\nlooking at every rule gives -, the index +:\n%s", event.Text, written, diff)
			}
			checkShort(t, set.Decide(&event, noon()), got)
		}
	})
}

// checkShort holds what a decision and a survey have in common.
func checkShort(t *rapid.T, short, whole rules.Decision) {
	if len(short.Rules) != len(short.Candidates) {
		t.Fatalf("%d outcomes of %d candidates", len(short.Rules), len(short.Candidates))
	}
	want := rules.Decision{Revision: whole.Revision}
	for i, c := range whole.Candidates {
		want.Rules = append(want.Rules, whole.Rules[c.Index])
		c.Index = i
		want.Candidates = append(want.Candidates, c)
	}
	if diff := cmp.Diff(want, short); diff != "" {
		t.Fatalf("the survey's candidates are -, the decision's +:\n%s", diff)
	}
}

// Where a test holds that looks as if a clue were missing, it must be found all the same.
func TestIndexFindsWhatIsThere(t *testing.T) {
	for when, text := range map[string]string{
		`has(trim(text, "x"), "price")`:            "xpricex",
		`has(lower(text), "i\u0307")`:              "İ",
		`text matches "(?i)size"`:                  "ſize",
		`text matches "(?i)kilo"`:                  "\u212ailo",
		`text matches "\ufffd"`:                    "\xff",
		`text matches "(?i)x\ufffd"`:               "X\xff",
		`text matches "(a|)b?"`:                    "c",
		`text matches "(price){0,1}"`:              "c",
		`text matches "^$"`:                        "",
		`lower(text) matches "price"`:              "PRICE",
		`lower(text) == "i"`:                       "İ",
		`upper(text) contains "ÉTÉ"`:               "été",
		`fold(text) endsWith "ss"`:                 "Spaß",
		`fold(text) == "price"`:                    "Ｐｒｉｃｅ",
		`trim(text) == "price"`:                    "\u00a0price\n",
		`trim(lower(trim(text))) startsWith "pri"`: " Price",
		`lower(trim(text, "x")) == "price"`:        "xPRICEx",
		`text == ""`:                               "",
		`text contains ""`:                         "",
		`text in ["", "a"]`:                        "",
		`not (text != "price")`:                    "price",
		`not has(text, "price")`:                   "prices",
		`has(text, "price") == false`:              "prices",
		`has(text, "👋")`:                           "👋🏽",
		`has(text, "?!")`:                          "what?!",
		`hasAll(text, "👋", "👋🏽")`:                  "👋🏽",
		`like(text, "price")`:                      "rpice",
		`like(text, "👋")`:                          "👋🏽",
		`has(text, "no") or words[9] == "x"`:       "it fails",
		`has(text, "no") ? true : has(text, "a")`:  "a",
		`from.username in ["ada.lovelace"]`:        "",
		`"17918195224117851" == media.id`:          "",
		`not (kind in ["comment"])`:                "",
		`"sale" in hashtags`:                       "(＃SALE)",
		`"beach" in media.hashtags`:                "",
		`not ("beach" in hashtags)`:                "",
	} {
		t.Run(when, func(t *testing.T) {
			set := compiled(t, "rules:\n  - name: a\n    reply: hi\n    when: >-\n      "+when+"\n")
			if d := set.Decide(mention(func(e *rules.Event) { e.Text = text }), noon()); len(d.Candidates) != 1 {
				t.Errorf("nothing came of it")
			}
		})
	}
}

// An expression pays for a text that it searches though an earlier rule prepared it: else it would fail or not by which
// rules came before it.
func TestRulesDontPayForEachOther(t *testing.T) {
	// 100,000 steps are for the letters, and the caption is one too much.
	const much = `has(media.caption, "no") or count(split(media.caption, ""), # == "a") == 50000`
	set := compiled(t, "rules:\n  - {name: a, continue: true, when: 'has(text, \"price\") and has(media.caption, \"yes\")', reply: hi}\n  - {name: b, when: '"+much+"', reply: hi}\n")
	for _, text := range []string{"hello", "price"} {
		e := mention(func(e *rules.Event) { e.Text, e.Media.Caption = text, strings.Repeat("a", 50_000) })
		if o := set.Survey(e, noon()).Rules[1]; o.Outcome != rules.Failed {
			t.Errorf("%s: %+v", text, o)
		}
	}
	e := mention(func(e *rules.Event) { e.Media.Caption = strings.Repeat("a", 49_000) })
	if o := set.Survey(e, noon()).Rules[1]; o.Outcome != rules.NoMatch {
		t.Errorf("%+v", o)
	}
}

// What takes too many steps fails, whether a word of it is found or not.
func TestIndexFindsWhatIsTooMuch(t *testing.T) {
	var likes []string
	for i := range 14 {
		likes = append(likes, fmt.Sprintf(`like(text, "something%d")`, i))
	}
	for name, when := range map[string]string{
		"many misspelt words": strings.Join(likes, " or "),
		"a large pattern":     `text matches "p[a-z]{900}[a-z]{900}rice"`,
		"a loop before":       `any(split(text, ""), # == "p") or like(text, "price")`,
	} {
		t.Run(name, func(t *testing.T) {
			set := compiled(t, "rules: [{name: a, reply: hi, when: '"+when+"'}]")
			e := mention(func(e *rules.Event) { e.Text = strings.Repeat("zq ", 20_000) })
			if d := set.Decide(e, noon()); len(d.Rules) != 1 || d.Rules[0].Outcome != rules.Failed {
				t.Errorf("%+v", d.Rules)
			}
		})
	}
}

// Rules of which nothing is found aren't looked at, nor told of: each would take memory.
func TestIndexLeavesOut(t *testing.T) {
	for name, when := range map[string]string{
		"has":       `has(text, "word%d") and from.username != "rival"`,
		"a phrase":  `has(text, "how many word%d")`,
		"like":      `like(text, "word%dx")`,
		"contains":  `lower(text) contains "word%d"`,
		"matches":   `text matches "(?i)\\b(word%d|term%[1]d)\\b"`,
		"a field":   `from.username == "user%d"`,
		"a hashtag": `"word%d" in hashtags`,
		"a media":   `media.id in ["%d00"]`,
		"a name":    `not not_word and has(text, "word%d")`,
		"otherwise": `comment.is_reply ? false : text startsWith "word%d"`,
	} {
		t.Run(name, func(t *testing.T) {
			memory := func(n int) float64 {
				var b strings.Builder
				b.WriteString("conditions: {not_word: 'from.id == \"9\"'}\nrules:\n")
				for i := range n {
					fmt.Fprintf(&b, "  - {name: r%d, when: '"+when+"', reply: hi}\n", i, i)
				}
				set := compiled(t, b.String())
				e := mention(text("a Word of thanks, no more words"))
				return testing.AllocsPerRun(20, func() { set.Decide(e, noon()) })
			}
			if few, many := memory(3), memory(300); many > few+10 {
				t.Errorf("%v allocations with 300 rules, %v with 3", many, few)
			}
		})
	}
}
