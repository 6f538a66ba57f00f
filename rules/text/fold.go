package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"
)

// Fold makes texts comparable: lower case by full Unicode case folding (ß is ss), full-width forms narrowed, half-width
// katakana widened, accents of Latin and Greek letters dropped, composed or not, zero-width characters gone. Beyond
// that the dot of İ and the lack of it in ı don't count, nor does the stroke of ø, ł, đ, ħ and ŧ; œ, æ and ĳ are oe, ae
// and ij; typographic apostrophes are '; the letters of the mathematical alphabets, which people use as fonts, are the
// letters they look like.
//
// In other scripts only what people leave out as they like doesn't count: the vowel signs, hamzas and stretching of
// Arabic letters, the points of Hebrew ones, the dots of ё. Marks that make another letter or sound (й, ガ, Hindi
// vowels) stay.
//
// Joiners within an emoji and its skin tone stay: they make it another emoji. The result is in NFC; folding it again
// changes nothing.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	s = norm.NFD.String(plain(visible(s)))
	s = cases.Fold().String(s)
	return norm.NFC.String(bare(s))
}

// plain takes away what is only dress: width, mathematical styles and variation selectors, and the joiners that are left
// outside of emojis.
func plain(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	emoji := tracker{}
	for i, r := range s {
		if !isInvisible(r) {
			emoji.see(r)
			writePlain(&b, r)
			continue
		}
		next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(r):])
		if !unicode.Is(unicode.Variation_Selector, r) && emoji.needs(r, next) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func writePlain(b *strings.Builder, r rune) {
	switch {
	case r < utf8.RuneSelf:
		b.WriteByte(byte(r))
	case isMathLetter(r) || isArabicForm(r):
		b.WriteString(norm.NFKD.String(string(r)))
	default:
		if narrow := width.LookupRune(r).Folded(); narrow != 0 {
			r = narrow
		}
		b.WriteRune(r)
	}
}

// isMathLetter reports whether r is of the block Mathematical Alphanumeric Symbols, or one of the letters for which that
// block has a hole since they stood in Letterlike Symbols before.
func isMathLetter(r rune) bool {
	return r >= 0x1D400 && r <= 0x1D7FF || r >= 0x2100 && r <= 0x214F && r != 'ℹ' && unicode.IsLetter(r)
}

// isArabicForm reports whether r is an Arabic letter or ligature in the shape that it takes within a word. Old programs
// write texts in these.
func isArabicForm(r rune) bool { return r >= 0xFB50 && r <= 0xFEFC && unicode.IsLetter(r) }

// bare drops the accents of decomposed and folded letters, and what is an accent in all but its decomposition.
func bare(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	letter := rune(0) // to which the marks that follow belong
	for _, r := range s {
		switch {
		case r == tatweel:
			continue
		case r < utf8.RuneSelf:
			b.WriteByte(byte(r))
		case !unicode.Is(unicode.Mn, r):
			writeBare(&b, r)
		case isAccent(r, letter):
			continue
		default:
			b.WriteRune(r)
			continue
		}
		letter = r
	}
	return b.String()
}

// isAccent reports whether a mark of a letter doesn't count.
func isAccent(mark, letter rune) bool {
	switch {
	case letter < utf8.RuneSelf:
		return isLatinByte(byte(letter))
	case letter == 'е': // the Cyrillic one
		return mark == '\u0308'
	}
	return unicode.In(letter, unicode.Latin, unicode.Greek, unicode.Arabic, unicode.Hebrew)
}

func isLatinByte(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// tatweel stretches an Arabic word.
const tatweel = 'ـ'

// writeBare writes letters that Unicode doesn't decompose as people do who lack them on their keyboard.
func writeBare(b *strings.Builder, r rune) {
	switch r {
	case 'ı':
		b.WriteByte('i')
	case 'ø':
		b.WriteByte('o')
	case 'ł':
		b.WriteByte('l')
	case 'đ':
		b.WriteByte('d')
	case 'ħ':
		b.WriteByte('h')
	case 'ŧ':
		b.WriteByte('t')
	case 'œ':
		b.WriteString("oe")
	case 'æ':
		b.WriteString("ae")
	case 'ĳ':
		b.WriteString("ij")
	case '‘', '’', 'ʼ':
		b.WriteByte('\'')
	default:
		b.WriteRune(unicode.ToLower(r)) // Cherokee: the case folder swaps its cases
	}
}

// isApostropheText reports whether s is one apostrophe, typed or typographic.
func isApostropheText(s string) bool {
	switch s {
	case "'", "‘", "’", "ʼ", "＇":
		return true
	}
	return false
}
