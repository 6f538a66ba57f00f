// Package text is text as people type it on Instagram: folded so that case, accents and full-width forms don't
// matter, cut into words and graphemes, searched for words, rightly spelt or nearly, and defused before a bot repeats
// it.
//
// It takes any bytes. Where a text is not valid UTF-8, U+FFFD stands for what can't be read. Segmentation follows
// UAX #29; what differs from it is said at [Matcher].
package text

import (
	"strings"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Truncate cuts after n graphemes, that is, characters as people count them: an emoji with its tone and joiners is
// one. Nothing is put in place of what is cut. n below 1 leaves nothing.
func Truncate(s string, n int) string {
	if n < 1 {
		return ""
	}
	if len(s) <= n {
		return s
	}
	it := graphemes.FromString(s)
	for range n {
		if !it.Next() {
			return s
		}
	}
	return s[:it.End()]
}

// Words are the words of a text, in order, as written but without invisible characters and the signs @ and #. An
// apostrophe within a word stays in it. A run in a script that is written without spaces counts as one word, since
// only a dictionary could cut it. Emojis and other symbols are no words.
func Words(s string) []string {
	s = visible(s)
	var words []string
	var last piece
	start := 0
	for p := range cut(s) {
		if p.kind == symbol {
			continue
		}
		if len(words) > 0 && last.joins(p, s) {
			words[len(words)-1] = s[start:p.end]
		} else {
			start = p.start
			words = append(words, s[start:p.end])
		}
		last = p
	}
	return words
}

// joins reports whether two neighbouring pieces are one word to the eye.
func (p piece) joins(next piece, s string) bool {
	if p.kind == dense && next.kind == dense {
		return p.end == next.start
	}
	between := s[p.end:next.start]
	return p.kind == word && next.kind == word && isApostropheText(between)
}

// Emojis are the text's emojis, one grapheme each, in order and as written, repeated ones too. Signs of ordinary text
// that can be shown as an emoji (©, ®, ™, ‼, ℹ) count only with the variation selector that asks for it.
func Emojis(s string) []string {
	if isASCII(s) {
		return nil
	}
	s = visible(s)
	var emojis []string
	for it := graphemes.FromString(s); it.Next(); {
		if isEmoji(it.Value()) {
			emojis = append(emojis, it.Value())
		}
	}
	return emojis
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// validUTF8 puts one U+FFFD in place of each run of bytes that are not UTF-8.
func validUTF8(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
