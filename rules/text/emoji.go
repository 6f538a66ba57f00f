package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

const (
	textStyle  = '\uFE0E'
	emojiStyle = '\uFE0F'
	keycap     = '\u20E3'
	blackFlag  = '\U0001F3F4'
	// maxTags is the length of the longest flag's tag sequence in use, a country, its part and the end tag.
	maxTags = 7
)

// isPictographic reports Unicode's Extended_Pictographic, which the library for graphemes knows but doesn't tell:
// a joiner glues just such characters.
func isPictographic(r rune) bool {
	if r < 0xA9 || unicode.IsMark(r) || isInvisible(r) || unicode.IsLetter(r) && r != 'ℹ' {
		return false
	}
	var buf [16]byte
	glued := append(buf[:0], "©\u200D"...)
	glued = utf8.AppendRune(glued, r)
	it := graphemes.FromBytes(glued)
	return it.Next() && it.End() == len(glued) && !isTone(r)
}

// isTone reports one of the five skin tones.
func isTone(r rune) bool { return r >= 0x1F3FB && r <= 0x1F3FF }

func isRegional(r rune) bool { return r >= 0x1F1E6 && r <= 0x1F1FF }

// isEmoji reports whether a grapheme is an emoji.
func isEmoji(g string) bool {
	first, size := utf8.DecodeRuneInString(g)
	switch {
	case first < utf8.RuneSelf:
		return strings.ContainsRune(g, keycap) && strings.ContainsRune("0123456789#*", first)
	case isRegional(first):
		second, _ := utf8.DecodeRuneInString(g[size:])
		return isRegional(second)
	case first < '←': // ©, ®, ‼, ⁉, ™, ℹ
		return strings.ContainsRune(g, emojiStyle) && isPictographic(first)
	}
	return isPictographic(first) && !strings.ContainsRune(g, textStyle)
}

// toneless is an emoji without its skin tones. A tone that stands alone stays.
func toneless(g string) string {
	_, size := utf8.DecodeRuneInString(g)
	if strings.IndexFunc(g[size:], isTone) < 0 {
		return g
	}
	return g[:size] + strings.Map(func(r rune) rune {
		if isTone(r) {
			return -1
		}
		return r
	}, g[size:])
}

// tracker knows, in a text that is read from left to right, whether an emoji is being written. Its zero value is the
// start of a text.
type tracker struct {
	base rune // with what the current grapheme began; 0: with nothing that could be an emoji
	tags int
}

// see takes the next visible character.
func (t *tracker) see(r rune) {
	if !isTone(r) && r != keycap {
		*t = tracker{base: r}
	}
}

// needs reports whether the emoji being written needs the invisible character r, given the character after it.
func (t *tracker) needs(r, next rune) bool {
	switch {
	case r == zeroWidthJoiner:
		return isPictographic(t.base) && isPictographic(next)
	case r == emojiStyle || r == textStyle:
		return next == keycap || isPictographic(t.base)
	case r >= 0xE0020 && r <= 0xE007F:
		t.tags++
		return t.base == blackFlag && t.tags <= maxTags
	}
	return false
}
