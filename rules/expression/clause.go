package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
)

// NearMiss is the one clause that kept a rule from matching, where it has several and all others spoke for it: the
// clause as it is written, after "unless: " if it is one of those. It is empty if there is no such clause.
//
// The clauses are the members of the outermost chain of and in `when`, and those of the chain of or in `unless`, none
// of which may hold. Brackets, not, and the names of conditions are looked through where such a chain is in them:
// not (a or b) has the clauses not a and not b. A clause that the evaluation left out is evaluated for this; if that
// fails, nothing is known. Either source may be empty.
func (t *Tracer) NearMiss(when, unless string) string {
	s := splitting{opened: map[string]bool{}}
	clauses := slices.Concat(s.clauses(t, when, true), s.clauses(t, unless, false))
	if s.unclear || len(clauses) < 2 {
		return ""
	}
	var against []clause
	for _, c := range clauses {
		v := t.value(c.source)
		if v.err != nil {
			return ""
		}
		if v.value != c.wanted && !slices.Contains(against, c) {
			against = append(against, c)
		}
	}
	if len(against) != 1 {
		return ""
	}
	return against[0].shown()
}

// clause is one of the things that must all be as they are wanted for a rule to match.
type clause struct {
	source     string
	wanted     bool
	ofWhen     bool
	compounded bool // it needs brackets after a not
}

func (c clause) shown() string {
	shown := c.source
	if c.wanted != c.ofWhen {
		if c.compounded {
			shown = "(" + shown + ")"
		}
		shown = "not " + shown
	}
	if !c.ofWhen {
		shown = "unless: " + shown
	}
	return shown
}

// splitting takes a rule's conditions apart.
type splitting struct {
	ofWhen  bool
	opened  map[string]bool // the named conditions that were looked into: once is enough
	unclear bool            // the text of a clause can't be told
}

// clauses are those of one of the rule's two conditions; none if it has no such one.
func (s *splitting) clauses(t *Tracer, source string, ofWhen bool) []clause {
	if source == "" {
		return nil
	}
	x, err := t.read(source)
	if err != nil {
		s.unclear = true
		return nil
	}
	s.ofWhen = ofWhen
	return s.split(x, x.tree, ofWhen)
}

// split gives the clauses of a node that is wanted to be true or false.
func (s *splitting) split(x *traced, n ast.Node, wanted bool) []clause {
	var inner []clause
	if c := chainOf(n); c == chainAnd && wanted || c == chainOr && !wanted {
		for _, link := range links(n, c) {
			inner = append(inner, s.split(x, link, wanted)...)
		}
	} else if not, ok := n.(*ast.UnaryNode); ok {
		inner = s.split(x, not.Node, !wanted)
	} else if name := x.conditionIn(n); name != "" && !s.opened[name] {
		s.opened[name] = true
		if named, err := x.read(x.language.conditionSource(name)); err == nil {
			inner = s.split(named, named.tree, wanted)
		}
	}
	if len(inner) > 1 {
		return inner
	}
	source, ok := x.sourceOf(n)
	if !ok {
		s.unclear = true
	}
	return []clause{{source: source, wanted: wanted, ofWhen: s.ofWhen, compounded: len(inside(n)) > 1 && !isCall(n)}}
}

func isCall(n ast.Node) bool {
	switch n.(type) {
	case *ast.CallNode, *ast.BuiltinNode, *ast.MemberNode:
		return true
	}
	return false
}
