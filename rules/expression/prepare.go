package expression

import (
	"reflect"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/text"
)

// bound replaces what was written by workers: words and patterns are prepared once, every turn of a loop is counted,
// and what could build or search without end does it within the scope's bounds.
func bound(root *ast.Node) { ast.Walk(root, bounding{}) }

type bounding struct{}

func (bounding) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.PredicateNode:
		turn := call(n, workTurn, theScope())
		body := &ast.SequenceNode{Nodes: []ast.Node{turn, n.Node}}
		body.SetLocation(n.Location())
		n.Node = body
	case *ast.BinaryNode:
		boundOperator(node, n)
	case *ast.CallNode:
		boundCall(node, n)
	case *ast.BuiltinNode:
		fillIn(node, n)
	}
}

// fillIn keeps the promise that a missing value is empty: expr's functions give nil where there is no element.
func fillIn(node *ast.Node, n *ast.BuiltinNode) {
	switch n.Name {
	case "find", "first", "last":
		switch elementOf(n) {
		case reflect.String:
			*node = call(n, workText, n)
		case reflect.Int:
			*node = call(n, workNumber, n)
		}
	}
}

// elementOf is the kind of the elements of the list that a function takes.
func elementOf(n *ast.BuiltinNode) reflect.Kind {
	list := n.Arguments[0]
	if ref := list.Nature().Ref; ref != nil && ref.Type != nil {
		return ref.Kind
	}
	if t := list.Type(); t.Kind() == reflect.Slice {
		return t.Elem().Kind()
	}
	return reflect.Invalid
}

func boundOperator(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "matches":
		*node = call(n, workMatches, theScope(), n.Left, constant(mustPattern(n.Right.(*ast.StringNode).Value)))
	case "in":
		// Literal lists are left to expr, which makes sets of them.
		if isText(n.Left) && n.Right.Type() == reflect.TypeFor[[]string]() {
			*node = call(n, workIn, theScope(), n.Left, n.Right)
		}
	case "+":
		switch left, right := n.Left.Type().Kind(), n.Right.Type().Kind(); {
		case left == reflect.String && right == reflect.String:
			*node = call(n, workAppend, n.Left, n.Right)
		case left == reflect.Interface || right == reflect.Interface:
			*node = call(n, workAdd, n.Left, n.Right)
		}
	}
}

func boundCall(node *ast.Node, n *ast.CallNode) {
	switch calleeOf(n) {
	case "has":
		*node = search(n, workTextHas, workHas, workHasAny)
	case "hasAll":
		*node = search(n, workTextHasAll, workHasAll, workHasEvery)
	case "capture":
		*node = call(n, workCapture, theScope(), n.Arguments[0], constant(mustPattern(n.Arguments[1].(*ast.StringNode).Value)))
	case "split":
		*node = call(n, workSplit, theScope(), n.Arguments[0], n.Arguments[1])
	}
}

// search chooses the cheapest way to look for words: literal ones in the event's own text, literal ones in another
// text, and words that are known only when it runs.
func search(n *ast.CallNode, own, other, dynamic string) ast.Node {
	in := n.Arguments[0]
	words, literal := literals(n.Arguments[1:])
	if !literal {
		return call(n, dynamic, append([]ast.Node{theScope(), in}, n.Arguments[1:]...)...)
	}
	matcher := constant(text.NewMatcher(words...))
	if id, ok := in.(*ast.IdentifierNode); ok && id.Value == "text" {
		return call(n, own, theScope(), matcher)
	}
	return call(n, other, theScope(), in, matcher)
}

func literals(args []ast.Node) (words []string, all bool) {
	for _, a := range args {
		switch a := a.(type) {
		case *ast.StringNode:
			words = append(words, a.Value)
		case *ast.ArrayNode:
			inner, ok := literals(a.Nodes)
			if !ok {
				return nil, false
			}
			words = append(words, inner...)
		default:
			return nil, false
		}
	}
	return words, true
}
