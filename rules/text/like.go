package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// maxSpelt is how long a word can be, in bytes, to be misspelt: 40 letters of any script. It bounds what a hostile text may
// cost.
const maxSpelt = 120

// maxExact is how long a word can be, in letters, that is only like itself.
const maxExact = 3

// Spelling finds a word or phrase as a [Matcher] does, and also where it is misspelt a little. It is immutable.
//
//   - A letter left out, added or mistaken is one mistake, and so are two neighbours that are swapped. A word of 4 to 7
//     letters may have one, a longer one two. Where either word has 3 letters or less there may be none.
//   - The first letter must be right, or swapped with the second: people seldom get it wrong, while many a word differs
//     from another by it (cost and most, price and rice, Arabic السعر and والسعر).
//   - Digits are never mistaken: size40 is not size41. So a number is only like itself.
//   - A letter drawn out, three times or more in a row, is no mistake: priiice is like price, heyyy like hey.
//   - In a phrase each word may have its own mistakes. The words themselves must be as many.
//   - Emojis, signs and scripts that are written without spaces must be met exactly.
//
// Words that differ by a letter in earnest are alike too: prize is like price, form like from.
type Spelling struct {
	pattern
	letters []int // of the steps
}

// NewSpelling prepares a word or phrase.
func NewSpelling(word string) *Spelling {
	p := &Spelling{pattern: newPattern(Fold(word))}
	for i := range p.steps {
		p.letters = append(p.letters, countLetters(p.steps[i].base))
	}
	return p
}

// Like reports whether the word or phrase stands in the text, perhaps misspelt a little. Who looks for the same word in
// many texts, or for many words in the same, prepares a [Spelling] and a [Subject].
func Like(text, word string) bool { return NewSpelling(word).In(NewSubject(text)) }

// In reports whether the word or phrase stands in the text, perhaps misspelt. It looks at every word of the text, and so
// takes longer than a [Matcher].
func (p *Spelling) In(s *Subject) bool {
	if len(p.steps) == 0 {
		return p.in(s)
	}
	for at := range len(s.tokens) - len(p.steps) + 1 {
		if p.standsAt(s.tokens[at : at+len(p.steps)]) {
			return true
		}
	}
	return false
}

// standsAt compares the phrase with as many tokens of the text.
func (p *Spelling) standsAt(tokens []token) bool {
	for i := range p.steps {
		if !p.steps[i].is(&tokens[i]) && !p.isNearly(i, &tokens[i]) || i > 0 && !p.steps[i].follows(&tokens[i]) {
			return false
		}
	}
	return true
}

func (p *Spelling) isNearly(step int, t *token) bool {
	want := &p.steps[step]
	if want.kind != word || t.kind != word || !startsLike(t.base, want.base) || max(len(want.base), len(t.base)) > maxSpelt {
		return false
	}
	letters, spelt := p.letters[step], countLetters(t.base)
	most := mistakesIn(letters)
	return spelt > maxExact && max(letters, spelt)-min(letters, spelt) <= most &&
		sameDigits(t.base, want.base) && isMisspelt(t.base, want.base, most) ||
		isDrawnOut(t.base, want.base)
}

// startsLike reports whether two words have the same first letter, or the same first two the other way round.
func startsLike(a, b string) bool {
	x, n := utf8.DecodeRuneInString(a)
	y, m := utf8.DecodeRuneInString(b)
	if x == y {
		return true
	}
	x2, _ := utf8.DecodeRuneInString(a[n:])
	y2, _ := utf8.DecodeRuneInString(b[m:])
	return x == y2 && x2 == y
}

// mistakesIn is how many mistakes a word may have by its length.
func mistakesIn(letters int) int {
	switch {
	case letters <= maxExact:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// countLetters counts what can be mistaken in a word, its vowel signs and apostrophes too.
func countLetters(s string) int {
	n := 0
	for _, r := range s {
		if !unicode.IsNumber(r) {
			n++
		}
	}
	return n
}

// sameDigits reports whether two words have the same digits in the same order.
func sameDigits(a, b string) bool {
	for {
		var x, y rune
		x, a = nextDigit(a)
		y, b = nextDigit(b)
		if x != y || x == 0 {
			return x == y
		}
	}
}

// nextDigit is the first digit of a text and what follows it; 0 if there is none.
func nextDigit(s string) (digit rune, rest string) {
	for i, r := range s {
		if unicode.IsNumber(r) {
			return r, s[i+utf8.RuneLen(r):]
		}
	}
	return 0, ""
}

// isMisspelt reports whether one word becomes the other by at most so many mistakes. To the library swapped neighbours
// are two mistakes, so they are put right before.
func isMisspelt(s, want string, most int) bool {
	distance := levenshtein.ComputeDistance(s, want)
	if distance <= most {
		return true
	}
	if distance > 2*most {
		return false
	}
	rs := []rune(s)
	for i := range len(rs) - 1 {
		rs[i], rs[i+1] = rs[i+1], rs[i]
		if rs[i] != rs[i+1] && strings.Contains(want, string(rs[i:i+2])) && isMisspelt(string(rs), want, most-1) {
			return true
		}
		rs[i], rs[i+1] = rs[i+1], rs[i]
	}
	return false
}

// isDrawnOut reports whether two words are the same but for letters that stand three times or more in a row.
func isDrawnOut(a, b string) bool {
	for a != "" && b != "" {
		x, n, restA := run(a)
		y, m, restB := run(b)
		if x != y || n != m && (max(n, m) < 3 || unicode.IsNumber(x)) {
			return false
		}
		a, b = restA, restB
	}
	return a == b
}

// run is the character with which a text begins, how often it stands there, and what follows.
func run(s string) (r rune, n int, rest string) {
	r, size := utf8.DecodeRuneInString(s)
	for rest = s; rest != ""; rest = rest[size:] {
		if next, _ := utf8.DecodeRuneInString(rest); next != r {
			break
		}
		n++
	}
	return r, n, rest
}
