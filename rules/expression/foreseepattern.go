package expression

import (
	"regexp/syntax"
	"unicode"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// matching is what must be found for a regular expression to match: the pieces of plain text that every match has.
func (f foresight) matching(n *ast.BinaryNode) Clues {
	of := traitOf(n.Left)
	literal, ok := n.Right.(*ast.StringNode)
	if of == "" || !ok {
		return Anything()
	}
	tree, err := syntax.Parse(literal.Value, syntax.Perl)
	if err != nil {
		return Anything()
	}
	return piecesOf(tree.Simplify(), of)
}

func piecesOf(p *syntax.Regexp, of Trait) Clues {
	switch p.Op {
	case syntax.OpNoMatch:
		return Clues{}
	case syntax.OpLiteral:
		return pieceOf(p, of)
	case syntax.OpCapture, syntax.OpPlus:
		return piecesOf(p.Sub[0], of)
	case syntax.OpRepeat:
		if p.Min > 0 {
			return piecesOf(p.Sub[0], of)
		}
	case syntax.OpConcat:
		rarest := Anything()
		for _, part := range p.Sub {
			rarest = rarest.And(piecesOf(part, of))
		}
		return rarest
	case syntax.OpAlternate:
		var any Clues
		for _, branch := range p.Sub {
			any = any.Or(piecesOf(branch, of))
		}
		return any
	}
	return Anything()
}

// pieceOf is the longest run of a literal that stands in the text just so, or in its lower case if case doesn't matter.
func pieceOf(p *syntax.Regexp, of Trait) Clues {
	certain := func(r rune) (rune, bool) { return r, true }
	if p.Flags&syntax.FoldCase != 0 {
		if of != TextPiece {
			return Anything()
		}
		of, certain = LowerPiece, lowered
	}
	var longest, run []rune
	for _, r := range p.Rune {
		r, ok := certain(r)
		if !ok || r == utf8.RuneError { // which also stands for bytes that are no character
			run = nil
			continue
		}
		if run = append(run, r); len(run) > len(longest) {
			longest = run
		}
	}
	if len(longest) == 0 {
		return Anything()
	}
	return OneOf(Clue{of, string(longest)})
}

// lowered is the lower case that all forms of a letter have in common; false if they have none, as s and ſ.
func lowered(r rune) (rune, bool) {
	low := unicode.ToLower(r)
	for form := unicode.SimpleFold(r); form != r; form = unicode.SimpleFold(form) {
		if unicode.ToLower(form) != low {
			return 0, false
		}
	}
	return low, true
}
