package text_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/text"
)

// someText draws from what people type, and from what they type to break things.
func someText() *rapid.Generator[string] {
	fragments := rapid.SampledFrom([]string{
		"price", "how much", "preço", "ΤΙΜΉ", "цена", "कीमत", "السعر", "가격", "価格", "ราคา", "l'hôtel", "don’t", "İ", "ß",
		"👍🏽", "❤️", "👨‍👩‍👧", "1️⃣", "🇵🇹", "\u200B", "\u200D", "\u0301", "\uFE0F", "\u202E", "@", "#", "＠", "﹫", "＃",
		".", "。", "．", "/", ":", "://", "http", "www.", "com", "evil.com", "a.co", "xn--p1ai", "рф", "?", "(", ")", "…", "-", "_",
		" ", "\n", "\x00", "\xff", "\xf0\x9f", "ada", "1", ",", "で", "\U000E0067", "🏴", "🏽", "\u20E3", "\u1100", "\u0E33",
	})
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(fragments, fragments, rapid.String()), 0, 12).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func TestUnrelatedWordsDontMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, w := someText().Draw(t, "text"), someText().Draw(t, "word")
		before := rapid.SampledFrom([]string{"", "hello ", "🎉 ", "okay. ", "はい "}).Draw(t, "before")
		after := rapid.SampledFrom([]string{"", " bye", " 🎉", ". Okay", " はい"}).Draw(t, "after")
		if has(s, w) && !has(before+s+after, w) {
			t.Fatalf("%q is in %q but not in %q", w, s, before+s+after)
		}
	})
}

func TestTextHasItsOwnWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// A lone iota subscript is no letter, but by case folding it becomes one.
		s := strings.ReplaceAll(someText().Draw(t, "text"), "\u0345", "")
		for _, w := range text.Words(s) {
			if !has(s, w) {
				t.Fatalf("%+q is not in its own text %+q", w, s)
			}
		}
		for _, e := range text.Emojis(s) {
			if !has(e, e) {
				t.Fatalf("%q is not in itself", e)
			}
		}
	})
}

func TestInvisibleCharactersDontMatter(t *testing.T) {
	invisible := rapid.SampledFrom([]rune{'\u200B', '\u200E', '\u2060', '\uFEFF', '\u00AD', '\u202E', '\u034F', '\u061C', '\u180E'})
	rapid.Check(t, func(t *rapid.T) {
		s, w := someText().Draw(t, "text"), someText().Draw(t, "word")
		if !has(s, w) {
			s += " " + w // what is found must stay found
		}
		var hidden []rune
		for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
			// A joiner belongs to the very character after it.
			if joined := len(hidden) > 0 && hidden[len(hidden)-1] == '\u200D'; !joined && rapid.Bool().Draw(t, "hide") {
				hidden = append(hidden, invisible.Draw(t, "character"))
			}
			hidden = append(hidden, r)
		}
		if has(string(hidden), w) != has(s, w) {
			t.Fatalf("%+q in %+q: %v, in %+q: %v", w, s, has(s, w), string(hidden), has(string(hidden), w))
		}
	})
}

func TestNormalFormsDontMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, w := strings.ToValidUTF8(someText().Draw(t, "text"), ""), strings.ToValidUTF8(someText().Draw(t, "word"), "")
		if rapid.Bool().Draw(t, "with the word") {
			s += " " + w
		}
		want := has(s, w)
		for _, form := range []norm.Form{norm.NFC, norm.NFD} {
			if has(form.String(s), w) != want || has(s, form.String(w)) != want {
				t.Fatalf("%+q in %+q: %v, in another normal form not so", w, s, want)
			}
		}
	})
}

func TestSeveralWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(someText(), 0, 4).Draw(t, "words")
		s := text.NewSubject(someText().Draw(t, "text") + " " + strings.Join(words[:len(words)/2], " "))
		some, all := false, len(words) > 0
		for _, w := range words {
			found := text.NewMatcher(w).In(s)
			some, all = some || found, all && found
		}
		m := text.NewMatcher(words...)
		if m.In(s) != some || m.AllIn(s) != all {
			t.Fatalf("%q: In %v, AllIn %v; one by one %v, %v", words, m.In(s), m.AllIn(s), some, all)
		}
	})
}

func TestFindableWordsAreInThemselves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := someText().Draw(t, "word")
		if has(w, w) != text.Findable(w) {
			t.Fatalf("%+q is in itself: %v, findable: %v", w, has(w, w), text.Findable(w))
		}
	})
}

func TestCoversIsCertain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(someText(), 0, 3)
		m, other := text.NewMatcher(words.Draw(t, "words")...), text.NewMatcher(words.Draw(t, "others")...)
		s := text.NewSubject(someText().Draw(t, "text"))
		if m.Covers(other) && other.In(s) && !m.In(s) {
			t.Fatal("what covers isn't found")
		}
		if !m.Covers(m) {
			t.Fatal("it doesn't cover itself")
		}
	})
}

func TestLikeFindsWhatHasFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, w := someText().Draw(t, "text"), someText().Draw(t, "word")
		if rapid.Bool().Draw(t, "with the word") {
			s += " " + w
		}
		if has(s, w) && !text.Like(s, w) {
			t.Fatalf("%+q is in %+q, but not like anything in it", w, s)
		}
	})
}
