package logic

import "slices"

// Index finds, among many formulas, the few that another may imply, so that not every pair must be asked for. It is
// immutable.
type Index struct {
	known  *Assumptions
	under  map[Literal][]int // the formulas of which each literal is one of the grounds
	always []int             // the formulas that need no ground
}

// NewIndex makes an index of formulas. The assumptions are those that the questions are asked under.
func NewIndex(known *Assumptions, formulas []Formula) *Index {
	x := &Index{known: known, under: map[Literal][]int{}}
	common := map[Literal]int{}
	for _, f := range formulas {
		for _, l := range literalsOf(f) {
			common[l]++
		}
	}
	for i, f := range formulas {
		g, ok := groundsOf(f, false, common)
		if !ok || known.Tautology(g.formula()) {
			x.always = append(x.always, i)
			continue
		}
		for _, l := range g.literals {
			x.under[l] = append(x.under[l], i)
		}
	}
	return x
}

// Candidates are the numbers of the formulas that f may imply, in order. Any other isn't implied, unless f is never
// true, the assumptions contradict each other, or it takes such of them as not every question takes up.
func (x *Index) Candidates(f Formula) []int {
	found := slices.Clone(x.always)
	for _, l := range x.known.reach(literalsOf(f)) {
		found = append(found, x.under[l]...)
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// maxReached is how many literals one question is followed to.
const maxReached = 1000

// reach are the literals that some chain of assumptions leads to. What f implies has its grounds among them: a proof
// by resolution can only bring in what hangs on a literal of f.
func (a *Assumptions) reach(from []Literal) []Literal {
	r := reached{literals: slices.Clone(from), seen: map[Literal]bool{}}
	for _, l := range from {
		r.seen[l] = true
	}
	for i := 0; i < len(r.literals) && len(r.literals) < maxReached; i++ {
		l := r.literals[i]
		for _, c := range a.about[l.Atom] {
			if slices.Contains(a.clauses[c], l.Not()) {
				r.add(a.clauses[c], false)
			}
		}
		for _, g := range a.member[l.Atom] {
			if slices.Contains(a.groups[g], l) {
				r.add(a.groups[g], true)
			}
		}
	}
	return r.literals
}

type reached struct {
	literals []Literal
	seen     map[Literal]bool
}

func (r *reached) add(literals []Literal, negated bool) {
	for _, l := range literals {
		if negated {
			l = l.Not()
		}
		if !r.seen[l] && len(r.literals) < maxReached {
			r.seen[l] = true
			r.literals = append(r.literals, l)
		}
	}
}

// literalsOf are the literals that a formula is made of, each as it counts: in not (a or b) these are not a, and not b.
func literalsOf(f Formula) []Literal {
	var distinct []Literal
	seen := map[Literal]bool{}
	for _, l := range collect(nil, f, false) {
		if !seen[l] {
			seen[l] = true
			distinct = append(distinct, l)
		}
	}
	return distinct
}

func collect(found []Literal, f Formula, negated bool) []Literal {
	switch f.op {
	case literal:
		return append(found, f.literalUnder(negated))
	case negation:
		return collect(found, f.parts[0], !negated)
	case conjunction, disjunction:
		for _, part := range f.parts {
			found = collect(found, part, negated)
		}
	case choice:
		found = collect(found, f.parts[0], false)
		found = collect(found, f.parts[0], true)
		found = collect(found, f.parts[1], negated)
		found = collect(found, f.parts[2], negated)
	}
	return found
}

// grounds are literals of which one is true wherever a formula is.
type grounds struct {
	literals []Literal
	common   int // how many formulas have them, summed up
}

// formula is that one of the grounds is true.
func (g grounds) formula() Formula {
	alternatives := make([]Formula, len(g.literals))
	for i, l := range g.literals {
		alternatives[i] = Formula{op: literal, literal: l}
	}
	return Or(alternatives...)
}

// groundsOf finds the grounds that the fewest formulas share; false if the formula may be true without any. An unknown
// one is never proved, so it counts like one that is never true.
func groundsOf(f Formula, negated bool, common map[Literal]int) (grounds, bool) {
	switch f.opUnder(negated) {
	case constantTrue:
		return grounds{}, false
	case literal:
		l := f.literalUnder(negated)
		return grounds{[]Literal{l}, common[l]}, true
	case negation:
		return groundsOf(f.parts[0], !negated, common)
	case conjunction:
		return ofAll(f.parts, negated, common)
	case disjunction:
		return ofAny(f.parts, negated, common)
	case choice:
		return ofAny(f.parts[1:], negated, common)
	}
	return grounds{}, true
}

// ofAll takes the rarest grounds of a conjunction's parts.
func ofAll(parts []Formula, negated bool, common map[Literal]int) (best grounds, ok bool) {
	for _, part := range parts {
		g, has := groundsOf(part, negated, common)
		if has && (!ok || g.common < best.common) {
			best, ok = g, true
		}
	}
	return best, ok
}

// ofAny joins the grounds of a disjunction's parts.
func ofAny(parts []Formula, negated bool, common map[Literal]int) (all grounds, ok bool) {
	for _, part := range parts {
		g, ok := groundsOf(part, negated, common)
		if !ok {
			return grounds{}, false
		}
		all.literals = append(all.literals, g.literals...)
		all.common += g.common
	}
	return all, true
}
