package text_test

import (
	"testing"

	"github.com/answerback/answerback/rules/text"
)

func TestFindable(t *testing.T) {
	for w, want := range map[string]bool{
		"": false, " ": false, "\n\t\u00A0": false, "\u200B": false, "\uFEFF \u00AD": false, "ـ": false, "\u3164": false,
		"a": true, "?": true, "@": true, "#": true, "_": true, "🔥": true, "\u0301": true, "価": true, "@ada": true,
	} {
		if got := text.Findable(w); got != want {
			t.Errorf("Findable(%q) = %v, want %v", w, got, want)
		}
	}
}

func TestCovers(t *testing.T) {
	list := func(words ...string) []string { return words }
	for _, test := range []struct {
		words, others []string
		want          bool
	}{
		{list("price"), list("PRICE"), true},
		{list("price"), list("#price"), true},
		{list("@price"), list("price"), true},
		{list("preço"), list("preco"), true},
		{list("straße"), list("STRASSE"), true},
		{list("price"), list("best price"), true},
		{list("best price"), list("price"), false},
		{list("best price"), list("the best-price ever"), true},
		{list("best, price"), list("best price"), true},
		{list("best price"), list("best, price"), false},
		{list("price"), list("prices"), false},
		{list("価格"), list("この価格は"), true},
		{list("価 格"), list("価格"), true},
		{list("価格"), list("価 格"), false},
		{list("👍"), list("👍🏽"), true},
		{list("👍🏽"), list("👍"), false},
		{list("👍🏽"), list("👍🏽"), true},
		{list("?"), list("??"), true},
		{list("??"), list("?"), false},
		{list("?"), list("price?"), false}, // price alone is found too
		{list("price", "cost"), list("cost"), true},
		{list("price", "cost"), list("the cost", "a price"), true},
		{list("price"), list("price", "cost"), false},
		{list("price"), nil, true}, // nothing is found nowhere
		{list("price"), list(""), true},
		{nil, list("price"), false},
		{list(""), list("price"), false},
		{nil, nil, true},
	} {
		if got := text.NewMatcher(test.words...).Covers(text.NewMatcher(test.others...)); got != test.want {
			t.Errorf("%q covers %q: %v, want %v", test.words, test.others, got, test.want)
		}
	}
}
