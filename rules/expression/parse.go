package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
)

// parse reads an expression into its tree.
//
// expr puts one node in two places where an author writes a thing once that counts twice: the x of 1 < x < 3, the a of
// a ?: b. Nested in each other, a few hundred of them make a tree that nobody can walk to its end, so such a node is
// counted at each of its places.
func (l *Language) parse(source string) (*parser.Tree, error) {
	// A fresh parser each time: expr's keeps its lexer's error when it is used again.
	tree, err := parser.ParseWithConfig(source, l.conf)
	if err != nil {
		return nil, err
	}
	if room := maxNodes; !fits(tree.Node, &room) {
		return nil, &file.Error{Message: "maximum allowed nodes"}
	}
	return tree, nil
}

// fits reports whether a tree has no more nodes than there is room for.
func fits(n ast.Node, room *int) bool {
	if *room--; *room < 0 {
		return false
	}
	for _, inner := range inside(n) {
		if !fits(inner, room) {
			return false
		}
	}
	return true
}

// inside are the nodes that a node is made of.
func inside(n ast.Node) []ast.Node {
	var nodes []ast.Node
	switch n := n.(type) {
	case *ast.UnaryNode:
		nodes = []ast.Node{n.Node}
	case *ast.BinaryNode:
		nodes = []ast.Node{n.Left, n.Right}
	case *ast.ChainNode:
		nodes = []ast.Node{n.Node}
	case *ast.MemberNode:
		nodes = []ast.Node{n.Node, n.Property}
	case *ast.SliceNode:
		nodes = []ast.Node{n.Node, n.From, n.To}
	case *ast.CallNode:
		nodes = append([]ast.Node{n.Callee}, n.Arguments...)
	case *ast.BuiltinNode:
		nodes = slices.Clone(n.Arguments)
	case *ast.PredicateNode:
		nodes = []ast.Node{n.Node}
	case *ast.ConditionalNode:
		nodes = []ast.Node{n.Cond, n.Exp1, n.Exp2}
	case *ast.ArrayNode:
		nodes = slices.Clone(n.Nodes)
	case *ast.MapNode:
		nodes = slices.Clone(n.Pairs)
	case *ast.PairNode:
		nodes = []ast.Node{n.Key, n.Value}
	case *ast.SequenceNode:
		nodes = slices.Clone(n.Nodes)
	case *ast.VariableDeclaratorNode:
		nodes = []ast.Node{n.Value, n.Expr}
	}
	return slices.DeleteFunc(nodes, func(n ast.Node) bool { return n == nil })
}
