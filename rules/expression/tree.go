package expression

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// Tree is the logical form of a condition, for those who reason about it: and, or, not and choices over tests. It says
// of a test what is known of it by its form. It is immutable.
type Tree struct {
	Op Op
	Of []*Tree // what the operator joins; of If the condition and its two branches, of Named the condition's own tree
	// Test is what a Leaf tests.
	Test Test
	// Name is that of the condition, of Named.
	Name string
	// Offset is where it begins in the text that it stands in, in characters.
	Offset int
}

// Op is how a tree is made of others.
type Op int

// The operators.
const (
	Leaf Op = iota
	And
	Or
	Not
	If
	Named // a condition's name stands here
	True
	False
)

// Reader reads conditions and replies that are known to be good into what they test. It belongs to one goroutine.
type Reader struct {
	language *Language
	named    map[string]*Tree
}

// Reader makes a reader for the language's texts.
func (l *Language) Reader() *Reader { return &Reader{language: l, named: map[string]*Tree{}} }

// Tree reads a condition; nil if it can't be read. The same tree stands wherever a condition's name does.
func (r *Reader) Tree(source string) *Tree {
	root, err := r.language.parse(source)
	if err != nil {
		return nil
	}
	return r.tree(root.Node)
}

func (r *Reader) tree(n ast.Node) *Tree {
	t := r.form(n)
	t.Offset = begin(n)
	return t
}

func (r *Reader) form(n ast.Node) *Tree {
	switch n := n.(type) {
	case *ast.BoolNode:
		return constantTree(n.Value)
	case *ast.UnaryNode:
		if n.Operator == "not" || n.Operator == "!" {
			return not(r.tree(n.Node))
		}
	case *ast.ConditionalNode:
		return &Tree{Op: If, Of: []*Tree{r.tree(n.Cond), r.tree(n.Exp1), r.tree(n.Exp2)}}
	case *ast.IdentifierNode:
		if c := r.language.conditions[n.Value]; c != nil {
			return r.condition(c)
		}
	case *ast.BinaryNode:
		return r.binary(n)
	}
	return r.leaf(n)
}

func (r *Reader) leaf(n ast.Node) *Tree {
	return &Tree{Op: Leaf, Test: r.test(n, "")}
}

func constantTree(value bool) *Tree {
	if value {
		return &Tree{Op: True}
	}
	return &Tree{Op: False}
}

func not(t *Tree) *Tree { return &Tree{Op: Not, Of: []*Tree{t}, Offset: t.Offset} }

// condition is the tree of a named condition, which is read once. Conditions don't go in circles: they are good.
func (r *Reader) condition(c *named) *Tree {
	known, ok := r.named[c.name]
	if !ok {
		if known = r.Tree(c.source); known == nil {
			known = &Tree{Op: Leaf, Test: Test{Key: "condition " + c.name}}
		}
		r.named[c.name] = known
	}
	return &Tree{Op: Named, Name: c.name, Of: []*Tree{known}}
}

func (r *Reader) binary(n *ast.BinaryNode) *Tree {
	switch chainOf(n) {
	case chainAnd, chainCompared:
		return &Tree{Op: And, Of: r.linked(n)}
	case chainOr:
		return &Tree{Op: Or, Of: r.linked(n)}
	}
	if t := r.truth(n); t != nil {
		return t
	}
	if subject, operator, number, ok := counted(n); ok {
		return r.number(n, subject, operator, number)
	}
	if n.Operator == "!=" {
		equal := *n
		equal.Operator = "=="
		return not(r.leaf(&equal))
	}
	return r.leaf(n)
}

// linked are the members of a chain.
func (r *Reader) linked(n ast.Node) []*Tree {
	var of []*Tree
	for _, link := range links(n, chainOf(n)) {
		of = append(of, r.tree(link))
	}
	return of
}

// truth reads a comparison with true or false, which is what is compared or its opposite; nil if it is none.
func (r *Reader) truth(n *ast.BinaryNode) *Tree {
	if n.Operator != "==" && n.Operator != "!=" {
		return nil
	}
	other, literal := n.Left, n.Right
	if _, ok := literal.(*ast.BoolNode); !ok {
		other, literal = literal, other
	}
	b, ok := literal.(*ast.BoolNode)
	if !ok {
		return nil
	}
	t := r.tree(other)
	if b.Value != (n.Operator == "==") {
		t = not(t)
	}
	return t
}

// number reads a comparison of a whole number with a literal one: all of them come down to being at most some number.
func (r *Reader) number(n *ast.BinaryNode, subject ast.Node, operator string, number int) *Tree {
	atMost := func(number int) *Tree {
		s := r.subject(subject, "")
		return &Tree{Op: Leaf, Offset: begin(n), Test: Test{Verb: AtMost, Key: fmt.Sprintf("%s <= %d", s.Key, number),
			Subject: s, Number: number, Offset: begin(n)}}
	}
	switch operator {
	case "<":
		return atMost(number - 1)
	case "<=":
		return atMost(number)
	case ">":
		return not(atMost(number))
	case ">=":
		return not(atMost(number - 1))
	}
	equal := &Tree{Op: And, Of: []*Tree{atMost(number), not(atMost(number - 1))}, Offset: begin(n)}
	if operator == "!=" {
		return not(equal)
	}
	return equal
}

// counted takes apart a comparison of a whole number with a literal one, turned so that the literal stands right.
func counted(n *ast.BinaryNode) (subject ast.Node, operator string, number int, ok bool) {
	mirrored, known := map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}[n.Operator]
	if !known {
		return nil, "", 0, false
	}
	if number, ok := wholeNumber(n.Right); ok && isCount(n.Left) {
		return n.Left, n.Operator, number, true
	}
	if number, ok := wholeNumber(n.Left); ok && isCount(n.Right) {
		return n.Right, mirrored, number, true
	}
	return nil, "", 0, false
}

// wholeNumber reads a literal that is not at the edge of what a number can be.
func wholeNumber(n ast.Node) (int, bool) {
	const most = 1 << 30
	sign := 1
	if u, ok := n.(*ast.UnaryNode); ok && u.Operator == "-" {
		sign, n = -1, u.Node
	}
	i, ok := n.(*ast.IntegerNode)
	if !ok || i.Value < -most || i.Value > most {
		return 0, false
	}
	return sign * i.Value, true
}

// isCount tells what is surely a whole number.
func isCount(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BuiltinNode:
		return n.Name == "len" || n.Name == "count"
	case *ast.MemberNode:
		name := fieldName(n)
		return strings.HasPrefix(name, "history.") || name == "comment.like_count" ||
			strings.HasPrefix(name, "story.") && name != "story.known"
	}
	return false
}

// fieldName is the full name of the event's field that a node is; empty if it is none.
func fieldName(n ast.Node) string {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		return n.Value
	case *ast.ChainNode:
		return fieldName(n.Node)
	case *ast.MemberNode:
		base, isName := n.Node.(*ast.IdentifierNode)
		field, isField := n.Property.(*ast.StringNode)
		if isName && isField && !n.Method {
			return base.Value + "." + field.Value
		}
	}
	return ""
}

// keyOf is a text that two nodes share only if they come to the same value in the same event: their form, in full.
func keyOf(n ast.Node) string {
	var b strings.Builder
	writeKey(&b, n)
	return b.String()
}

func writeKey(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		b.WriteString(n.Value)
		return
	case *ast.StringNode:
		fmt.Fprintf(b, "%q", n.Value)
		return
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		fmt.Fprintf(b, "%s", n)
		return
	case *ast.PointerNode:
		b.WriteString("#" + n.Name)
		return
	case *ast.UnaryNode:
		b.WriteString(n.Operator)
	case *ast.BinaryNode:
		b.WriteString(n.Operator)
	case *ast.BuiltinNode:
		b.WriteString(n.Name)
	case *ast.SliceNode:
		fmt.Fprintf(b, "slice %t %t", n.From != nil, n.To != nil)
	case *ast.MemberNode:
		fmt.Fprintf(b, ". %t", n.Optional)
	case *ast.CallNode, *ast.ConditionalNode, *ast.PredicateNode, *ast.ArrayNode, *ast.ChainNode:
		fmt.Fprintf(b, "%T", n)
	default:
		fmt.Fprintf(b, "%p", n) // of nothing else it is known what its form is
	}
	b.WriteByte('(')
	for _, inner := range inside(n) {
		writeKey(b, inner)
		b.WriteByte(';')
	}
	b.WriteByte(')')
}
