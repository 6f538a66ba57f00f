package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/rangetable"
)

// invisibles are the characters that show nothing: zero-width and direction-changing ones, variation selectors, tags,
// fillers. It is Unicode's Default_Ignorable_Code_Point with the format characters that are left out there.
var invisibles = rangetable.Merge(unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point)

// joinedScripts are the scripts in which a joiner between two letters changes how they are written.
var joinedScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
	unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala,
}

const (
	zeroWidthNonJoiner = '\u200C'
	zeroWidthJoiner    = '\u200D'
)

func isInvisible(r rune) bool {
	if r < 0xAD { // soft hyphen, the first of them
		return false
	}
	// signs that enclose the number after them, such as the Arabic end of ayah, are format characters that show
	return unicode.Is(invisibles, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}

// visible drops the invisible characters but for those that an emoji or a script needs, and mends what is not UTF-8.
func visible(s string) string {
	if isASCII(s) {
		return s
	}
	s = validUTF8(s)
	if strings.IndexFunc(s, isInvisible) < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	emoji := tracker{}
	last := rune(0)
	for i, r := range s {
		if isInvisible(r) {
			next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
			if !emoji.needs(r, next) && !joinsLetters(last, r, next) {
				continue
			}
		} else {
			emoji.see(r)
		}
		last = r
		b.WriteRune(r)
	}
	return b.String()
}

func joinsLetters(last, r, next rune) bool {
	return (r == zeroWidthJoiner || r == zeroWidthNonJoiner) &&
		unicode.IsOneOf(joinedScripts, last) && unicode.IsOneOf(joinedScripts, next)
}
