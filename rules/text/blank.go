package text

import "unicode"

// brailleBlank is a letter without a dot, with which people send empty texts.
const brailleBlank = '\u2800'

// Blank is true of what nobody would see: nothing, white space, characters without a shape.
func Blank(s string) bool {
	for _, r := range s {
		if r != brailleBlank && !unicode.IsSpace(r) && !unicode.IsControl(r) && !isInvisible(r) {
			return false
		}
	}
	return true
}
