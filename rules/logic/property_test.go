package logic_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/logic"
)

// atoms is how many the generated formulas talk of, and unknowns how many unknown formulas they hold at most.
const (
	atoms    = 6
	unknowns = 2
)

// bits are one way the atoms, and after them the unknown formulas, may be.
type bits uint

func (b bits) has(n int) bool { return b&(1<<n) != 0 }

// tree is a formula with what it means, found without the package.
type tree struct {
	formula logic.Formula
	means   func(bits) bool
}

// forest draws trees. Each unknown formula is a variable of its own to the truth table.
type forest struct{ unknown int }

func (f *forest) tree(t *rapid.T, depth int) tree {
	kinds := []string{"atom", "atom", "constant", "unknown", "not", "and", "or", "and", "or", "if"}
	if depth == 0 {
		kinds = kinds[:4]
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); {
	case kind == "constant":
		if rapid.Bool().Draw(t, "constant") {
			return tree{logic.True(), func(bits) bool { return true }}
		}
		return tree{logic.False(), func(bits) bool { return false }}
	case kind == "unknown" && f.unknown > 0:
		f.unknown--
		n := atoms + f.unknown
		return tree{logic.Formula{}, func(b bits) bool { return b.has(n) }}
	case kind == "not":
		part := f.tree(t, depth-1)
		return tree{logic.Not(part.formula), func(b bits) bool { return !part.means(b) }}
	case kind == "and" || kind == "or":
		return f.join(t, depth, kind == "and")
	case kind == "if":
		c, then, other := f.tree(t, depth-1), f.tree(t, depth-1), f.tree(t, depth-1)
		return tree{logic.If(c.formula, then.formula, other.formula), func(b bits) bool {
			if c.means(b) {
				return then.means(b)
			}
			return other.means(b)
		}}
	}
	n := rapid.IntRange(0, atoms-1).Draw(t, "atom")
	return tree{logic.Is(logic.Atom(n)), func(b bits) bool { return b.has(n) }}
}

func (f *forest) join(t *rapid.T, depth int, and bool) tree {
	var formulas []logic.Formula
	var parts []tree
	for range rapid.IntRange(0, 4).Draw(t, "parts") {
		part := f.tree(t, depth-1)
		parts, formulas = append(parts, part), append(formulas, part.formula)
	}
	means := func(b bits) bool {
		// Of "and" the first false part decides, of "or" the first true one.
		return slices.ContainsFunc(parts, func(p tree) bool { return p.means(b) != and }) != and
	}
	if and {
		return tree{logic.And(formulas...), means}
	}
	return tree{logic.Or(formulas...), means}
}

// assumed draws assumptions and tells in which worlds they hold. Whole is false if the package may leave out some that
// lead from the formulas' atoms to others and back.
func assumed(t *rapid.T) (known *logic.Assumptions, holds func(bits) bool, whole bool) {
	known, whole = new(logic.Assumptions), true
	var hold []func(bits) bool
	literal := func() (logic.Literal, func(bits) bool) {
		n, negated := rapid.IntRange(0, atoms-1).Draw(t, "of"), rapid.Bool().Draw(t, "negated")
		return logic.Literal{Atom: logic.Atom(n), Negated: negated}, func(b bits) bool { return b.has(n) != negated }
	}
	several := func() (list []logic.Literal, count func(bits) int) {
		var hold []func(bits) bool
		for range rapid.IntRange(1, 4).Draw(t, "several") {
			l, holds := literal()
			list, hold = append(list, l), append(hold, holds)
		}
		return list, func(b bits) (n int) {
			for _, holds := range hold {
				if holds(b) {
					n++
				}
			}
			return n
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "assumptions") {
		switch rapid.SampledFrom([]string{"imply", "exclude", "at least one"}).Draw(t, "assumption") {
		case "imply":
			first, one := literal()
			second, other := literal()
			known.Imply(first, second)
			hold = append(hold, func(b bits) bool { return !one(b) || other(b) })
		case "exclude":
			list, count := several()
			if rapid.Bool().Draw(t, "as one of many") {
				// Nobody talks of the others.
				for i := range logic.Atom(8) {
					list = append(list, logic.Yes(100+i))
				}
				whole = false
			}
			known.Exclude(list...)
			hold = append(hold, func(b bits) bool { return count(b) <= 1 })
		case "at least one":
			list, count := several()
			known.AtLeastOne(list...)
			hold = append(hold, func(b bits) bool { return count(b) >= 1 })
		}
	}
	return known, func(b bits) bool {
		return !slices.ContainsFunc(hold, func(holds func(bits) bool) bool { return !holds(b) })
	}, whole
}

// always is the truth table: whether it is true in all worlds in which the assumptions hold.
func always(holds, means func(bits) bool) bool {
	for b := range bits(1 << (atoms + unknowns)) {
		if holds(b) && !means(b) {
			return false
		}
	}
	return true
}

// Against truth tables: never wrongly sure, and of formulas so small always sure where one can be. The latter holds
// only for assumptions that don't contradict each other, since those that nothing leads to are not taken up.
func TestAgainstTruthTables(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known, holds, whole := assumed(t)
		possible := !always(holds, func(bits) bool { return false })
		grown := forest{unknowns}
		f, g := grown.tree(t, 4), grown.tree(t, 4)
		exact := whole && grown.unknown == unknowns

		compare := func(question string, got, want bool) {
			t.Helper()
			if got && !want {
				t.Errorf("%s: wrongly sure", question)
			}
			if !got && want && exact && possible {
				t.Errorf("%s: it can be told, but isn't", question)
			}
		}
		notF := func(b bits) bool { return !f.means(b) }
		implied := func(b bits) bool { return !f.means(b) || g.means(b) }
		compare("contradiction", known.Contradiction(f.formula), always(holds, notF))
		compare("tautology", known.Tautology(f.formula), always(holds, f.means))
		compare("implication", known.Implies(f.formula, g.formula), always(holds, implied))
	})
}

// What the index leaves out is not implied.
func TestIndexLeavesOutNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		known, holds, whole := assumed(t)
		grown := forest{unknowns}
		f := grown.tree(t, 3).formula
		var formulas []logic.Formula
		for range rapid.IntRange(1, 6).Draw(t, "formulas") {
			formulas = append(formulas, grown.tree(t, 3).formula)
		}
		candidates := logic.NewIndex(known, formulas).Candidates(f)
		if !slices.IsSorted(candidates) || len(slices.Compact(slices.Clone(candidates))) != len(candidates) {
			t.Fatalf("candidates out of order or twice: %v", candidates)
		}
		if !whole || known.Contradiction(f) || always(holds, func(bits) bool { return false }) {
			return
		}
		for i, g := range formulas {
			if known.Implies(f, g) && !slices.Contains(candidates, i) {
				t.Errorf("formula %d is implied, the candidates are %v", i, candidates)
			}
		}
	})
}
