package logic

// assume takes up what is known of the atoms of the formulas. It may leave out some of it, which is sound: the less is
// known, the less is proved.
func (p *proof) assume(a *Assumptions) {
	u := uptake{proof: p, known: a, taken: map[int]bool{}}
	if len(a.clauses) > 0 {
		u.amongKnown()
		u.around()
	}
	if len(a.groups) > 0 {
		u.exclusions()
	}
}

// uptake is the taking up of assumptions into a proof.
type uptake struct {
	*proof
	known *Assumptions
	taken map[int]bool // numbers of clauses
	pairs int          // of literals that exclude each other
}

// amongKnown takes up what is known of the formulas' own atoms among each other: it says most.
func (u *uptake) amongKnown() {
	for _, atom := range u.atoms {
		for _, c := range u.known.about[atom] {
			if u.knowsAll(u.known.clauses[c]) {
				u.take(c)
			}
		}
	}
}

func (u *uptake) knowsAll(clause []Literal) bool {
	for _, l := range clause {
		if _, ok := u.proof.known[l.Atom]; !ok {
			return false
		}
	}
	return true
}

// around takes up what is known of the atoms, and of those which that brings in, and so on.
func (u *uptake) around() {
	for i := 0; i < len(u.atoms); i++ { // they grow meanwhile
		for _, c := range u.known.about[u.atoms[i]] {
			u.take(c)
		}
	}
}

func (u *uptake) take(c int) {
	if u.taken[c] || len(u.taken) == maxAssumed {
		return
	}
	u.taken[c] = true
	u.assumeClause(u.known.clauses[c]...)
}

func (u *uptake) assumeClause(literals ...Literal) {
	terms := make([]term, len(literals))
	for i, l := range literals {
		terms[i] = u.term(l)
	}
	u.clause(terms...)
}

// exclusions takes up which of the atoms exclude each other.
func (u *uptake) exclusions() {
	met := map[int][]Literal{} // those already seen of each group
	for _, atom := range u.atoms {
		for _, g := range u.known.member[atom] {
			for _, l := range u.known.groups[g] {
				if l.Atom == atom {
					u.excludeAll(l, met[g])
					met[g] = append(met[g], l)
				}
			}
		}
	}
}

func (u *uptake) excludeAll(one Literal, others []Literal) {
	for _, other := range others {
		if u.pairs == maxAssumed {
			return
		}
		u.pairs++
		u.assumeClause(one.Not(), other.Not())
	}
}
