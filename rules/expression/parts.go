package expression

import (
	"github.com/expr-lang/expr/ast"
)

// parts are the traces of what a node is made of, in the order of evaluation; none where the text of one can't be told.
func (x *traced) parts(n ast.Node) []Trace {
	if c, ok := n.(*ast.ConditionalNode); ok {
		return x.branches(c)
	}
	var parts []Trace
	reached := true
	for _, operand := range operandsOf(n) {
		part, v, ok := x.part(operand, reached)
		if !ok {
			return nil
		}
		parts = append(parts, part...)
		reached = reached && v.err == nil && !decides(n, v.value)
	}
	return parts
}

// branches are the parts of a choice: what it depends on, and two others of which one is evaluated at most.
func (x *traced) branches(c *ast.ConditionalNode) []Trace {
	parts, v, ok := x.part(c.Cond, true)
	if !ok {
		return nil
	}
	yes, _, ok := x.part(c.Exp1, v.value == true)
	if !ok {
		return nil
	}
	no, _, ok := x.part(c.Exp2, v.value == false)
	if !ok {
		return nil
	}
	return append(append(parts, yes...), no...)
}

// part is the trace of one operand, none if it is a literal, and its value if it was reached.
func (x *traced) part(n ast.Node, reached bool) (trace []Trace, v evaluated, ok bool) {
	source, ok := x.sourceOf(n)
	if !ok {
		return nil, evaluated{}, false
	}
	if reached {
		v = x.value(source)
	}
	switch {
	case isLiteral(n):
		return nil, v, true
	case reached:
		return []Trace{x.trace(n, source, source)}, v, true
	default:
		return []Trace{x.skipped(n, source)}, v, true
	}
}

// sourceOf is the text of a part, which is read again to make sure that it means the same.
func (x *traced) sourceOf(n ast.Node) (string, bool) {
	meant := n.String()
	for _, source := range []string{x.text(x.of(n)), meant} {
		if tree, err := x.language.parse(source); err == nil && tree.Node.String() == meant {
			return source, true
		}
	}
	return "", false
}

// operandsOf are the nodes whose values a node's own is made of, those of a chain of and, or of or, side by side.
func operandsOf(n ast.Node) []ast.Node {
	switch n := n.(type) {
	case *ast.UnaryNode:
		if inner, ok := n.Node.(*ast.BinaryNode); ok && inner.Location() == n.Location() {
			return operandsOf(inner) // one operator of two words, as in "x not in y"
		}
		return []ast.Node{n.Node}
	case *ast.BinaryNode:
		if c := chainOf(n); c != chainNone {
			return append(links(n.Left, c), links(n.Right, c)...)
		}
		return []ast.Node{n.Left, n.Right}
	case *ast.ChainNode:
		return operandsOf(n.Node)
	case *ast.MemberNode:
		return operandsOfMember(n)
	case *ast.CallNode:
		if method, ok := n.Callee.(*ast.MemberNode); ok {
			return append(operandsOfMember(method), n.Arguments...)
		}
		return n.Arguments
	case *ast.BuiltinNode:
		return withoutPredicates(n.Arguments)
	case *ast.SliceNode, *ast.ArrayNode:
		return inside(n)
	}
	return nil
}

// operandsOfMember are none for a field's name, as in from.username.
func operandsOfMember(n *ast.MemberNode) []ast.Node {
	_, base := n.Node.(*ast.IdentifierNode)
	_, field := n.Property.(*ast.StringNode)
	if base && field && !n.Method {
		return nil
	}
	if field {
		return []ast.Node{n.Node}
	}
	return []ast.Node{n.Node, n.Property}
}

func withoutPredicates(arguments []ast.Node) []ast.Node {
	var operands []ast.Node
	for _, a := range arguments {
		if _, ok := a.(*ast.PredicateNode); !ok {
			operands = append(operands, a)
		}
	}
	return operands
}

// chain is what holds the members of a node together, of which each has its say until one decides.
type chain int

const (
	chainNone chain = iota
	chainAnd
	chainOr
	chainCompared // 1 < x < 3, which expr reads as 1 < x && x < 3
)

func chainOf(n ast.Node) chain {
	b, ok := n.(*ast.BinaryNode)
	if !ok {
		return chainNone
	}
	switch b.Operator {
	case "and", "&&":
		if b.Location() == b.Right.Location() {
			return chainCompared
		}
		return chainAnd
	case "or", "||":
		return chainOr
	}
	return chainNone
}

// links are the members of a chain, of which the node may be a part.
func links(n ast.Node, c chain) []ast.Node {
	if b, ok := n.(*ast.BinaryNode); ok && chainOf(n) == c {
		return append(links(b.Left, c), links(b.Right, c)...)
	}
	return []ast.Node{n}
}

// decides reports whether an operand's value leaves the rest of its chain without a say.
func decides(n ast.Node, value any) bool {
	switch chainOf(n) {
	case chainAnd, chainCompared:
		return value == false
	case chainOr:
		return value == true
	}
	return false
}

func isLiteral(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return true
	case *ast.UnaryNode:
		return isLiteral(n.Node)
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			if !isLiteral(e) {
				return false
			}
		}
		return true
	}
	return false
}
