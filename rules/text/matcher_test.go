package text_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

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

		"Portuguese":                  {"qual o PREÇO?", "preço", true},
		"Portuguese without accents":  {"qual o preco?", "preço", true},
		"Portuguese, accents in text": {"não", "nao", true},
		"decomposed":                  {"prec\u0327o", "preço", true},
		"decomposed in the rule":      {"preço", "prec\u0327o", true},
		"French":                      {"ça coûte combien ?", "coute", true},
		"French ligature":             {"mon coeur", "cœur", true},
		"Spanish":                     {"¿Cuánto cuesta?", "cuanto", true},
		"German":                      {"Größe?", "GRÖSSE", true},
		"German sharp s":              {"straße", "strasse", true},
		"German capital sharp s":      {"STRAẞE", "straße", true},
		"Polish stroke":               {"ile zlotych", "złotych", true},
		"Vietnamese":                  {"gia bao nhieu, duoc khong", "được", true},
		"Turkish capital dotted i":    {"FİYAT", "fiyat", true},
		"Turkish dotless i":           {"KAPI", "kapı", true},
		"Turkish dotless i in text":   {"kapı", "KAPI", true},
		"Greek":                       {"ΤΙΜΗ;", "τιμή", true},
		"Greek final sigma":           {"ΠΌΣΟΣ", "πόσος", true},
		"Russian":                     {"Какая ЦЕНА?", "цена", true},
		"Russian inflected":           {"цены", "цена", false},
		"Russian й is no и":           {"мои", "мой", false},
		"Russian й decomposed":        {"мои\u0306", "мой", true},
		"Ukrainian apostrophe":        {"М’ЯТА", "м'ята", true},
		"Hindi":                       {"इसकी कीमत क्या है?", "कीमत", true},
		"Hindi vowel counts":          {"कीमती", "कीमत", false},
		"Hindi mark counts":           {"की", "कि", false},
		"Hindi danda":                 {"कीमत।", "कीमत", true},
		"Hindi nukta composed":        {"\u0958लम", "\u0915\u093Cलम", true},
		"Bengali":                     {"দাম কত?", "দাম", true},
		"Tamil":                       {"விலை என்ன", "விலை", true},
		"Arabic":                      {"كم السعر؟", "السعر", true},
		"Arabic part":                 {"والسعر", "السعر", false},
		"Persian joiner":              {"می\u200Cخواهم", "میخواهم", true},
		"Hebrew":                      {"מה המחיר?", "המחיר", true},
		"Korean":                      {"가격 알려주세요", "가격", true},
		"Korean decomposed":           {"\u1100\u1161\u1100\u1167\u11A8", "가격", true},
		"Korean part":                 {"무가격", "가격", false},
		"Japanese":                    {"この価格はいくらですか", "価格", true},
		"Japanese hiragana":           {"これいくらですか", "いくら", true},
		"Japanese katakana":           {"#プレゼント企画", "プレゼント", true},
		"Japanese half-width":         {"ﾌﾟﾚｾﾞﾝﾄ", "プレゼント", true},
		"Japanese long vowel":         {"メニューは", "メニュー", true},
		"Japanese voice mark counts":  {"が", "か", false},
		"Japanese with a Latin word":  {"iPhone15の価格", "iphone15", true},
		"Japanese after a Latin word": {"iPhone15の価格", "価格", true},
		"Japanese, Latin part":        {"iPhone15の価格", "iphone", false},
		"Japanese phrase":             {"価格教えて", "価格 教えて", true},
		"Japanese word torn":          {"価 格", "価格", false},
		"Chinese":                     {"请问多少钱啊", "多少钱", true},
		"Chinese over a comma":        {"多少，钱", "多少钱", false},
		"Thai":                        {"ราคาเท่าไหร่คะ", "ราคา", true},
		"Thai inside":                 {"ขอราคาหน่อย", "ราคา", true},
		"Thai other vowel":            {"กินี", "กน", false},
		"Lao":                         {"ລາຄາເທົ່າໃດ", "ລາຄາ", true},
		"Khmer":                       {"តម្លៃប៉ុន្មាន", "តម្លៃ", true},
		"Khmer with break marks":      {"តម្លៃ\u200Bប៉ុន្មាន", "តម្លៃប៉ុន្មាន", true},
		"Burmese":                     {"စျေးဘယ်လောက်လဲ", "ဘယ်လောက်", true},
		"full-width":                  {"ＰＲＩＣＥ", "price", true},
		"letters used as a font":      {"𝗽𝗿𝗶𝗰𝗲 𝓹𝓵𝓼 𝒽ℴ𝓌", "price", true},
		"letters of an older block":   {"𝒽ℴ𝓌", "how", true},
		"zero-width space":            {"pri\u200Bce", "price", true},
		"soft hyphen":                 {"pri\u00ADce", "price", true},
		"direction marks":             {"\u202Eprice\u202C", "price", true},
		"zero-width in the rule":      {"price", "\uFEFFpri\u200Dce", true},
		"invalid bytes beside it":     {"\xff\xfeprice\xc3", "price", true},
		"invalid bytes within":        {"pri\xffce", "price", false},

		"emoji":                            {"nice 🔥", "🔥", true},
		"emoji in a row":                   {"🔥🔥🔥", "🔥", true},
		"emojis as a phrase":               {"❤️🔥", "❤🔥", true},
		"another emoji":                    {"nice 🔥", "👍", false},
		"emoji with tone":                  {"👍🏽", "👍", true},
		"tone sought":                      {"👍🏽", "👍🏽", true},
		"other tone sought":                {"👍🏿", "👍🏽", false},
		"tone sought, none in the text":    {"👍", "👍🏽", false},
		"variation selector in the text":   {"❤️", "❤", true},
		"variation selector in the rule":   {"❤", "❤️", true},
		"joined emoji":                     {"👨‍👩‍👧", "👨‍👩‍👧", true},
		"part of a joined emoji":           {"👨‍👩‍👧", "👨", false},
		"last part of a joined emoji":      {"👨‍👩‍👧", "👧", false},
		"joined emoji, in parts":           {"👨👩👧", "👨‍👩‍👧", false},
		"joined emoji with tone":           {"👩🏾‍🚀", "👩‍🚀", true},
		"heart on fire is not fire":        {"❤️‍🔥", "🔥", false},
		"flag":                             {"🇵🇹🇧🇷", "🇧🇷", true},
		"flag across two":                  {"🇵🇹🇧🇷", "🇹🇧", false},
		"flag of a part of a country":      {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", true},
		"flag of another part":             {"🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", false},
		"keycap":                           {"vote 1️⃣", "1️⃣", true},
		"keycap without selector":          {"vote 1⃣", "1️⃣", true},
		"keycap is no number":              {"vote 1️⃣", "1", false},
		"keycap after a number":            {"12️⃣", "2️⃣", true},
		"hash keycap":                      {"press #️⃣", "#️⃣", true},
		"joiner without anything to join":  {"👍\u200D nice", "👍", true},
		"emoji between words, of a phrase": {"i ❤️ it", "i ❤ it", true},
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
