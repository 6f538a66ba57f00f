package text_test

import "testing"

func TestMatcherOfEmojis(t *testing.T) {
	tests := map[string]struct {
		text, word string
		want       bool
	}{
		"emoji":                            {"nice 🔥", "🔥", true},
		"emoji in a row":                   {"🔥🔥🔥", "🔥", true},
		"emoji between words":              {"price❤️please", "price", true},
		"emojis as a phrase":               {"❤️🔥", "❤🔥", true},
		"emojis as a phrase, apart":        {"❤️ 🔥", "❤🔥", true},
		"another emoji":                    {"nice 🔥", "👍", false},
		"emoji with tone":                  {"👍🏽", "👍", true},
		"emoji with every tone":            {"👍🏻👎🏼🤝🏽✌🏾🙏🏿", "👍👎🤝✌️🙏", true},
		"tone sought":                      {"👍🏽", "👍🏽", true},
		"other tone sought":                {"👍🏿", "👍🏽", false},
		"tone sought among others":         {"👍👍🏿👍🏽", "👍🏽", true},
		"tone sought, none in the text":    {"👍", "👍🏽", false},
		"tone alone":                       {"👍🏽", "🏽", false},
		"variation selector in the text":   {"❤️", "❤", true},
		"variation selector in the rule":   {"❤", "❤️", true},
		"variation selector for text":      {"☎︎", "☎️", true},
		"joined emoji":                     {"👨‍👩‍👧", "👨‍👩‍👧", true},
		"part of a joined emoji":           {"👨‍👩‍👧", "👨", false},
		"last part of a joined emoji":      {"👨‍👩‍👧", "👧", false},
		"joined emoji, in parts":           {"👨👩👧", "👨‍👩‍👧", false},
		"joined emoji with tone":           {"👩🏾‍🚀", "👩‍🚀", true},
		"joined emoji with two tones":      {"👩🏽‍❤️‍💋‍👨🏿", "👩‍❤️‍💋‍👨", true},
		"joined emoji, both tones sought":  {"👩🏽‍❤️‍💋‍👨🏿", "👩🏽‍❤️‍💋‍👨🏿", true},
		"joined emoji, one tone sought":    {"👩🏽‍❤️‍💋‍👨🏿", "👩🏽‍❤️‍💋‍👨", false},
		"joined emoji without selectors":   {"🏳‍🌈", "🏳️‍🌈", true},
		"woman and person":                 {"🙋", "🙋‍♀️", false},
		"heart on fire is not fire":        {"❤️‍🔥", "🔥", false},
		"flag":                             {"🇵🇹🇧🇷", "🇧🇷", true},
		"flag across two":                  {"🇵🇹🇧🇷", "🇹🇧", false},
		"half a flag":                      {"🇵", "🇵🇹", false},
		"flag of a part of a country":      {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", true},
		"flag of another part":             {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", false},
		"keycap":                           {"vote 1️⃣", "1️⃣", true},
		"keycap without selector":          {"vote 1⃣", "1️⃣", true},
		"keycap is no number":              {"vote 1️⃣", "1", false},
		"number is no keycap":              {"vote 1", "1️⃣", false},
		"keycap after a number":            {"12️⃣", "2️⃣", true},
		"hash keycap":                      {"press #️⃣", "#️⃣", true},
		"star keycap":                      {"press *️⃣", "*️⃣", true},
		"joiner without anything to join":  {"👍\u200D nice", "👍", true},
		"emoji between words, of a phrase": {"i ❤️ it", "i ❤ it", true},
		"hundred is no number":             {"💯", "100", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := has(test.text, test.word); got != test.want {
				t.Errorf("%q in %q: %v, want %v", test.word, test.text, got, test.want)
			}
		})
	}
}
