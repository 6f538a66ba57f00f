package logic_test

import (
	"testing"

	"github.com/answerback/answerback/rules/logic"
)

// aSet is a large set of rules: one for all comments, and many each for a kind of event and some words, without others.
func aSet(rules int) (*logic.Assumptions, []logic.Formula) {
	const firstWord = 100
	known := world()
	formulas := []logic.Formula{is(isComment)}
	for i := range logic.Atom(rules - 1) {
		kind := i % 3
		words := or(is(firstWord+i), is(firstWord+i/2), is(firstWord+i*7%logic.Atom(rules)))
		formulas = append(formulas, and(is(kind), words, not(is(fromAda)), not(is(firstWord+i*3%logic.Atom(rules)))))
	}
	return known, formulas
}

func BenchmarkImplies(b *testing.B) {
	known, formulas := aSet(100)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		known.Implies(formulas[i%100], formulas[i/100%100])
	}
}

// BenchmarkShadowed asks of each of 10,000 rules which earlier ones it is shadowed by.
func BenchmarkShadowed(b *testing.B) {
	known, formulas := aSet(10_000)
	b.ReportAllocs()
	pairs, shadowed := 0, 0
	for b.Loop() {
		pairs, shadowed = 0, 0
		index := logic.NewIndex(known, formulas)
		for i, f := range formulas {
			for _, earlier := range index.Candidates(f) {
				if earlier < i {
					pairs++
					if known.Implies(f, formulas[earlier]) {
						shadowed++
					}
				}
			}
		}
	}
	b.ReportMetric(float64(pairs), "pairs")
	b.ReportMetric(float64(shadowed), "shadowed")
}
