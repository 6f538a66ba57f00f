package logic

import "slices"

// Assumptions are what is known of atoms from what they test, and answer questions under it. The caller vouches for
// them: if they contradict each other, everything follows. The zero value knows nothing and answers all the same. Once
// they are told, they may be asked from many goroutines at once.
type Assumptions struct {
	clauses [][]Literal    // of each, one literal is true at least
	about   map[Atom][]int // the clauses in which an atom stands
	groups  [][]Literal    // of each, one literal is true at most
	member  map[Atom][]int // the groups in which an atom stands
}

// Imply tells that wherever the first is true, the second is.
func (a *Assumptions) Imply(first, second Literal) { a.tell(first.Not(), second) }

// Exclude tells that no two of these are true together. There may be thousands.
func (a *Assumptions) Exclude(literals ...Literal) {
	// Of many, as the names that a text is compared with, only those matter that a formula talks of.
	const few = 8
	if len(literals) > few {
		a.member = note(a.member, literals, len(a.groups))
		a.groups = append(a.groups, slices.Clone(literals))
		return
	}
	for i, one := range literals {
		for _, other := range literals[i+1:] {
			a.tell(one.Not(), other.Not())
		}
	}
}

// AtLeastOne tells that one of these is always true. Of none that can't be, so it tells nothing.
func (a *Assumptions) AtLeastOne(literals ...Literal) {
	if len(literals) > 0 {
		a.tell(literals...)
	}
}

func (a *Assumptions) tell(clause ...Literal) {
	a.about = note(a.about, clause, len(a.clauses))
	a.clauses = append(a.clauses, slices.Clone(clause))
}

// note adds a number to what is kept for the atoms of literals, once for each atom.
func note(by map[Atom][]int, literals []Literal, number int) map[Atom][]int {
	if by == nil {
		by = map[Atom][]int{}
	}
	for _, l := range literals {
		if kept := by[l.Atom]; len(kept) == 0 || kept[len(kept)-1] != number {
			by[l.Atom] = append(kept, number)
		}
	}
	return by
}

// Contradiction reports that the formula is surely never true.
func (a *Assumptions) Contradiction(f Formula) bool {
	var p proof
	p.assert(f, false)
	return p.contradicts(a)
}

// Tautology reports that the formula is surely always true.
func (a *Assumptions) Tautology(f Formula) bool {
	var p proof
	p.assert(f, true)
	return p.contradicts(a)
}

// Implies reports that wherever f is true, g surely is. What is never true implies everything, so ask for a
// [Assumptions.Contradiction] first.
func (a *Assumptions) Implies(f, g Formula) bool {
	var p proof
	p.assert(f, false)
	p.assert(g, true)
	return p.contradicts(a)
}
