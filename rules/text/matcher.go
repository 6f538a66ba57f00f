package text

import (
	"strings"
	"unicode"
)

// Matcher finds words and phrases: whole ones, whatever their case, accents and width (see [Fold]). It is immutable.
//
//   - Another form or spelling is another word: neither "prices" nor "priiice" is price. [Spelling] is less strict.
//   - A leading @ or # doesn't count, neither in the word nor in the text; _ belongs to a word.
//   - In scripts that are written without spaces (Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar) a word is found
//     inside the text.
//   - A phrase is its words in sequence, with any white space, hyphens, apostrophes, quotes or brackets between them. The
//     punctuation that ends a sentence or a part of one may stand between two words only where the phrase has some too.
//   - A point or colon between letters ends a word, as in "nice.Price?", and so does an apostrophe: hotel is found in
//     "l'hôtel", brand in "brand's". Negations stay whole: can is not found in "can't".
//   - An emoji without a skin tone matches every tone; one with a tone only itself. An emoji made of several with
//     joiners is one, and not found by its parts.
//   - A word that consists of punctuation only, such as "?", is found wherever its characters stand.
//   - An empty word is found nowhere.
type Matcher struct {
	words []pattern
}

// pattern is one word or phrase to look for. Without steps it is a literal.
type pattern struct {
	steps   []step
	literal string
}

// step is one word of a phrase.
type step struct {
	token
	toned bool // it has a skin tone of its own, which must be met
	glued bool // it must stand directly after the one before it
}

// NewMatcher prepares words and phrases.
func NewMatcher(words ...string) *Matcher {
	m := &Matcher{words: make([]pattern, len(words))}
	for i, w := range words {
		m.words[i] = newPattern(Fold(w))
	}
	return m
}

func newPattern(folded string) pattern {
	var p pattern
	var last kind
	for i, t := range tokens(folded) {
		p.steps = append(p.steps, step{
			token: t,
			toned: t.text != t.base,
			glued: i > 0 && t.gap == none && t.kind == dense && last == dense,
		})
		last = t.kind
	}
	if len(p.steps) == 0 {
		p.literal = strings.TrimFunc(folded, unicode.IsSpace)
	}
	return p
}

// is reports whether a token of the text is this word.
func (w *step) is(t *token) bool { return w.base == t.base && (!w.toned || w.text == t.text) }

// follows reports whether a token stands to the one before it as this word must to the one before it in the phrase.
func (w *step) follows(t *token) bool { return t.gap <= w.widest() }

// widest is the most that may stand between this word and the one before it.
func (w *step) widest() gap {
	if w.glued {
		return none
	}
	return max(w.gap, open)
}

func (p *pattern) in(s *Subject) bool {
	if len(p.steps) > 0 {
		return s.find(p.steps)
	}
	return p.literal != "" && strings.Contains(s.folded, p.literal)
}

// In reports whether any of the words stands in the text as a whole word or phrase. No words, no match.
func (m *Matcher) In(s *Subject) bool {
	for i := range m.words {
		if m.words[i].in(s) {
			return true
		}
	}
	return false
}

// AllIn reports whether all of the words do. No words, no match: a condition on an empty list stays silent.
func (m *Matcher) AllIn(s *Subject) bool {
	for i := range m.words {
		if !m.words[i].in(s) {
			return false
		}
	}
	return len(m.words) > 0
}
