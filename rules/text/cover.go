package text

import "strings"

// Findable reports whether there is a text in which the word or phrase is found. It is in itself, unless it is empty or
// holds nothing but white space and characters that [Fold] takes away.
func Findable(word string) bool {
	p := newPattern(Fold(word))
	return p.isFindable()
}

func (p *pattern) isFindable() bool { return len(p.steps) > 0 || p.literal != "" }

// Covers reports whether m is found in every text in which the other matcher is: price covers "best price", and
// Price covers #price. Two matchers that cover each other look for the same. What it says is certain; where it can't tell
// it says false.
func (m *Matcher) Covers(other *Matcher) bool {
	for i := range other.words {
		if other.words[i].isFindable() && !m.coversWord(&other.words[i]) {
			return false
		}
	}
	return true
}

func (m *Matcher) coversWord(word *pattern) bool {
	for i := range m.words {
		if m.words[i].covers(word) {
			return true
		}
	}
	return false
}

// covers reports whether p is found wherever the other one is.
func (p *pattern) covers(other *pattern) bool {
	if len(p.steps) == 0 {
		return p.literal != "" && strings.Contains(other.literal, p.literal)
	}
	for at := range len(other.steps) - len(p.steps) + 1 {
		if coverEach(p.steps, other.steps[at:]) {
			return true
		}
	}
	return false
}

func coverEach(steps, others []step) bool {
	for i := range steps {
		s, o := &steps[i], &others[i]
		if s.base != o.base || s.toned && s.text != o.text || i > 0 && s.widest() < o.widest() {
			return false
		}
	}
	return true
}
