package lint

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/logic"
	"github.com/answerback/answerback/rules/text"
)

// meaning is what an atom tests, as far as it can follow from others, or others from it.
type meaning struct {
	subject string // what is tested; empty if nothing is known of it
	verb    expression.Verb
	word    string
	number  int // of AtMost
}

// bearing is what one test says of another of the same subject.
type bearing uint8

const (
	none     bearing = iota
	implies          // where the one is true, the other is
	excludes         // they are never true together
)

// on tells the bearing of a test on another. That of the other one on it may differ.
func (m meaning) on(other meaning) bearing {
	switch {
	case m.verb == expression.AtMost || other.verb == expression.AtMost:
		return is(m.verb == other.verb && m.number <= other.number, implies)
	case m.verb == expression.Holds || other.verb == expression.Holds:
		return none
	case m.verb == expression.Equals && other.verb == expression.Equals:
		return excludes
	case m.verb == expression.Equals:
		return is(asks(other.verb, m.word, other.word), implies) | is(!asks(other.verb, m.word, other.word), excludes)
	case m.verb == expression.Has && other.verb == expression.Has:
		return is(standsIn(other.word, m.word), implies)
	case m.verb == expression.Has || other.verb == expression.Has || other.verb == expression.Equals:
		return none
	case m.verb == other.verb && m.verb != expression.Contains:
		return is(asks(m.verb, m.word, other.word), implies) |
			is(!asks(m.verb, m.word, other.word) && !asks(m.verb, other.word, m.word), excludes)
	default:
		return is(other.verb == expression.Contains && asks(other.verb, m.word, other.word), implies)
	}
}

func is(so bool, b bearing) bearing {
	if so {
		return b
	}
	return none
}

// asks is what a test says of a text.
func asks(verb expression.Verb, t, word string) bool {
	switch verb {
	case expression.Has:
		return text.NewMatcher(word).In(text.NewSubject(t))
	case expression.Contains:
		return strings.Contains(t, word)
	case expression.Begins:
		return strings.HasPrefix(t, word)
	default:
		return strings.HasSuffix(t, word)
	}
}

// standsIn reports whether a phrase is one of more words, in which the part stands. It is told of those of letters alone:
// punctuation means different things within a phrase and by itself.
func standsIn(part, phrase string) bool {
	return len(part) < len(phrase) && strings.Contains(" "+phrase+" ", " "+part+" ") && isPlainPhrase(phrase) &&
		asks(expression.Has, phrase, part)
}

// tell tells what a test says of another.
func (w *world) tell(known *logic.Assumptions, one, other logic.Atom) {
	pair := [2]logic.Atom{one, other}
	b, ok := w.bearings[pair]
	if !ok {
		b = w.meanings[one].on(w.meanings[other])
		w.bearings[pair] = b
	}
	switch b {
	case implies:
		known.Imply(logic.Yes(one), logic.Yes(other))
	case excludes:
		known.Exclude(logic.Yes(one), logic.Yes(other))
	}
}

// maxOfSubject is how many tests of one subject are looked at in pairs. What isn't looked at isn't known, which is sound.
const maxOfSubject = 140

// about is what is known of some atoms, which are sorted.
func (w *world) about(atoms []logic.Atom) *logic.Assumptions {
	known := w.ofKinds()
	bySubject := slices.DeleteFunc(slices.Clone(atoms), func(a logic.Atom) bool { return w.meanings[a].subject == "" })
	slices.SortStableFunc(bySubject, func(a, b logic.Atom) int { return cmp.Compare(w.meanings[a].subject, w.meanings[b].subject) })
	for len(bySubject) > 0 {
		subject := w.meanings[bySubject[0]].subject
		n := slices.IndexFunc(bySubject, func(a logic.Atom) bool { return w.meanings[a].subject != subject })
		if n < 0 {
			n = len(bySubject)
		}
		w.tellAll(known, bySubject[:n])
		bySubject = bySubject[n:]
	}
	return known
}

// tellAll tells what tests of one subject say of each other.
func (w *world) tellAll(known *logic.Assumptions, atoms []logic.Atom) {
	if len(atoms) > maxOfSubject {
		w.tellCheaply(known, atoms)
		return
	}
	for _, one := range atoms {
		for _, other := range atoms {
			if one != other {
				w.tell(known, one, other)
			}
		}
	}
}

// tellCheaply tells what can be found without looking at every pair: which words stand in phrases.
func (w *world) tellCheaply(known *logic.Assumptions, atoms []logic.Atom) {
	words := map[string]logic.Atom{}
	for _, a := range atoms {
		if m := w.meanings[a]; m.verb == expression.Has {
			words[m.word] = a
		}
	}
	for _, phrase := range slices.Sorted(maps.Keys(words)) {
		a := words[phrase]
		for _, part := range partsOf(phrase) {
			if other, ok := words[part]; ok && other != a {
				w.tell(known, a, other)
			}
		}
	}
}

// partsOf are the runs of words in a phrase.
func partsOf(phrase string) []string {
	const most = 10
	words := strings.Split(phrase, " ")
	if len(words) < 2 || len(words) > most {
		return nil
	}
	var parts []string
	for from := range words {
		for to := from + 1; to <= len(words); to++ {
			parts = append(parts, strings.Join(words[from:to], " "))
		}
	}
	return parts
}
