package text_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/text"
)

func TestLike(t *testing.T) {
	tests := map[string]struct {
		word        string
		like, other []string
	}{
		"up to three letters: none":  {"fee", []string{"fee", "FEE!", "fée"}, []string{"fe", "feet", "fea", "efe", "few"}},
		"four letters: one":          {"size", []string{"size", "sizee", "szie", "sise", "isze", "siez"}, []string{"siz", "sezi", "dize", "ize", "sizzez"}},
		"price":                      {"price", []string{"prce", "pric", "prrice", "pirce", "rpice", "Prise?", "PRICEE", "#pricw"}, []string{"rice", "trice", "pre", "ipcre", "prs", "spicy", "enterprice", "priceless"}},
		"seven letters: one":         {"deliver", []string{"delivr", "dleiver", "delivar"}, []string{"dlivr", "delivery2", "sliver"}},
		"eight letters: two":         {"giveaway", []string{"givaway", "giveawya", "givewaay", "igveawya", "gieveawey", "Geeveaway", "givway"}, []string{"givwy", "getaway", "jiveaway", "iveaway", "agiveaway", "faraway", "giveawayswow"}},
		"long word":                  {"availability", []string{"avaliability", "availibility", "avalability", "availiblity", "vaailabilty"}, []string{"avalblty", "capability", "bailability", "ability"}},
		"three letters in the text":  {"form", []string{"from", "forn"}, []string{"for", "fom", "orm"}},
		"swapped twice":              {"prices", []string{"rpices", "pricse"}, []string{"rpicse", "pirecs"}},
		"swapped twice, long word":   {"question", []string{"quesitno", "uqestoin"}, []string{"uqesitno"}},
		"accents and case":           {"preço", []string{"preco", "PREÇO", "prço", "pre\u0301cço", "perço"}, []string{"pressa", "berço"}},
		"Spanish":                    {"cuánto cuesta", []string{"cuanto cuest", "Cuánot cuetsa?"}, []string{"cuánto", "cuanto le cuesta", "cuánto. cuesta", "cuesta cuánto"}},
		"German":                     {"größe", []string{"Grösse", "Grosse", "grossse", "Gröse", "grösee"}, []string{"grass", "kröse", "gros"}},
		"Russian":                    {"сколько", []string{"сколко", "скольок", "СКОЛЬКА", "скоолько"}, []string{"школько", "столик", "колько"}},
		"Greek":                      {"κοστίζει", []string{"κοστιζη", "κοστιζι", "ΚΟΣΤΊΖΕΙ", "κοσττιζει"}, []string{"ποστίζη", "κοστος"}},
		"Turkish":                    {"fiyatı", []string{"FİYATI", "fiyti", "fıyati", "fiaytı"}, []string{"fiat", "hayatı"}},
		"Arabic":                     {"السعر", []string{"السعرر", "الساعر", "السِّعْر", "السـعر", "االسعر", "لاسعر"}, []string{"والسعر", "سعر", "بالسعر"}},
		"Hebrew":                     {"המחיר", []string{"המחייר", "המיחר"}, []string{"מחיר", "שמחיר"}},
		"Hindi":                      {"कीमत", []string{"किमत", "कीमतत"}, []string{"कम", "हिम्मत", "मीकत"}},
		"Korean, a syllable":         {"얼마예요", []string{"얼마에요", "얼마예여"}, []string{"얼마", "뭐예요", "어디예요"}},
		"Korean, short":              {"사랑", []string{"사랑"}, []string{"사람", "자랑"}},
		"digits are never mistaken":  {"iphone15", []string{"iPhone15", "ihpone15", "ipone15"}, []string{"iphone14", "iphone", "iphone155", "iphone51", "phone15x"}},
		"numbers":                    {"20245", []string{"20245"}, []string{"20254", "2024", "202455", "20246", "20222245"}},
		"drawn out":                  {"price", []string{"priiice", "priceeeeee", "PRRRIIICCCEEE"}, []string{"priiicess", "prrriiizzze"}},
		"drawn out, short":           {"hey", []string{"heyyy", "heeey"}, []string{"heyy", "hay"}},
		"drawn out in the word":      {"sooo", []string{"so", "soooooo", "soo"}, []string{"sa"}},
		"doubled letters drawn out":  {"good", []string{"goood", "gooood"}, []string{"godddess"}},
		"apostrophe left out":        {"don't", []string{"dont", "don’t"}, []string{"don", "do"}},
		"phrase":                     {"how much", []string{"how mcuh", "How muhc?", "how   \n much", "how much", "howww much"}, []string{"hw much", "how very much", "how. Much", "howmuch", "much"}},
		"phrase with a short word":   {"is it available", []string{"is it avaliable", "Is it availble?"}, []string{"si it available", "it available"}},
		"mentions and hashtags":      {"@bluebottle", []string{"bluebotle", "#blubottle", "＠bluebottel"}, []string{"blue_bot"}},
		"Chinese, exactly":           {"多少钱", []string{"请问多少钱啊"}, []string{"多小钱", "少多钱", "多少"}},
		"Japanese, exactly":          {"プレゼント", []string{"ﾌﾟﾚｾﾞﾝﾄ企画"}, []string{"プレセント", "プレゼンント"}},
		"Thai, exactly":              {"ราคา", []string{"ขอราคาหน่อย"}, []string{"ราค่า", "รคาา"}},
		"Japanese with a Latin word": {"iphoneの価格", []string{"iphnoeの価格は"}, []string{"iphoneの価値", "iphone価格"}},
		"emoji":                      {"👍", []string{"ok 👍🏽"}, []string{"👎", "ok"}},
		"emoji of several":           {"👨‍👩‍👧", []string{"👨‍👩‍👧", "👨🏽‍👩🏽‍👧🏽"}, []string{"👨‍👩‍👦", "👨‍👩‍👧‍👧"}},
		"signs":                      {"???", []string{"what????"}, []string{"??", "!?!"}},
		"blank":                      {" ", nil, []string{"", " ", "a b"}},
		"empty":                      {"", nil, []string{"", " ", "a"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for _, s := range test.like {
				for _, whole := range []string{s, "hello, " + s + " :)"} {
					if !text.Like(whole, test.word) {
						t.Errorf("nothing in %q is like %q", whole, test.word)
					}
				}
			}
			for _, s := range test.other {
				if text.Like(s, test.word) {
					t.Errorf("something in %q is like %q", s, test.word)
				}
			}
		})
	}
}

func TestLikeForgivesOneMistake(t *testing.T) {
	letters := rapid.SampledFrom([]rune("abcdefghijklmnopqrstuvwxyzабвгдежзабсαβγδεζηابتثجحאבגדהו"))
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SliceOfN(letters, 5, 30).Draw(t, "word")
		wrong := slices.Clone(word)
		at := rapid.IntRange(1, len(word)-1).Draw(t, "place")
		switch letter := letters.Draw(t, "letter"); rapid.IntRange(0, 3).Draw(t, "mistake") {
		case 0:
			wrong[at] = letter
		case 1:
			wrong = slices.Delete(wrong, at, at+1)
		case 2:
			wrong = slices.Insert(wrong, at, letter)
		case 3:
			wrong[at], wrong[at-1] = wrong[at-1], wrong[at]
		}
		if !text.Like("so "+string(wrong)+" it is", string(word)) || !text.Like(string(word), string(wrong)) {
			t.Fatalf("%q isn't like %q", string(wrong), string(word))
		}
	})
}

func TestLikeNeverForgivesManyMistakes(t *testing.T) {
	low, high := rapid.SampledFrom([]rune("abcdefgh")), rapid.SampledFrom([]rune("stuvwxyz"))
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SliceOfN(low, 4, 20).Draw(t, "word")
		wrong := slices.Clone(word)
		for _, at := range rapid.SliceOfNDistinct(rapid.IntRange(0, len(word)-1), 3, 4, rapid.ID).Draw(t, "places") {
			wrong[at] = high.Draw(t, "letter")
		}
		if text.Like(string(wrong), string(word)) {
			t.Fatalf("%q is like %q", string(wrong), string(word))
		}
	})
}

func FuzzLike(f *testing.F) {
	f.Add("how muhc", "how much")
	f.Add("iphone15", "ihpone15")
	f.Add("priiice, السعرر", "price")
	f.Add("\u0301\u0301\u0301a1é", "\xffx")
	f.Fuzz(func(t *testing.T, s, w string) {
		like := text.Like(s, w)
		if has(s, w) && !like {
			t.Fatalf("%+q is in %+q, but not like anything in it", w, s)
		}
		if text.Like(text.Fold(s), text.Fold(w)) != like {
			t.Fatalf("%+q like %+q: folding makes a difference", s, w)
		}
		if !text.Findable(w) && like {
			t.Fatalf("something in %+q is like %+q, in which there is nothing", s, w)
		}
		if like && !text.Like("ok "+s+" ok", w) {
			t.Fatalf("%+q like %+q: other words make a difference", s, w)
		}
	})
}

func BenchmarkLike(b *testing.B) {
	short, long := text.NewSubject(comment), text.NewSubject(strings.Repeat(comment+" ", 140))
	hostile := text.NewSubject(strings.Repeat("vaailabliityt ", 700))
	for name, test := range map[string]struct {
		word    string
		subject *text.Subject
	}{
		"absent":         {"price", short},
		"absent, 9":      {"available", short},
		"misspelt":       {"derss", short},
		"phrase":         {"how mcuh", short},
		"absent in long": {"available", long},
		"hostile":        {"availability", hostile},
	} {
		spelling := text.NewSpelling(test.word)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				spelling.In(test.subject)
			}
		})
	}
}
