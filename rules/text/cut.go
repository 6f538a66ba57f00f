package text

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// kind is what a piece of a text is.
type kind uint8

const (
	word   kind = iota
	dense       // a character, with its marks, of a script that is written without spaces
	symbol      // an emoji, a sign of currency …
)

// gap is what stands between a piece and the one before it.
type gap uint8

const (
	none   gap = iota
	open       // white space, hyphens, quotes, brackets, @ and #: what words of one phrase may have between them
	broken     // punctuation that ends a sentence or a part of one
)

// piece is what matching is about: s[start:end].
type piece struct {
	start, end int
	kind       kind
	gap        gap
}

// cut cuts a text into its words and symbols. Words are those of UAX #29, cut again where scripts without spaces begin
// and end, and at the points, colons and apostrophes that the standard takes to be part of a word: people forget the
// space after a full stop, and look for the hotel in l'hôtel.
func cut(s string) iter.Seq[piece] {
	return func(yield func(piece) bool) {
		c := cutter{s: s, yield: yield}
		it := words.FromString(s)
		for !c.stopped && it.Next() {
			c.segment(it.Start(), it.End())
		}
	}
}

type cutter struct {
	s       string
	yield   func(piece) bool
	gap     gap // since the last piece
	stopped bool
}

func (c *cutter) emit(start, end int, kind kind) {
	if start >= end || c.stopped {
		return
	}
	c.stopped = !c.yield(piece{start, end, kind, c.gap})
	c.gap = none
}

// segment takes what UAX #29 holds together.
func (c *cutter) segment(start, end int) {
	if isSimpleWord(c.s[start:end]) {
		c.emit(start, end, word)
		return
	}
	first, size := utf8.DecodeRuneInString(c.s[start:end])
	if isWordy(first) || unicode.IsMark(first) {
		c.word(start, end)
		return
	}
	// Some signs are letters to UAX #29, so that a word may follow.
	after := end
	if i := strings.IndexFunc(c.s[start+size:end], isWordy); i >= 0 {
		after = start + size + i
	}
	if isBetween(first) && !strings.ContainsRune(c.s[start:after], keycap) {
		c.widen(first)
		c.emit(start+size, start+toneEnd(c.s[start:after], size), symbol)
	} else {
		c.emit(start, after, symbol)
	}
	if after < end {
		c.word(after, end)
	}
}

// toneEnd is where a skin tone ends that begins at the offset at; at if there is none. To the standard a tone extends
// whatever stands before it, be it a space.
func toneEnd(s string, at int) int {
	if r, size := utf8.DecodeRuneInString(s[at:]); isTone(r) {
		return at + size
	}
	return at
}

// isBetween reports whether r belongs to no piece. A keycap makes an emoji of # and *.
func isBetween(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.IsPunct(r) }

// isSimpleWord reports whether s is made of ASCII letters and digits, as most words are.
func isSimpleWord(s string) bool {
	for i := range len(s) {
		if c := s[i]; !isLatinByte(c) && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// widen takes a character that belongs to no piece.
func (c *cutter) widen(r rune) {
	if r == '…' || unicode.Is(unicode.Terminal_Punctuation, r) {
		c.gap = broken
	}
	c.gap = max(c.gap, open)
}

// word cuts a segment that begins like a word.
func (c *cutter) word(start, end int) {
	if strings.Trim(c.s[start:end], "_＿") == "" {
		c.widen('_')
		return
	}
	from, last, kind := start, start, word // the piece being read, its last character, what it is
	previous := rune(0)
	for i, r := range c.s[start:end] {
		at := start + i
		switch {
		case r == keycap && unicode.IsDigit(previous):
			c.emit(from, from+len(strings.TrimRightFunc(c.s[from:last], isInner)), kind)
			after := at + utf8.RuneLen(r)
			c.emit(last, after, symbol)
			from, kind, previous = after, word, 0
		case isAttached(r):
			if at == from { // belongs to the character before it, and so to none of these
				from += utf8.RuneLen(r)
			}
		case isDense(r):
			c.emit(from, at, kind)
			from, kind = at, dense
		case isWordy(r):
			if kind == dense {
				c.emit(from, at, kind)
				from, kind = at, word
			}
		case c.holds(previous, at, end, r):
			// 1.5, don't
		default:
			c.emit(from, at, kind)
			c.widen(r)
			from, kind = at+utf8.RuneLen(r), word
		}
		if !isAttached(r) {
			last, previous = at, r
		}
	}
	c.emit(from, end, kind)
}

// holds reports whether the mark r at the offset at stays in its word: between digits (1.5), and in a negation, since
// can't must not be found by can.
func (c *cutter) holds(previous rune, at, end int, r rune) bool {
	rest := c.s[at+utf8.RuneLen(r) : end]
	next, _ := utf8.DecodeRuneInString(rest)
	if unicode.IsNumber(previous) && unicode.IsNumber(next) && !isDense(next) {
		return true
	}
	return (previous == 'n' || previous == 'N') && (next == 't' || next == 'T') && isApostropheText(string(r)) &&
		!startsWithLetter(rest[len("t"):])
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// isAttached reports whether r belongs to the character before it: a mark, a voice mark of half-width katakana, a joiner.
func isAttached(r rune) bool { return unicode.IsMark(r) || r == 'ﾞ' || r == 'ﾟ' || isInvisible(r) }

// isInner reports whether r is in a word only for what follows it, as the point in 1.5.
func isInner(r rune) bool { return !isWordy(r) && !isAttached(r) }

func isWordy(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' || r == '＿'
}

// isDense reports whether r is of a script that is written without spaces between words. The mark that lengthens
// katakana and hiragana belongs to both and so to no script.
func isDense(r rune) bool {
	if r < 0xE00 { // Thai, the first of them
		return false
	}
	return r == 'ー' || r == 'ｰ' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}
