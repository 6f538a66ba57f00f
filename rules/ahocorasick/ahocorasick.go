// Package ahocorasick finds many texts in another at once, byte for byte, as Aho and Corasick do (Communications of the
// ACM 18, 1975): in time that grows with the text that is searched and with what is found in it, however many are looked
// for.
package ahocorasick

import (
	"cmp"
	"slices"
	"sort"
)

// Automaton looks for texts. It is immutable; its zero value finds nothing.
type Automaton struct {
	states []state // the first is the root; children stand side by side, in the order of their bytes
	root   [256]int32
}

// state is reached by what was read last: the way to it from the root.
type state struct {
	children  int32 // the first
	count     int16 // of the children
	by        byte  // the last byte of the way
	shorter   int32 // the state of the longest proper end of the way that is the way to one; the root at least
	found     int32 // the number of the text that the way is; -1: it is none
	foundMore int32 // the nearest state by way of shorter that is a text; 0: none
}

// New prepares a search. What it finds it calls by its place in the list. The texts must be different, and none empty.
func New(texts []string) *Automaton {
	b := builder{texts: texts, order: make([]int32, len(texts))}
	for i := range b.order {
		b.order[i] = int32(i)
	}
	slices.SortFunc(b.order, func(i, j int32) int { return cmp.Compare(texts[i], texts[j]) })
	b.grow()
	a := &Automaton{states: b.states}
	a.link()
	return a
}

// builder grows the tree of all beginnings, level by level, so that the children of a state get places side by side.
type builder struct {
	texts  []string
	order  []int32 // the texts, sorted
	states []state
	spans  []span // of each state
}

// span are the texts, from one place in the order to before another, that begin with the way to a state.
type span struct{ from, to, depth int32 }

func (b *builder) grow() {
	b.add(0, span{0, int32(len(b.order)), 0})
	for at := 0; at < len(b.states); at++ {
		b.branch(at)
	}
}

func (b *builder) add(by byte, s span) {
	made := state{by: by, found: -1}
	if s.from < s.to {
		if first := b.order[s.from]; s.depth > 0 && len(b.texts[first]) == int(s.depth) { // the shortest is the first
			made.found = first
		}
	}
	b.states = append(b.states, made)
	b.spans = append(b.spans, s)
}

func (b *builder) branch(at int) {
	s := b.spans[at]
	if b.states[at].found >= 0 {
		s.from++
	}
	b.states[at].children = int32(len(b.states))
	for from := s.from; from < s.to; {
		by := b.texts[b.order[from]][s.depth]
		to := from + int32(sort.Search(int(s.to-from), func(i int) bool { return b.texts[b.order[from+int32(i)]][s.depth] > by }))
		b.add(by, span{from, to, s.depth + 1})
		b.states[at].count++
		from = to
	}
}

// link finds for each state where to go on when no child fits. States stand in the order of their depth, so what a
// state needs is there before it.
func (a *Automaton) link() {
	for at := range a.states {
		s := &a.states[at]
		for c := s.children; c < s.children+int32(s.count); c++ {
			child := &a.states[c]
			if at == 0 {
				a.root[child.by] = c
				continue
			}
			child.shorter = a.next(s.shorter, child.by)
			if child.foundMore = child.shorter; a.states[child.shorter].found < 0 {
				child.foundMore = a.states[child.shorter].foundMore
			}
		}
	}
}

// next is the state after a byte more.
func (a *Automaton) next(at int32, by byte) int32 {
	for at != 0 {
		if c := a.child(at, by); c != 0 {
			return c
		}
		at = a.states[at].shorter
	}
	return a.root[by]
}

// child is the state that a byte leads to from another than the root; 0: none.
func (a *Automaton) child(at int32, by byte) int32 {
	s := &a.states[at]
	low, high := s.children, s.children+int32(s.count)
	for low < high {
		middle := low + (high-low)/2
		switch found := a.states[middle].by; {
		case found == by:
			return middle
		case found < by:
			low = middle + 1
		default:
			high = middle
		}
	}
	return 0
}

// Find calls found for each place in s where one of the texts stands, with the text's number. A text that stands there
// more often is told more often.
func (a *Automaton) Find(s string, found func(number int)) {
	if len(a.states) == 0 {
		return
	}
	at := int32(0)
	for i := range len(s) {
		at = a.next(at, s[i])
		more := at
		if a.states[more].found < 0 {
			more = a.states[more].foundMore
		}
		for ; more != 0; more = a.states[more].foundMore {
			found(int(a.states[more].found))
		}
	}
}
