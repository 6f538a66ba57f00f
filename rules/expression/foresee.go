package expression

import (
	"github.com/expr-lang/expr/ast"
)

// Clues are what must be found in an event for the condition to be true or to fail. Where none is found, a [Finder] told
// so and the event is [Scope.Foreseeable], the condition is false, without being evaluated.
func (c *Condition) Clues() Clues { return c.outlook.yes.Or(c.outlook.fails) }

// foresight reads a typed tree, in which calls stand in the place of the names of conditions, for what must be found in
// an event. What it says holds for foreseeable events.
type foresight struct {
	*Language
	// roomy tells that the steps of the whole expression are too few to fail by.
	roomy bool
}

func (l *Language) foresee(root ast.Node) outlook {
	return foresight{l, l.stepsOf(root) <= maxSteps}.of(root)
}

func (f foresight) of(n ast.Node) outlook {
	switch n := n.(type) {
	case *ast.BoolNode:
		if n.Value {
			return outlook{yes: Anything()}
		}
		return outlook{no: Anything()}
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return f.of(n.Node).not()
		}
	case *ast.ConditionalNode:
		return f.of(n.Cond).choose(f.of(n.Exp1), f.of(n.Exp2))
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return f.of(n.Left).and(f.of(n.Right))
		case "or", "||":
			return f.of(n.Left).or(f.of(n.Right))
		}
	case *ast.CallNode:
		if c := conditionCalled(n); c != nil {
			return c.foreseen()
		}
	}
	return f.test(n)
}

// conditionCalled is the condition whose name stood in the place of a call; nil if it was none.
func conditionCalled(n *ast.CallNode) *named {
	if calleeOf(n) != workCondition {
		return nil
	}
	c, _ := n.Arguments[1].(*ast.ConstantNode).Value.(*named)
	return c
}

func (c *named) foreseen() outlook {
	if c.x == nil { // faulty
		return unforeseen()
	}
	return c.x.outlook
}

// test is the outlook of what joins no others.
func (f foresight) test(n ast.Node) outlook {
	o := unforeseen()
	if f.isSteady(n) {
		o.fails = Clues{}
	}
	switch n := n.(type) {
	case *ast.CallNode:
		o.yes = f.search(n)
	case *ast.BuiltinNode:
		if (n.Name == "hasPrefix" || n.Name == "hasSuffix") && len(n.Arguments) == 2 {
			o.yes = f.piece(n.Arguments[0], n.Arguments[1])
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "==":
			o.yes = f.equals(n.Left, n.Right)
		case "!=":
			o.no = f.equals(n.Left, n.Right)
		case "in":
			o.yes = f.among(n)
		case "contains", "startsWith", "endsWith":
			o.yes = f.piece(n.Left, n.Right)
		case "matches":
			o.yes = f.matching(n)
		}
	}
	return o
}

// search is what must be found for has, hasAll and like in the event's own text.
func (f foresight) search(n *ast.CallNode) Clues {
	if len(n.Arguments) < 2 || !isEventText(n.Arguments[0]) {
		return Anything()
	}
	switch calleeOf(n) {
	case "has":
		if _, list := f.listNamed(n.Arguments[1]); list != nil && len(n.Arguments) == 2 {
			return list.search().clues
		}
		if words, literal := f.words(n.Arguments[1:]); literal {
			return oneOf(TextHas, words)
		}
	case "like":
		if words, literal := f.words(n.Arguments[1:]); literal {
			return oneOf(TextLike, words)
		}
	case "hasAll":
		if words, literal := f.words(n.Arguments[1:]); literal && len(words) > 0 {
			return OneOf(Clue{TextHas, words[0]}) // any of them must be found
		}
	}
	return Anything()
}

// words are literal texts, also those of named lists; false if one is known only when it runs.
func (f foresight) words(nodes []ast.Node) (words []string, all bool) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.StringNode:
			words = append(words, n.Value)
		case *ast.ArrayNode:
			inner, ok := f.words(n.Nodes)
			if !ok {
				return nil, false
			}
			words = append(words, inner...)
		default:
			_, list := f.listNamed(n)
			if list == nil {
				return nil, false
			}
			words = append(words, list.entries...)
		}
	}
	return words, true
}

func oneOf(of Trait, words []string) Clues {
	if len(words) > maxClues {
		return Anything()
	}
	clues := make([]Clue, len(words))
	for i, w := range words {
		clues[i] = Clue{of, w}
	}
	return OneOf(clues...)
}

// piece is what must be found for a text in one form or another to hold a literal one.
func (f foresight) piece(in, literal ast.Node) Clues {
	of := traitOf(in)
	s, ok := literal.(*ast.StringNode)
	if of == "" || !ok || s.Value == "" {
		return Anything()
	}
	return OneOf(Clue{of, s.Value})
}

// equals is what must be found for a field to be a literal text.
func (f foresight) equals(left, right ast.Node) Clues {
	if _, ok := left.(*ast.StringNode); ok {
		left, right = right, left
	}
	if s, ok := right.(*ast.StringNode); ok && isExact(fieldName(left)) {
		return OneOf(Clue{Trait(fieldName(left)), s.Value})
	}
	return f.piece(left, right)
}

// among is what must be found for a field to be one of some literal texts, or for a list to hold one.
func (f foresight) among(n *ast.BinaryNode) Clues {
	if s, ok := n.Left.(*ast.StringNode); ok && isListed(fieldName(n.Right)) {
		return OneOf(Clue{Trait(fieldName(n.Right)), s.Value})
	}
	words, literal := f.words([]ast.Node{n.Right})
	if _, isText := n.Right.(*ast.StringNode); isText || !literal || len(words) > maxClues {
		return Anything()
	}
	of := traitOf(n.Left)
	if of == "" && isExact(fieldName(n.Left)) {
		of = Trait(fieldName(n.Left))
	}
	var clues []Clue
	for _, w := range words {
		if of == "" || w == "" && !isExact(string(of)) {
			return Anything()
		}
		clues = append(clues, Clue{of, w})
	}
	return OneOf(clues...)
}

// traitOf is the form of the event's text that a node is; empty if it is none. What trim takes away makes nothing stand
// in a text that doesn't stand there before.
func traitOf(n ast.Node) Trait {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if n.Value == "text" {
			return TextPiece
		}
	case *ast.BuiltinNode:
		if n.Name == "trim" && len(n.Arguments) > 0 {
			return traitOf(n.Arguments[0])
		}
		if len(n.Arguments) == 1 && isEventText(n.Arguments[0]) {
			switch n.Name {
			case "lower":
				return LowerPiece
			case "upper":
				return UpperPiece
			}
		}
	case *ast.CallNode:
		if calleeOf(n) == "fold" && len(n.Arguments) == 1 && isEventText(n.Arguments[0]) {
			return FoldedPiece
		}
	}
	return ""
}

func isEventText(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && id.Value == "text"
}
