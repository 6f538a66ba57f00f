package text_test

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/text"
)

func TestFold(t *testing.T) {
	for s, want := range map[string]string{
		"":                      "",
		"PRICE":                 "price",
		"Straße STRAẞE":         "strasse strasse",
		"İSTANBUL ISPARTA kapı": "istanbul isparta kapi",
		"Olá Çà ñ é e\u0301":    "ola ca n e e",
		"Ångström":              "angstrom",
		"Łódź đ Ø ħ ŧ œ Æ":      "lodz d o h t oe ae",
		"Ποιός ΤΙΜΉ ϊ":          "ποιοσ τιμη ι",
		"Йод Её Її Ў":           "йод ее її ў",
		"ガ カ\u3099 ｶﾞ":          "ガ ガ ガ",
		"कीमत की":               "कीमत की",
		"مُدَرِّس سـعـر أإآٱ ؤئ":  "مدرس سعر اااٱ وي",
		"ﺍﻟﺴﻌﺮ ﻻ ﷲ":               "السعر لا الله",
		"שָׁלוֹם":                 "שלום",
		"น้ำ":                     "น้ำ",
		"각 \u1100\u1161\u11A8":    "각 각",
		"Ｐｒｉｃｅ　１２！":               "price 12!",
		"ﬁn ſ K":                  "fin s k",
		"don’t ‘x’":               "don't 'x'",
		"𝗽𝗿𝗶𝗰𝗲 𝒽ℴ𝓌 𝟙":             "price how 1",
		"a\u200Bb\u00ADc\uFEFF":   "abc",
		"می\u200Cخواهم":           "میخواهم",
		"❤️ 👍🏽 👩🏽‍🚀":              "❤ 👍🏽 👩🏽‍🚀",
		"👨\u200D\u200D👩 👨\u200Da": "👨\u200D👩 👨a",
		"5\u20E3":                 "5\u20E3",
		"a\xffb":                  "a\uFFFDb",
		"\u115F\u3164x":           "x",
		"ℹ Ⓜ ™":                   "ℹ ⓜ ™",
	} {
		if got := text.Fold(s); got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestFoldTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkFold(t, someText().Draw(t, "text")) })
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"İı", "ᾳ\u0345", "👩🏽‍🚀️", "\u1100\u1161\u11A8", "e\u200B\u0301", "\xf0\x9f", "ǰ\u0323ŉ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkFold(t, s) })
}

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func checkFold(t failer, s string) {
	t.Helper()
	folded := text.Fold(s)
	if again := text.Fold(folded); again != folded {
		t.Fatalf("Fold(%q) = %+q, again %+q", s, folded, again)
	}
	if !utf8.ValidString(folded) || !norm.NFC.IsNormalString(folded) {
		t.Fatalf("Fold(%q) = %+q is not NFC", s, folded)
	}
}

// The letters and accents of the languages that most of Instagram is written in, composed where Unicode has it.
var latinAndGreek = []rune("aáàâãäåāăąbcçćčdďeéèêëēęěfgğhiíìîïīıjklĺľmnñńňoóòôõöőpqrřsśšşßtťţuúùûüůűūvwxyýÿzźžżαάβγδεέηήιίϊΐκλμνοόπρσςτυύωώ")

func TestCaseAndAccentsNeverMatter(t *testing.T) {
	upper, lower := cases.Upper(language.Und), cases.Lower(language.Und)
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom(latinAndGreek), 1, 10, -1).Draw(t, "word")
		for _, other := range []string{upper.String(s), lower.String(s), norm.NFD.String(s), norm.NFD.String(upper.String(s)), s + "\u0301"} {
			if text.Fold(other) != text.Fold(s) {
				t.Fatalf("%q folds to %q, %q to %q", s, text.Fold(s), other, text.Fold(other))
			}
			if !has("so "+other+" it is", s) {
				t.Fatalf("%q is not found as %q", s, other)
			}
		}
	})
}
