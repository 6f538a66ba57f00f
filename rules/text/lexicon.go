package text

import (
	"unicode/utf8"

	"github.com/answerback/answerback/rules/ahocorasick"
)

// Lexicon looks for many words and phrases at once, rightly spelt or nearly: each is found where a [Matcher] or a
// [Spelling] of it alone is. The time it takes grows with the text and hardly with the number of words, which looking for
// one after the other does. It is immutable; its zero value finds nothing.
type Lexicon struct {
	words    []pattern
	anchored map[uint64][]anchor // by the hash of the step
	spelt    []*Spelling
	initials map[rune][]int // the misspelt words by the first letter
	signs    *ahocorasick.Automaton
	signIs   [][]Entry
}

// Entry is a word or phrase of a lexicon by its place among the words, or among those that may be misspelt.
type Entry struct {
	Place int
	Spelt bool
}

// anchor is the step of a phrase by which it is looked up.
type anchor struct{ word, step int32 }

// NewLexicon prepares words and phrases to be met as they are, and others that may be misspelt.
func NewLexicon(words, spelt []string) *Lexicon {
	l := &Lexicon{anchored: map[uint64][]anchor{}, initials: map[rune][]int{}}
	var signs signList
	for i, w := range words {
		p := newPattern(Fold(w))
		l.words = append(l.words, p)
		if len(p.steps) == 0 {
			signs.add(p.literal, Entry{Place: i})
		}
	}
	for i, w := range spelt {
		p := NewSpelling(w)
		l.spelt = append(l.spelt, p)
		if len(p.steps) == 0 {
			signs.add(p.literal, Entry{i, true})
			continue
		}
		first, _ := utf8.DecodeRuneInString(p.steps[0].base)
		l.initials[first] = append(l.initials[first], i)
	}
	l.signs, l.signIs = ahocorasick.New(signs.texts), signs.is
	l.anchor()
	return l
}

// anchor chooses for each phrase the step that the fewest phrases have: many begin with "how".
func (l *Lexicon) anchor() {
	common := map[uint64]int{}
	for i := range l.words {
		for j := range l.words[i].steps {
			common[l.words[i].steps[j].hash]++
		}
	}
	for i := range l.words {
		steps := l.words[i].steps
		if len(steps) == 0 {
			continue
		}
		rarest := 0
		for j := range steps {
			if common[steps[j].hash] < common[steps[rarest].hash] {
				rarest = j
			}
		}
		hash := steps[rarest].hash
		l.anchored[hash] = append(l.anchored[hash], anchor{int32(i), int32(rarest)})
	}
}

// signList gathers the words that consist of punctuation, each once.
type signList struct {
	texts []string
	is    [][]Entry
	at    map[string]int
}

func (s *signList) add(literal string, e Entry) {
	if literal == "" {
		return
	}
	i, known := s.at[literal]
	if !known {
		if s.at == nil {
			s.at = map[string]int{}
		}
		i = len(s.texts)
		s.at[literal] = i
		s.texts, s.is = append(s.texts, literal), append(s.is, nil)
	}
	s.is[i] = append(s.is[i], e)
}

// In calls found for each word and phrase that stands in the text, once or more often.
func (l *Lexicon) In(s *Subject, found func(Entry)) {
	for at := range s.tokens {
		t := &s.tokens[at]
		for _, a := range l.anchored[t.hash] {
			if from := at - int(a.step); from >= 0 && s.follows(from, l.words[a.word].steps) {
				found(Entry{Place: int(a.word)})
			}
		}
		if len(l.spelt) > 0 {
			l.speltAt(s.tokens[at:], found)
		}
	}
	if l.signs != nil {
		l.signs.Find(s.folded, func(number int) {
			for _, e := range l.signIs[number] {
				found(e)
			}
		})
	}
}

// speltAt tells the misspelt phrases that the tokens begin with. The first letter of such a one is right or swapped with
// the second: see [Spelling].
func (l *Lexicon) speltAt(tokens []token, found func(Entry)) {
	first, size := utf8.DecodeRuneInString(tokens[0].base)
	second, size2 := utf8.DecodeRuneInString(tokens[0].base[size:])
	for _, i := range l.initials[first] {
		l.tell(i, tokens, found)
	}
	if size2 > 0 && second != first {
		for _, i := range l.initials[second] {
			l.tell(i, tokens, found)
		}
	}
}

func (l *Lexicon) tell(i int, tokens []token, found func(Entry)) {
	if p := l.spelt[i]; len(p.steps) <= len(tokens) && p.standsAt(tokens[:len(p.steps)]) {
		found(Entry{i, true})
	}
}
