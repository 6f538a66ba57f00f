package text_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/rules/text"
)

func has(s string, words ...string) bool { return text.NewMatcher(words...).In(text.NewSubject(s)) }

func TestMatcher(t *testing.T) {
	tests := map[string]struct {
		text, word string
		want       bool
	}{
		"whole word":                          {"what is the price?", "price", true},
		"part of a word":                      {"priceless!", "price", false},
		"end of a word":                       {"enterprice", "price", false},
		"plural":                              {"prices", "price", false},
		"case":                                {"PRICE", "pRiCe", true},
		"elongated is another word":           {"priceee", "price", false},
		"number in the text":                  {"about 50 pieces", "50", true},
		"part of a number":                    {"1.50", "50", false},
		"digits and letters are one word":     {"price50", "price", false},
		"decimal":                             {"only 1.5 km", "1.5", true},
		"currency":                            {"is it 50€?", "50€", true},
		"currency apart":                      {"is it 50 €?", "50€", true},
		"currency alone":                      {"50€", "€", true},
		"heart of signs":                      {"love it <3", "<3", true},
		"underscore belongs to the word":      {"price_list", "price", false},
		"underscore in both":                  {"see Price_List", "price_list", true},
		"mention":                             {"@price hi", "price", true},
		"mention sought, @ stripped by Meta":  {"bluebottle hi", "@bluebottle", true},
		"mention sought, full-width sign":     {"＠bluebottle", "@bluebottle", true},
		"username with a point":               {"hi @ada.lovelace!", "@ada.lovelace", true},
		"hashtag":                             {"#Giveaway", "giveaway", true},
		"hashtag sought":                      {"a giveaway", "#giveaway", true},
		"longer hashtag":                      {"#giveaways", "giveaway", false},
		"no space after the full stop":        {"nice.Price?", "price", true},
		"no space after the colon":            {"price:yes", "price", true},
		"emoji glued to the word":             {"price🔥", "price", true},
		"emphasis":                            {"*price*", "price", true},
		"brackets":                            {"(price)", "price", true},
		"phrase":                              {"How much is it", "how much", true},
		"phrase over white space":             {"how \n\t  much", "how much", true},
		"phrase over a no-break space":        {"how\u00A0much", "how much", true},
		"phrase with another word within":     {"how very much", "how much", false},
		"phrase backwards":                    {"much how", "how much", false},
		"phrase over the end of a sentence":   {"tell me how. Much love!", "how much", false},
		"phrase over an ellipsis":             {"how… much", "how much", false},
		"phrase over an emoji":                {"how 🔥 much", "how much", false},
		"phrase with a part of a word":        {"how muchly", "how much", false},
		"phrase found at the second try":      {"how how much", "how much", true},
		"phrase with a comma, and so in text": {"hey, you", "hey, you", true},
		"phrase with a comma, none in text":   {"hey you", "hey, you", true},
		"hyphen":                              {"E-Mail me", "e-mail", true},
		"hyphen left out":                     {"e mail me", "e-mail", true},
		"phrase longer than the text":         {"how", "how much", false},
		"apostrophe":                          {"don't", "don't", true},
		"typographic apostrophe":              {"I don’t know", "don't", true},
		"negation":                            {"I can't", "can", false},
		"negation, typographic":               {"I WON’T", "won", false},
		"elision":                             {"où est l’hôtel ?", "hotel", true},
		"possessive":                          {"bluebottle's price", "bluebottle", true},
		"Turkish suffix":                      {"İstanbul'da mı", "istanbul", true},
		"punctuation":                         {"really?", "?", true},
		"punctuation, full-width":             {"本当？", "?", true},
		"no such punctuation":                 {"really", "?", false},
		"smiley":                              {"thanks :)", ":)", true},
		"empty word":                          {"anything", "", false},
		"white space as word":                 {"any thing", " ", false},
		"invisible word":                      {"any\u200Bthing", "\u200B", false},
		"empty text":                          {"", "price", false},
		"blank text":                          {" \n", "price", false},
		"blank word in a blank text":          {" \n", " ", false},
		"sign of an empty mention":            {"@ada", "@", true},
		"no such sign":                        {"ada", "@", false},
		"several spaces in the phrase":        {"how much", "  how \n much ", true},
		"phrase over a dash":                  {"how – much", "how much", true},
		"phrase over quotes":                  {"how \"much\"", "how much", true},
		"phrase over a slash":                 {"how/much", "how much", true},
		"phrase over a comma":                 {"how, much", "how much", false},
		"phrase over an underscore":           {"how_much", "how much", false},
		"phrase as a hashtag":                 {"#howmuch", "how much", false},
		"punctuation glued on":                {"price?!…", "price", true},
		"guillemets":                          {"«цена»", "цена", true},
		"typographic quotes":                  {"“price”", "price", true},
		"markup":                              {"<b>price</b>", "price", true},
		"strike-through":                      {"p\u0336r\u0336i\u0336c\u0336e\u0336", "price", true},
		"letters with spaces":                 {"p r i c e", "price", false},
		"letters with points":                 {"p.r.i.c.e", "price", false},
		"two signs":                           {"@@price ##cost", "price", true},
		"underscores round a word":            {"_price_", "price", false},
		"hyphen in the text only":             {"co-operate", "cooperate", false},
		"hyphen in the word only":             {"tshirt", "t-shirt", false},
		"no-break hyphen":                     {"T\u2011shirt", "t-shirt", true},
		"ampersand":                           {"AT & T", "at&t", true},
		"apostrophe left out in the text":     {"its", "it's", false},
		"apostrophe left out in the word":     {"it's", "its", false},
		"word with apostrophes all over":      {"rock 'n' roll", "rock'n'roll", true},
		"currency before":                     {"for $5?", "$5", true},
		"currency before, larger number":      {"for $500?", "$5", false},
		"currency of letters":                 {"R$50", "R$ 50", true},
		"currency of another script":          {"₹999 only", "₹999", true},
		"per cent":                            {"50 % off", "50%", true},
		"thousands":                           {"10,000", "10", false},
		"full-width digits":                   {"３５", "35", true},
		"Arabic digits are other digits":      {"٣٥", "35", false},
		"time of day":                         {"at 12:30", "12:30", true},
		"fraction":                            {"½ price", "½", true},
		"programming language":                {"C++ rocks", "c++", true},
		"letter alone":                        {"C rocks", "c++", false},

		"full-width":                {"ＰＲＩＣＥ", "price", true},
		"letters used as a font":    {"𝗽𝗿𝗶𝗰𝗲 𝓹𝓵𝓼 𝒽ℴ𝓌", "price", true},
		"letters of an older block": {"𝒽ℴ𝓌", "how", true},
		"zero-width space":          {"pri\u200Bce", "price", true},
		"soft hyphen":               {"pri\u00ADce", "price", true},
		"direction marks":           {"\u202Eprice\u202C", "price", true},
		"zero-width in the rule":    {"price", "\uFEFFpri\u200Dce", true},
		"invalid bytes beside it":   {"\xff\xfeprice\xc3", "price", true},
		"invalid bytes within":      {"pri\xffce", "price", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := has(test.text, test.word); got != test.want {
				t.Errorf("%q in %q: %v, want %v", test.word, test.text, got, test.want)
			}
		})
	}
}

func TestMatcherOfSeveral(t *testing.T) {
	s := text.NewSubject("how much is the blue one?")
	tests := []struct {
		words   []string
		any, of bool
	}{
		{nil, false, false},
		{[]string{"blue"}, true, true},
		{[]string{"red", "blue"}, true, false},
		{[]string{"blue", "how much"}, true, true},
		{[]string{"red", "green"}, false, false},
		{[]string{"blue", ""}, true, false},
	}
	for _, test := range tests {
		m := text.NewMatcher(test.words...)
		if any, all := m.In(s), m.AllIn(s); any != test.any || all != test.of {
			t.Errorf("%q: In %v, AllIn %v, want %v, %v", test.words, any, all, test.any, test.of)
		}
	}
}

func FuzzMatcher(f *testing.F) {
	f.Add("how much is it?", "how much")
	f.Add("👨‍👩‍👧\u200D\uFE0F1️⃣", "👨")
	f.Add("l’hôtel\xff", "hotel")
	f.Add("この価格は_x.y", "格は")
	f.Fuzz(func(t *testing.T, s, w string) {
		m := text.NewMatcher(w)
		subject := text.NewSubject(s)
		if m.In(subject) != m.AllIn(subject) {
			t.Fatalf("one word %q in %q: In and AllIn differ", w, s)
		}
		if m.In(subject) != m.In(text.NewSubject(text.Fold(s))) {
			t.Fatalf("%q in %q: folding the text makes a difference", w, s)
		}
		if m.In(subject) != has(s, text.Fold(w)) {
			t.Fatalf("%q in %q: folding the word makes a difference", w, s)
		}
	})
}

const comment = "Heyy @bluebottle I love this one so much, how much is the blue dress?"

func BenchmarkNewSubject(b *testing.B) {
	for name, s := range map[string]string{
		"ascii":      comment,
		"portuguese": "Olá, não sei quanto é que custa o vestido azul? Obrigada, está lindíssimo 😍",
		"japanese":   "このワンピースの価格はいくらですか？とても可愛いです😍",
		"long":       strings.Repeat(comment+" ", 140), // about 10,000 characters
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				text.NewSubject(s)
			}
		})
	}
}

func BenchmarkIn(b *testing.B) {
	s := text.NewSubject(comment)
	for name, m := range map[string]*text.Matcher{
		"one word, absent":  text.NewMatcher("price"),
		"one word, present": text.NewMatcher("dress"),
		"phrase":            text.NewMatcher("how much"),
		"list of 100":       text.NewMatcher(strings.Fields(strings.Repeat("some ", 100))...),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				m.In(s)
			}
		})
	}
}
