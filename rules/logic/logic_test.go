package logic_test

import (
	"slices"
	"testing"

	"github.com/answerback/answerback/rules/logic"
)

// What a small rule set may test.
const (
	isComment logic.Atom = iota
	isCommentMention
	isCaptionMention
	isReply
	hasPrice
	hasPriceOrCost
	fromAda
)

// world is what anybody knows of these tests.
func world() *logic.Assumptions {
	var known logic.Assumptions
	known.Exclude(logic.Yes(isComment), logic.Yes(isCommentMention), logic.Yes(isCaptionMention))
	known.AtLeastOne(logic.Yes(isComment), logic.Yes(isCommentMention), logic.Yes(isCaptionMention))
	known.Imply(logic.Yes(hasPrice), logic.Yes(hasPriceOrCost))
	known.Imply(logic.Yes(isReply), logic.No(isCaptionMention))
	return &known
}

func is(a logic.Atom) logic.Formula                     { return logic.Is(a) }
func not(f logic.Formula) logic.Formula                 { return logic.Not(f) }
func and(f ...logic.Formula) logic.Formula              { return logic.And(f...) }
func or(f ...logic.Formula) logic.Formula               { return logic.Or(f...) }
func choose(c, then, other logic.Formula) logic.Formula { return logic.If(c, then, other) }

func TestContradiction(t *testing.T) {
	unknown := logic.Formula{}
	tests := map[string]struct {
		formula logic.Formula
		want    bool
	}{
		"false":                            {logic.False(), true},
		"true":                             {logic.True(), false},
		"an atom":                          {is(fromAda), false},
		"an atom and its opposite":         {and(is(fromAda), not(is(fromAda))), true},
		"far apart":                        {and(is(fromAda), or(is(isReply), is(hasPrice)), not(or(is(isComment), is(fromAda)))), true},
		"by cases":                         {and(or(is(isReply), is(fromAda)), or(is(isReply), not(is(fromAda))), not(is(isReply))), true},
		"two kinds at once":                {and(is(isComment), is(isCaptionMention)), true},
		"no kind":                          {not(or(is(isComment), is(isCommentMention), is(isCaptionMention))), true},
		"all kinds but one refused":        {not(or(is(isComment), is(isCommentMention))), false},
		"the narrow without the wide":      {and(is(hasPrice), not(is(hasPriceOrCost))), true},
		"the wide without the narrow":      {and(is(hasPriceOrCost), not(is(hasPrice))), false},
		"a chain of assumptions":           {and(is(isReply), not(is(isComment)), not(is(isCommentMention))), true},
		"unknown":                          {unknown, false},
		"unknown and not unknown":          {and(unknown, not(unknown)), false},
		"unknown beside a contradiction":   {and(unknown, is(fromAda), not(is(fromAda))), true},
		"choice whose branches can't be":   {and(choose(unknown, and(is(isComment), is(isCaptionMention)), is(isReply)), not(is(isReply))), true},
		"choice of which one branch may":   {and(choose(is(fromAda), is(isReply), is(hasPrice)), not(is(isReply))), false},
		"choice that is forced":            {and(choose(is(fromAda), is(isReply), is(hasPrice)), is(fromAda), not(is(isReply))), true},
		"opposite of a choice":             {and(not(choose(is(fromAda), is(isReply), is(hasPrice))), not(is(fromAda)), is(hasPrice)), true},
		"nothing joined by or":             {or(), true},
		"nothing joined by and":            {and(), false},
		"opposites joined by or, opposite": {not(or(is(fromAda), not(is(fromAda)))), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := world().Contradiction(test.formula); got != test.want {
				t.Errorf("Contradiction: %v, want %v", got, test.want)
			}
			if got := world().Tautology(not(test.formula)); got != test.want {
				t.Errorf("Tautology of the opposite: %v, want %v", got, test.want)
			}
		})
	}
}

func TestImplies(t *testing.T) {
	unknown := logic.Formula{}
	tests := map[string]struct {
		f, g logic.Formula
		want bool
	}{
		"itself":                         {is(fromAda), is(fromAda), true},
		"a part":                         {and(is(fromAda), is(isReply)), is(isReply), true},
		"more":                           {is(isReply), and(is(fromAda), is(isReply)), false},
		"an alternative":                 {is(isReply), or(is(fromAda), is(isReply)), true},
		"wider words":                    {and(is(hasPrice), is(fromAda)), is(hasPriceOrCost), true},
		"narrower words":                 {is(hasPriceOrCost), is(hasPrice), false},
		"wider words refused":            {not(is(hasPriceOrCost)), not(is(hasPrice)), true},
		"another kind refused":           {is(isComment), not(is(isCommentMention)), true},
		"one of the other kinds":         {not(is(isComment)), or(is(isCommentMention), is(isCaptionMention)), true},
		"anything implies what is true":  {unknown, logic.True(), true},
		"false implies anything":         {logic.False(), unknown, true},
		"unknown doesn't imply itself":   {unknown, unknown, false},
		"part beside unknown":            {and(unknown, is(isReply)), is(isReply), true},
		"part that stays with unknown":   {is(isReply), and(unknown, is(isReply)), false},
		"both branches":                  {is(isReply), choose(unknown, is(isReply), is(isReply)), true},
		"one branch":                     {is(isReply), choose(unknown, is(isReply), is(fromAda)), false},
		"choice and its two ands":        {choose(is(fromAda), is(isReply), is(hasPrice)), or(and(is(fromAda), is(isReply)), and(not(is(fromAda)), is(hasPrice))), true},
		"the two ands and their choice":  {or(and(is(fromAda), is(isReply)), and(not(is(fromAda)), is(hasPrice))), choose(is(fromAda), is(isReply), is(hasPrice)), true},
		"choice between true and false":  {choose(is(fromAda), logic.True(), logic.False()), is(fromAda), true},
		"choice between false and true":  {choose(is(fromAda), logic.False(), logic.True()), not(is(fromAda)), true},
		"distributed":                    {and(is(fromAda), or(is(isReply), is(hasPrice))), or(and(is(fromAda), is(isReply)), and(is(fromAda), is(hasPrice))), true},
		"a branch that can't be":         {and(choose(is(fromAda), is(isReply), is(hasPrice)), not(is(isReply))), not(is(fromAda)), true},
		"a branch that must be":          {and(choose(is(fromAda), is(isReply), is(hasPrice)), not(is(hasPrice))), is(fromAda), true},
		"what is left of not both":       {and(not(and(is(fromAda), is(hasPrice))), is(fromAda)), not(is(hasPrice)), true},
		"the opposite of the opposite":   {not(not(and(is(fromAda), is(isReply)))), is(fromAda), true},
		"an atom that nobody talks of":   {is(99), is(98), false},
		"by a chain through a third one": {and(is(isReply), not(is(isComment))), is(isCommentMention), true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := world().Implies(test.f, test.g); got != test.want {
				t.Errorf("Implies: %v, want %v", got, test.want)
			}
			index := logic.NewIndex(world(), []logic.Formula{is(97), test.g})
			if candidates := index.Candidates(test.f); test.want && !world().Contradiction(test.f) && !slices.Contains(candidates, 1) {
				t.Errorf("it is implied but no candidate: %v", candidates)
			}
		})
	}
}

// Many rules are for the same kind of event, few for the same words: these are what finds them.
func TestCandidatesAreFew(t *testing.T) {
	const rules = 1000
	var formulas []logic.Formula
	for i := range logic.Atom(rules) {
		formulas = append(formulas, and(is(isComment), not(is(fromAda)), is(100+i)))
	}
	index := logic.NewIndex(world(), formulas)
	for i, f := range formulas {
		if got := index.Candidates(f); len(got) != 1 || got[0] != i {
			t.Fatalf("rule %d: %v", i, got)
		}
	}
}

// Assumptions that can't all hold let everything follow; the caller vouches for them.
func TestAssumptionsThatContradictEachOther(t *testing.T) {
	var known logic.Assumptions
	known.AtLeastOne(logic.Yes(1))
	known.AtLeastOne(logic.No(1))
	if !known.Contradiction(logic.Is(1)) {
		t.Error("nothing follows")
	}
	if known.Contradiction(logic.Is(2)) {
		t.Error("assumptions about atoms that have nothing to do with it count too")
	}
}

func TestAtLeastOneOfNone(t *testing.T) {
	var known logic.Assumptions
	known.AtLeastOne()
	if known.Contradiction(logic.Is(1)) {
		t.Error("an empty group makes everything impossible")
	}
}

// Beyond its bounds every answer is "don't know", and it comes.
func TestBounds(t *testing.T) {
	var known logic.Assumptions
	t.Run("search", func(t *testing.T) {
		if !known.Contradiction(pigeons(4)) {
			t.Error("five pigeons in four holes are within reach")
		}
		if known.Contradiction(pigeons(9)) {
			t.Error("ten pigeons in nine holes can't be told in so few steps")
		}
	})
	t.Run("conditions that use each other", func(t *testing.T) {
		f := logic.Is(0)
		for i := range logic.Atom(100) {
			f = or(and(f, is(2*i)), and(f, is(2*i+1)))
		}
		if known.Contradiction(and(f, not(f))) {
			t.Error("a formula of 2^100 nodes was looked at")
		}
		if !known.Contradiction(and(f, is(1), not(is(1)))) {
			t.Error("what stands beside it doesn't count any more")
		}
		logic.NewIndex(&known, []logic.Formula{f, not(f)}).Candidates(f)
	})
	t.Run("choices in choices", func(t *testing.T) {
		f := is(0)
		for i := range logic.Atom(200) {
			f = choose(f, is(2*i+1), is(2*i+2))
		}
		if known.Contradiction(and(f, not(f))) {
			t.Error("2^200 clauses were written")
		}
	})
	t.Run("many assumptions", func(t *testing.T) {
		var chain logic.Assumptions
		for i := range logic.Atom(20_000) {
			chain.Imply(logic.Yes(i), logic.Yes(i+1))
		}
		if !chain.Implies(is(0), is(100)) {
			t.Error("a hundred assumptions are too many")
		}
		if chain.Implies(is(0), is(20_000)) {
			t.Error("all assumptions were taken up")
		}
	})
	t.Run("assumptions that lead elsewhere", func(t *testing.T) {
		var wide logic.Assumptions
		for i := range logic.Atom(20_000) {
			wide.Imply(logic.Yes(0), logic.Yes(1+i))
		}
		if !wide.Implies(is(0), is(20_000)) {
			t.Error("what is known of the formulas' own atoms is left out")
		}
	})
	t.Run("many that exclude each other", func(t *testing.T) {
		var names logic.Assumptions
		var all []logic.Literal
		for i := range logic.Atom(5000) {
			all = append(all, logic.Yes(i))
		}
		names.Exclude(all...)
		if !names.Contradiction(and(is(17), is(4711))) || !names.Implies(is(17), not(is(4711))) {
			t.Error("two of many are not told apart")
		}
		if names.Contradiction(and(is(17), not(is(4711)))) {
			t.Error("one of many is refused with another's opposite")
		}
	})
	t.Run("a rule of the largest size", func(t *testing.T) {
		var alternatives []logic.Formula
		for i := range logic.Atom(240) {
			alternatives = append(alternatives, and(is(2*i), not(is(2*i+1))))
		}
		if !known.Implies(or(alternatives...), or(append(alternatives, is(1000))...)) {
			t.Error("an alternative more is not seen")
		}
	})
}

// pigeons are one more than the holes, each in a hole, no two in one: a contradiction that takes long to see.
func pigeons(holes int) logic.Formula {
	in := func(pigeon, hole int) logic.Formula { return is(logic.Atom(pigeon*holes + hole)) }
	var all []logic.Formula
	for pigeon := range holes + 1 {
		var somewhere []logic.Formula
		for hole := range holes {
			somewhere = append(somewhere, in(pigeon, hole))
			for other := range pigeon {
				all = append(all, or(not(in(pigeon, hole)), not(in(other, hole))))
			}
		}
		all = append(all, or(somewhere...))
	}
	return and(all...)
}
