package expression

import (
	"reflect"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/text"
)

// bound replaces what was written by workers: words and patterns are prepared once, every turn of a loop is counted,
// and what could build or search without end does it within the scope's bounds.
func (l *Language) bound(root *ast.Node) { ast.Walk(root, bounding{l, map[ast.Node]*namedList{}}) }

type bounding struct {
	*Language
	listed map[ast.Node]*namedList // constants that are lists with a name
}

func (b bounding) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.MemberNode:
		if _, named := b.listNamed(n); named != nil {
			*node = constant(named.entries)
			(*node).SetLocation(n.Location())
			(*node).SetNature(*n.Nature())
			b.listed[*node] = named
		}
	case *ast.PredicateNode:
		turn := call(n, workTurn, theScope())
		body := &ast.SequenceNode{Nodes: []ast.Node{turn, n.Node}}
		body.SetLocation(n.Location())
		n.Node = body
	case *ast.BinaryNode:
		b.operator(node, n)
	case *ast.CallNode:
		b.call(node, n)
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

func (b bounding) operator(node *ast.Node, n *ast.BinaryNode) {
	switch n.Operator {
	case "matches":
		*node = call(n, workMatches, theScope(), n.Left, constant(b.mustPattern(n.Right.(*ast.StringNode).Value)))
	case "in":
		if named := b.listed[n.Right]; named != nil && isText(n.Left) {
			*node = call(n, workInSet, n.Left, constant(named.set))
			return
		}
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

func (b bounding) call(node *ast.Node, n *ast.CallNode) {
	switch calleeOf(n) {
	case "has":
		*node = b.search(n, workTextHas, workHas, workHasAny)
	case "hasAll":
		*node = b.search(n, workTextHasAll, workHasAll, workHasEvery)
	case "capture":
		*node = call(n, workCapture, theScope(), n.Arguments[0], constant(b.mustPattern(n.Arguments[1].(*ast.StringNode).Value)))
	case "like":
		if word, ok := n.Arguments[1].(*ast.StringNode); ok {
			*node = call(n, workLike, theScope(), n.Arguments[0], constant(text.NewSpelling(word.Value)))
			return
		}
		*node = call(n, workLikeAny, theScope(), n.Arguments[0], n.Arguments[1])
	case "plural":
		*node = choice(n)
	case "split":
		*node = call(n, workSplit, theScope(), n.Arguments[0], n.Arguments[1])
	}
}

// search chooses the cheapest way to look for words: literal ones in the event's own text, literal ones in another
// text, and words that are known only when it runs.
func (b bounding) search(n *ast.CallNode, own, other, dynamic string) ast.Node {
	in := n.Arguments[0]
	words, literal := b.literals(n.Arguments[1:])
	if !literal {
		return call(n, dynamic, append([]ast.Node{theScope(), in}, n.Arguments[1:]...)...)
	}
	matcher := constant(b.matcher(n.Arguments[1:], words))
	if id, ok := in.(*ast.IdentifierNode); ok && id.Value == "text" {
		return call(n, own, theScope(), matcher)
	}
	return call(n, other, theScope(), in, matcher)
}

// matcher looks for words. One for a whole list is shared by all that look for it.
func (b bounding) matcher(args []ast.Node, words []string) *text.Matcher {
	if named := b.listed[args[0]]; named != nil && len(args) == 1 {
		return named.search().matcher
	}
	return text.NewMatcher(words...)
}

// choice is what plural stands for.
func choice(n *ast.CallNode) *ast.ConditionalNode {
	one := &ast.BinaryNode{Operator: "==", Left: n.Arguments[0], Right: &ast.IntegerNode{Value: 1}}
	made := &ast.ConditionalNode{Cond: one, Exp1: n.Arguments[1], Exp2: n.Arguments[2]}
	one.SetLocation(n.Location())
	made.SetLocation(n.Location())
	made.SetNature(*n.Nature())
	return made
}

func (b bounding) literals(args []ast.Node) (words []string, all bool) {
	for _, a := range args {
		switch a := a.(type) {
		case *ast.StringNode:
			words = append(words, a.Value)
		case *ast.ArrayNode:
			inner, ok := b.literals(a.Nodes)
			if !ok {
				return nil, false
			}
			words = append(words, inner...)
		case *ast.ConstantNode:
			named := b.listed[a]
			if named == nil {
				return nil, false
			}
			words = append(words, named.entries...)
		default:
			return nil, false
		}
	}
	return words, true
}
