package text_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/text"
)

// wordsOfAll are words of which one is found in another's text by every way there is.
func wordsOfAll() []string {
	return []string{
		"price", "prise", "priiice", "how much", "how", "much", "how, much", "best price", "Price!", "#price", "pirce",
		"hotel", "l'hôtel", "can't", "can", "size40", "size41", "1.5", "?", "!?", "...", " ", "", "\u200b", "_",
		"👋", "👋🏽", "👍🏻", "👩‍🚀", "👩🏽‍🚀", "\U0001F3FD", "多少", "多少钱", "钱", "ราคา", "ราคาเท่าไหร่", "سعر", "السعر", "цена", "e\u0301t\u00e9", "ete",
	}
}

func TestLexiconFindsWhatEachAloneDoes(t *testing.T) {
	word := rapid.SampledFrom(wordsOfAll())
	between := rapid.SampledFrom([]string{" ", "", ", ", ". ", "-", "\n", "'", "@", "\u200d"})
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(word, 0, 12).Draw(t, "words")
		spelt := rapid.SliceOfN(word, 0, 6).Draw(t, "spelt")
		in := ""
		for range rapid.IntRange(0, 6).Draw(t, "length") {
			in += word.Draw(t, "word") + between.Draw(t, "between")
		}
		subject := text.NewSubject(in)
		want := map[text.Entry]bool{}
		for i, w := range words {
			if text.NewMatcher(w).In(subject) {
				want[text.Entry{Place: i}] = true
			}
		}
		for i, w := range spelt {
			if text.NewSpelling(w).In(subject) {
				want[text.Entry{Place: i, Spelt: true}] = true
			}
		}
		got := map[text.Entry]bool{}
		text.NewLexicon(words, spelt).In(subject, func(e text.Entry) { got[e] = true })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("words %q, spelt %q in %q, got + and want -:\n%s", words, spelt, in, diff)
		}
	})
}

func TestZeroLexicon(t *testing.T) {
	var l text.Lexicon
	l.In(text.NewSubject("how much?"), func(e text.Entry) { t.Errorf("it found %v", e) })
}
