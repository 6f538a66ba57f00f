// Package logic reasons about conditions by their form alone: whether one can never be true, is always true, or is true
// wherever another is. What a condition tests is opaque to it, an [Atom]; what is known of how tests hang together is
// told to it as [Assumptions].
//
// It answers "surely" or "don't know", never wrongly surely: true is a proof, false says nothing. Work is bounded, and
// where the bound is reached the answer is "don't know".
package logic

// Atom is one test whose inside isn't known here. The same number is the same test.
type Atom int

// Literal is an atom or its opposite.
type Literal struct {
	Atom    Atom
	Negated bool
}

// Yes is the literal that is true where the atom is.
func Yes(a Atom) Literal { return Literal{Atom: a} }

// No is the literal that is true where the atom isn't.
func No(a Atom) Literal { return Literal{Atom: a, Negated: true} }

// Not is the literal's opposite.
func (l Literal) Not() Literal { return Literal{l.Atom, !l.Negated} }

// Formula is a condition. It is immutable. The zero Formula is one of which nothing is known; no two of these are
// taken for the same, so nothing is proved by them that doesn't hold whatever they are.
type Formula struct {
	op      op
	literal Literal
	parts   []Formula // of If: the condition and its two branches
	nodes   int       // how many formulas it is made of, less one
}

type op uint8

const (
	unknown op = iota
	constantTrue
	constantFalse
	literal
	negation
	conjunction
	disjunction
	choice
)

// maxNodes is how large a formula may be. Named conditions that use each other can grow without bound though each is
// short; a larger formula becomes an unknown one.
const maxNodes = 2000

// True is what is always true.
func True() Formula { return Formula{op: constantTrue} }

// False is what is never true.
func False() Formula { return Formula{op: constantFalse} }

// Is is the condition that the atom is true.
func Is(a Atom) Formula { return Formula{op: literal, literal: Yes(a)} }

// Not is the opposite of a formula.
func Not(f Formula) Formula {
	switch f.op {
	case unknown:
		return f
	case constantTrue:
		return False()
	case constantFalse:
		return True()
	case literal:
		f.literal = f.literal.Not()
		return f
	case negation:
		return f.parts[0]
	}
	return compound(negation, f)
}

// And is true where all formulas are; without any it is always true.
func And(formulas ...Formula) Formula {
	return joined(conjunction, constantTrue, constantFalse, formulas)
}

// Or is true where one of the formulas is; without any it is never true.
func Or(formulas ...Formula) Formula {
	return joined(disjunction, constantFalse, constantTrue, formulas)
}

// If is what then is where the condition is true, and else what otherwise is.
func If(condition, then, otherwise Formula) Formula {
	switch {
	case condition.op == constantTrue:
		return then
	case condition.op == constantFalse:
		return otherwise
	case then.op == constantTrue:
		return Or(condition, otherwise)
	case then.op == constantFalse:
		return And(Not(condition), otherwise)
	case otherwise.op == constantTrue:
		return Or(Not(condition), then)
	case otherwise.op == constantFalse:
		return And(condition, then)
	}
	return compound(choice, condition, then, otherwise)
}

// joined is a conjunction or a disjunction, flat, without what adds nothing to it. Neutral is the constant that may be
// left out, deciding the one that settles all.
func joined(op, neutral, deciding op, formulas []Formula) Formula {
	var parts []Formula
	for _, f := range formulas {
		switch f.op {
		case neutral:
		case op:
			parts = append(parts, f.parts...)
		default:
			parts = append(parts, f)
		}
	}
	seen := make(map[Literal]bool, len(parts))
	kept := parts[:0]
	for _, f := range parts {
		if f.op == deciding || f.op == literal && seen[f.literal.Not()] {
			return Formula{op: deciding}
		}
		if f.op == literal && seen[f.literal] {
			continue
		}
		if f.op == literal {
			seen[f.literal] = true
		}
		kept = append(kept, f)
	}
	switch len(kept) {
	case 0:
		return Formula{op: neutral}
	case 1:
		return kept[0]
	}
	return compound(op, kept...)
}

func compound(op op, parts ...Formula) Formula {
	f := Formula{op: op, parts: parts, nodes: len(parts)}
	for _, part := range parts {
		f.nodes += part.nodes
	}
	if f.nodes > maxNodes {
		return Formula{}
	}
	return f
}

// opUnder is what a formula is where it, or its opposite, is asked for: the opposite of a conjunction is a disjunction
// of opposites.
func (f Formula) opUnder(negated bool) op {
	if !negated {
		return f.op
	}
	switch f.op {
	case constantTrue:
		return constantFalse
	case constantFalse:
		return constantTrue
	case conjunction:
		return disjunction
	case disjunction:
		return conjunction
	}
	return f.op
}

// literalUnder is the literal of an atom's formula, or the opposite one.
func (f Formula) literalUnder(negated bool) Literal {
	if negated {
		return f.literal.Not()
	}
	return f.literal
}
