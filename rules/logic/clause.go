package logic

// Bounds on the work of one question. They leave room for a condition of the largest size that a rule may have; what
// they cut off is answered "don't know".
const (
	maxSteps   = 300_000 // literals looked at in the search
	maxWritten = 20_000  // literals written down to begin with
	maxAssumed = 1000    // assumptions taken up, those nearest to the formula's own atoms first
)

// proof tries to show that formulas can't be true together. They are written as clauses, of each of which one term is
// true at least. Formulas within formulas get a variable of their own, which being true makes them true; the other way
// round isn't needed, since only their being true is ever asked for.
type proof struct {
	known     map[Atom]int32
	atoms     []Atom // those met so far, in order
	variables int32
	terms     []term // of all clauses, one after the other
	ends      []int  // where each clause ends in terms
	promised  []promise
	tooLong   bool
}

// term is a variable, or its opposite: twice the variable's number, plus one for the opposite.
type term int32

func (t term) not() term { return t ^ 1 }

// promise is a variable that stands for a formula, or its opposite, which is still to be written down.
type promise struct {
	variable term
	formula  Formula
	negated  bool
}

// assert says that the formula, or its opposite, is true.
func (p *proof) assert(f Formula, negated bool) { p.write(nil, f, negated) }

// write says that one of the terms is true, or else the formula or its opposite.
func (p *proof) write(or []term, f Formula, negated bool) {
	switch f.opUnder(negated) {
	case unknown, constantTrue:
	case constantFalse:
		p.clause(or...)
	case literal:
		p.clause(append(or, p.term(f.literalUnder(negated)))...)
	case negation:
		p.write(or, f.parts[0], !negated)
	case conjunction:
		for _, part := range f.parts {
			p.write(or, part, negated)
		}
	case disjunction:
		p.clause(p.appendAlternatives(or, f, negated)...)
	case choice:
		p.writeChoice(or, f, negated)
	}
}

// writeChoice says of an If that its condition chooses a branch. That one of the branches is true follows from this,
// but is found sooner if it is said, and also where nothing is known of the condition.
func (p *proof) writeChoice(or []term, f Formula, negated bool) {
	met, unmet := p.standIn(f.parts[0], false), p.standIn(f.parts[0], true)
	then, otherwise := p.standIn(f.parts[1], negated), p.standIn(f.parts[2], negated)
	p.clause(append(or, unmet, then)...)
	p.clause(append(or, met, otherwise)...)
	p.clause(append(or, then, otherwise)...)
}

// appendAlternatives adds a term for each part of a disjunction.
func (p *proof) appendAlternatives(or []term, f Formula, negated bool) []term {
	for _, part := range f.parts {
		or = append(or, p.standIn(part, negated))
	}
	return or
}

// standIn is a term that being true makes the formula, or its opposite, true.
func (p *proof) standIn(f Formula, negated bool) term {
	switch f.op {
	case literal:
		return p.term(f.literalUnder(negated))
	case negation:
		return p.standIn(f.parts[0], !negated)
	}
	t := p.fresh()
	p.promised = append(p.promised, promise{t, f, negated})
	return t
}

// keep writes down what the variables stand for. The outermost formulas come first, and so does the search to them:
// to choose between alternatives leads further than to choose between what they are made of.
func (p *proof) keep() {
	for i := 0; i < len(p.promised) && !p.tooLong; i++ {
		one := p.promised[i]
		p.write([]term{one.variable.not()}, one.formula, one.negated)
	}
}

func (p *proof) term(l Literal) term {
	v, ok := p.known[l.Atom]
	if !ok {
		if p.known == nil {
			p.known = map[Atom]int32{}
		}
		v = int32(p.fresh() / 2)
		p.known[l.Atom] = v
		p.atoms = append(p.atoms, l.Atom)
	}
	if l.Negated {
		return term(2*v + 1)
	}
	return term(2 * v)
}

func (p *proof) fresh() term {
	p.variables++
	return term(2 * (p.variables - 1))
}

func (p *proof) clause(terms ...term) {
	p.terms = append(p.terms, terms...)
	p.ends = append(p.ends, len(p.terms))
	p.tooLong = p.tooLong || len(p.terms) > maxWritten
}

// contradicts reports that what was asserted surely can't be true together.
func (p *proof) contradicts(a *Assumptions) bool {
	p.keep()
	p.assume(a)
	return !p.tooLong && newSearch(p).fails()
}
