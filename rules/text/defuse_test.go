package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/text"
)

func TestDefuse(t *testing.T) {
	for s, want := range map[string]string{
		"":                               "",
		"the blue one":                   "the blue one",
		"Qual é o preço? 50€ & 20% <3":   "Qual é o preço? 50€ & 20% <3",
		"hi @ada and #win":               "hi ada and win",
		"＠ada ＃win ﹫bob ﹟x":              "ada win bob x",
		"5 @ 10, C#, #!":                 "5 @ 10, C#, #!",
		"@@ada ##win @#x #@y":            "ada win x y",
		"@\u200Bada #\u202Ewin @\u0301a": "ada win \u0301a",
		"@_ada @.ada #_x":                "_ada .ada _x",
		"#🔥 #️⃣ 1️⃣":                     "🔥 #️⃣ 1️⃣",
		"a@b":                            "ab",
		"ada@example.com":                "…",
		"see https://evil.com/x?y=z.":    "see ….",
		"evil.com EVIL.COM evil。com ｅｖｉｌ．ｃｏｍ": "… … … …",
		"h#ttp://evil.com":                        "…",
		"ht@tps://evil.com/@ada":                  "…",
		"evil.c#om":                               "…",
		"ev\u200Bil.com":                          "…",
		"@evil.com":                               "…",
		"javascript://x www.x":                    "… …",
		"e.g. 1.5 hello.World":                    "e.g. 1.5 hello.World",
		"one\ntwo\r\nthree\u2028four\x00\x1bfive": "one two three four five",
		"  much \t space\u3000 ":                  "much space",
		"\u202Eevil\u202C \u2066x\u2069":          "evil x",
		"\u3164\u115F":                            "",
		"❤️ 👩🏽‍🚀 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇵🇹":     "❤️ 👩🏽‍🚀 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇵🇹",
		"👩🏽‍❤️‍💋‍👨🏿":                   "👩🏽‍❤️‍💋‍👨🏿",
		"می\u200Cخواهم श्री क्\u200Dष": "می\u200Cخواهم श्री क्\u200Dष",
		"a\u200Cb 👍\u200D":                       "ab 👍",
		"x\U000E0068\U000E0069":                  "x",
		"a\xffb":                                 "a\uFFFDb",
		"\u0301a":                                "a",
		strings.Repeat("é", 150):                 strings.Repeat("é", 100),
		strings.Repeat("👍🏽", 101):                strings.Repeat("👍🏽", 100),
		"Z" + strings.Repeat("\u0322", 50) + "x": "Z" + strings.Repeat("\u0322", 7) + "x",
		strings.Repeat("é", 95) + " a.cox":       strings.Repeat("é", 95) + " …", // cut to a.co
		"👨" + strings.Repeat("\u200D👨", 40):      strings.Repeat("👨\u200D", 5) + "👨",
	} {
		if got := text.Defuse(s); got != want {
			t.Errorf("Defuse(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestDefused(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDefused(t, someText().Draw(t, "text")) })
}

func FuzzDefuse(f *testing.F) {
	for _, s := range []string{"@@a", "@\u200Ba", "h#ttp://x", "@.a", "a.co.a.co", "#\uFE0F\u20E3a", "http://…", "ＷＷＷ．x", "@ａ.com/@b", "１.2.3.4"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		checkDefused(t, s)
		for _, extract := range []func(string) []string{text.Words, text.Hashtags, text.Mentions, text.URLs, text.Emojis} {
			if slices.Contains(extract(s), "") {
				t.Fatalf("%+q: something empty is taken out of it", s)
			}
		}
	})
}

func checkDefused(t failer, s string) {
	t.Helper()
	defused := text.Defuse(s)
	for what, found := range map[string][]string{
		"mentions": text.Mentions(defused), "hashtags": text.Hashtags(defused), "URLs": text.URLs(defused),
	} {
		if len(found) > 0 {
			t.Fatalf("Defuse(%+q) = %+q has %s %q", s, defused, what, found)
		}
	}
	if again := text.Defuse(defused); again != defused {
		t.Fatalf("Defuse(%+q) = %+q, again %+q", s, defused, again)
	}
	if i := strings.IndexFunc(defused, unicode.IsControl); i >= 0 || !utf8.ValidString(defused) {
		t.Fatalf("Defuse(%+q) = %+q has control characters or broken ones", s, defused)
	}
	n := 0
	for it := graphemes.FromString(defused); it.Next(); n++ {
		if utf8.RuneCountInString(it.Value()) > 12 {
			t.Fatalf("Defuse(%+q) = %+q has a huge grapheme", s, defused)
		}
	}
	if n > 100 {
		t.Fatalf("Defuse(%+q) has %d graphemes", s, n)
	}
}
