package text

import (
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// maxDefused is the most of a stranger's text that a reply repeats, in graphemes.
const maxDefused = 100

// The most code points that a grapheme keeps: the longest emoji in use has 10 (a couple with two skin tones); letters
// with more marks than languages need are ornaments that run over the lines of others.
const (
	maxEmoji  = 12
	maxLetter = 8
)

// Defuse makes what a stranger typed harmless in a reply. It is meant for free text: a username, being known as one,
// needs no defusing (see [IsUsername]).
//
//   - @ and #, their full-width and small forms too, are dropped before a letter, digit, underscore or emoji, also
//     where invisible characters, marks or more signs stand between; so nobody is mentioned and nothing tagged.
//   - URLs and bare domains (see [URLs]) become "…".
//   - White space, line breaks and control characters become one space, and go at the ends.
//   - Invisible and direction-changing characters go, but for joiners within emojis and in the scripts that need them.
//   - What is left is cut at 100 graphemes, and a grapheme at a dozen code points.
//
// Defusing again changes nothing. The result may be empty.
func Defuse(s string) string {
	for {
		defused := defuse(s)
		if defused == s {
			return s
		}
		s = defused // what was cut out may have brought new things together
	}
}

func defuse(s string) string {
	s = spaced(validUTF8(s))
	rs := unsigned([]rune(visible(s)))
	s = unlinked(rs)
	return strings.TrimRight(shorten(strings.TrimLeftFunc(s, unicode.IsMark)), " ")
}

// spaced makes one space of each run of white space and control characters.
func spaced(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// unsigned drops the signs that would begin a mention or a hashtag. It goes from the end to the start, since what
// follows a sign decides.
func unsigned(rs []rune) []rune {
	const (
		nothing = iota
		name
		pointed // a name after points
	)
	kept := make([]rune, len(rs))
	at := len(rs)
	follows := nothing
	for i := len(rs) - 1; i >= 0; i-- {
		r := rs[i]
		switch {
		case isHashSign(r) && follows == name, isAtSign(r) && follows != nothing:
			continue
		case isInvisible(r):
			// a joiner that stays; what follows it decides
		case isTagRune(r) || isRegional(r) || isPictographic(r):
			follows = name
		case isDot(r) && follows != nothing:
			follows = pointed
		default:
			follows = nothing
		}
		at--
		kept[at] = r
	}
	return kept[at:]
}

// unlinked puts "…" in place of URLs.
func unlinked(rs []rune) string {
	var b strings.Builder
	from := 0
	for _, u := range findURLs(rs) {
		b.WriteString(string(rs[from:u.start]))
		b.WriteString("…")
		from = u.end
	}
	b.WriteString(string(rs[from:]))
	return b.String()
}

// shorten cuts the text and each of its graphemes.
func shorten(s string) string {
	if isASCII(s) {
		return Truncate(s, maxDefused)
	}
	var b strings.Builder
	it := graphemes.FromString(s)
	for range maxDefused {
		if !it.Next() {
			break
		}
		g := it.Value()
		most := maxLetter
		if isEmoji(g) {
			most = maxEmoji
		}
		b.WriteString(firstRunes(g, most))
	}
	return b.String()
}

func firstRunes(s string, n int) string {
	count := 0
	for i := range s {
		if count == n {
			return s[:i]
		}
		count++
	}
	return s
}
