package text_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/answerback/answerback/rules/text"
)

func TestExtract(t *testing.T) {
	extract := map[string]func(string) []string{
		"words": text.Words, "hashtags": text.Hashtags, "mentions": text.Mentions, "urls": text.URLs, "emojis": text.Emojis,
	}
	tests := []struct {
		of, text string
		want     []string
	}{
		{"words", "", nil},
		{"words", "How much, @ada? #new 🔥 50€", []string{"How", "much", "ada", "new", "50"}},
		{"words", "Don’t o'clock 'quoted' l’hôtel", []string{"Don’t", "o'clock", "quoted", "l’hôtel"}},
		{"words", "nice.Price e-mail 1.5 a_b ___", []string{"nice", "Price", "e", "mail", "1.5", "a_b"}},
		{"words", "この価格は、いくら？ ราคาเท่าไหร่", []string{"この価格は", "いくら", "ราคาเท่าไหร่"}},
		{"words", "iPhone15の価格", []string{"iPhone15", "の価格"}},
		{"words", "ﾌﾟﾚｾﾞﾝﾄ", []string{"ﾌﾟﾚｾﾞﾝﾄ"}},
		{"words", "می\u200Cخواهم pri\u200Bce", []string{"می\u200Cخواهم", "price"}},
		{"words", "vote 1️⃣ 12️⃣", []string{"vote", "1"}},

		{"hashtags", "no tags # here, 5# #️⃣ #!", nil},
		{"hashtags", "#One #two#three ＃four ﹟five #ONE", []string{"one", "two", "three", "four", "five"}},
		{"hashtags", "#100 #_a #café #プレゼント企画 #कीमत, #love🔥", []string{"100", "_a", "cafe", "プレゼント企画", "कीमत", "love"}},
		{"hashtags", "#\u200Bhidden", []string{"hidden"}},
		{"hashtags", "https://example.com/#fragment #real", []string{"real"}},

		{"mentions", "nobody @ here, ada@example.com @ @é @.ada", nil},
		{"mentions", "@Ada hi @bob.b. @_c_ (@d) @ADA", []string{"ada", "bob.b", "_c_", "d"}},
		{"mentions", "＠ada ﹫bob @ｃａｒｏｌ", []string{"ada", "bob", "carol"}},
		{"mentions", "@adaさん @ada..bob @@eve", []string{"ada", "eve"}},
		{"mentions", "@" + strings.Repeat("a", 30), []string{strings.Repeat("a", 30)}},
		{"mentions", "@" + strings.Repeat("a", 31), nil},
		{"mentions", "@" + strings.Repeat("a", 30) + ". ", []string{strings.Repeat("a", 30)}},
		{"mentions", "@\u200Bada @ada.com", []string{"ada", "ada.com"}},
		{"mentions", "https://medium.com/@ada", nil},

		{"urls", "e.g. i.e. 1.5 v1.2 12.05.2024 9.am 10.PM node.js U.S.A hello.World nice.Price wait...what p.s. :// a:b", nil},
		{"urls", "https://example.com/a?b=c#d.", []string{"https://example.com/a?b=c#d"}},
		{"urls", "(see http://a.com/x_(y)) <https://b.com>", []string{"http://a.com/x_(y)", "https://b.com"}},
		{"urls", "go to evil.com, EVIL.COM or Evil.Com!", []string{"evil.com", "EVIL.COM", "Evil.Com"}},
		{"urls", "bit.ly/x t.me evil.World/x shop.evil.ninja:8080/y www.foo", []string{"bit.ly/x", "t.me", "evil.World/x", "shop.evil.ninja:8080/y", "www.foo"}},
		{"urls", "пример.рф 例え.みんな xn--e1afmkfd.xn--p1ai", []string{"пример.рф", "例え.みんな", "xn--e1afmkfd.xn--p1ai"}},
		{"urls", "見てevil.comでね evil.com에서", []string{"evil.com", "evil.com"}},
		{"urls", "evil。com ｅｖｉｌ．ｃｏｍ ｈｔｔｐ：／／ｘ", []string{"evil。com", "ｅｖｉｌ．ｃｏｍ", "ｈｔｔｐ：／／ｘ"}},
		{"urls", "そうです。はい。", nil},
		{"urls", "evil.com-now evil.com_now evil.com🔥", []string{"evil.com", "evil.com", "evil.com"}},
		{"urls", "1.2.3.4/x 1.2.3.400", []string{"1.2.3.4/x"}},
		{"urls", "ada@example.com @ada.com", nil},
		{"urls", "hxxp://foo http:// http://… git+ssh://x", []string{"hxxp://foo", "ssh://x"}},
		{"urls", "a.co..b.co evil.com.Thanks", []string{"a.co", "b.co", "evil.com"}},
		{"urls", "ev\u200Bil.com", []string{"evil.com"}},

		{"emojis", "no emoji: <3 :) 1 # ★ €", nil},
		{"emojis", "❤️❤ 👍🏽👩🏽‍🚀 👨‍👩‍👧", []string{"❤️", "❤", "👍🏽", "👩🏽‍🚀", "👨‍👩‍👧"}},
		{"emojis", "1️⃣#️⃣ 🇵🇹🇧🇷 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇵", []string{"1️⃣", "#️⃣", "🇵🇹", "🇧🇷", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"}},
		{"emojis", "© ® ™ ©️ ❤︎", []string{"©️"}},
		{"emojis", "価格 é ß 가격 ｶ", nil},
	}
	for _, test := range tests {
		got := extract[test.of](test.text)
		if diff := cmp.Diff(test.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s of %q (-want +got):\n%s", test.of, test.text, diff)
		}
	}
}

func TestTruncate(t *testing.T) {
	tests := []struct {
		text string
		n    int
		want string
	}{
		{"hello", 3, "hel"},
		{"hello", 5, "hello"},
		{"hello", 9, "hello"},
		{"hello", 0, ""},
		{"hello", -1, ""},
		{"", 3, ""},
		{"e\u0301a\u0301o", 2, "e\u0301a\u0301"},
		{"👩🏽‍🚀👍🏽❤️", 2, "👩🏽‍🚀👍🏽"},
		{"🇵🇹🇧🇷", 1, "🇵🇹"},
		{"कीमत", 1, "की"},
		{"a\xffb", 2, "a\xff"},
	}
	for _, test := range tests {
		if got := text.Truncate(test.text, test.n); got != test.want {
			t.Errorf("Truncate(%q, %d) = %q, want %q", test.text, test.n, got, test.want)
		}
	}
}

func TestIsUsername(t *testing.T) {
	for s, want := range map[string]bool{
		"ada": true, "ada.com": true, "_a_1": true, strings.Repeat("a", 30): true,
		"": false, strings.Repeat("a", 31): false, "@ada": false, "a b": false, "adä": false, "ａ": false, "a\n": false,
	} {
		if got := text.IsUsername(s); got != want {
			t.Errorf("IsUsername(%q) = %v, want %v", s, got, want)
		}
	}
}
