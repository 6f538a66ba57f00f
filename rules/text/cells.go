package text

import (
	"unicode"

	"golang.org/x/text/width"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Cells is how many cells of a terminal a text takes: East Asian wide characters, emoji and flags two, everything else
// one a character as people count them. Terminals differ in what they make of rare ones.
func Cells(s string) int {
	n := 0
	for it := graphemes.FromString(s); it.Next(); {
		n += cellsOf(it.Value())
	}
	return n
}

func cellsOf(grapheme string) int {
	const emojiForm = '\ufe0f'
	flags := 0
	for i, r := range grapheme {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			return 2
		}
		switch {
		case r == emojiForm:
			return 2
		case r >= '\U0001f1e6' && r <= '\U0001f1ff':
			flags++
		case i == 0 && len(grapheme) == len(string(r)) && unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			return 0
		}
	}
	if flags == 2 {
		return 2
	}
	return 1
}
