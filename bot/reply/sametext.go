package reply

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// sameText reports whether two texts say the same to who reads them. They may differ in white space, which Meta trims,
// in how accents are composed, and in characters that can't be seen, such as the selector of an emoji's form: nobody
// promises that a text comes back byte for byte.
func sameText(a, b string) bool { return slices.Equal(seen(a), seen(b)) }

// seen are the words of a text, composed and without what can't be seen.
func seen(s string) []string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector) {
			return -1
		}
		return r
	}, s)
	return strings.Fields(norm.NFC.String(s))
}
