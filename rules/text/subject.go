package text

import "hash/maphash"

// Subject is a text prepared for searching, so that many matchers share the work. It is immutable.
type Subject struct {
	folded string
	tokens []token
	heads  []int32 // by the low bits of a hash: 1 + index of the last token that has them, 0 for none
}

// token is a piece of folded text, ready to be compared.
type token struct {
	text string
	base string // the text without skin tones
	hash uint64 // of the base
	kind kind
	gap  gap
	next int32 // 1 + index of the token before it with the same low bits, 0 for none
}

// seed is one for the whole process: matchers and subjects must hash alike.
var seed = maphash.MakeSeed()

// NewSubject prepares a text. It takes time in proportion to the text's length.
func NewSubject(s string) *Subject {
	folded := Fold(s)
	subject := &Subject{folded: folded, tokens: tokens(folded)}
	size := 4
	for size < len(subject.tokens) {
		size *= 2
	}
	subject.heads = make([]int32, size)
	for i := range subject.tokens {
		t := &subject.tokens[i]
		head := &subject.heads[t.hash&uint64(size-1)]
		t.next, *head = *head, int32(i+1)
	}
	return subject
}

// tokens cuts folded text.
func tokens(folded string) []token {
	tokens := make([]token, 0, len(folded)/5+1)
	for p := range cut(folded) {
		s := folded[p.start:p.end]
		base := s
		if p.kind == symbol {
			base = toneless(s)
		}
		tokens = append(tokens, token{text: s, base: base, hash: maphash.String(seed, base), kind: p.kind, gap: p.gap})
	}
	return tokens
}

// find reports whether the phrase stands in the text.
func (s *Subject) find(phrase []step) bool {
	first := &phrase[0]
	for i := s.heads[first.hash&uint64(len(s.heads)-1)]; i > 0; i = s.tokens[i-1].next {
		if s.tokens[i-1].hash == first.hash && s.follows(int(i-1), phrase) {
			return true
		}
	}
	return false
}

func (s *Subject) follows(at int, phrase []step) bool {
	if at+len(phrase) > len(s.tokens) {
		return false
	}
	for i := range phrase {
		if t := &s.tokens[at+i]; !phrase[i].is(t) || i > 0 && !phrase[i].follows(t) {
			return false
		}
	}
	return true
}
