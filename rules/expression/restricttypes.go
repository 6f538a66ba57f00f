package expression

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/text"
)

// restrictTypes looks at a tree whose types are known. What it refuses would run, but not do what it says, not end in
// time, or show something that nobody wants to read.
func (l *Language) restrictTypes(root ast.Node, use use) []Fault {
	r := restriction{Language: l, use: use}
	each(root, r.lookAtTypes)
	if use == condition && root.Type().Kind() != reflect.Bool {
		r.faults = append(r.faults, Fault{Offset: begin(root), Code: CodeType, Hint: hintForCondition(root),
			Message: "must be true or false, but this is " + kindWord(root.Type())})
	}
	if use == interpolation {
		r.lookAtShown(root)
	}
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return r.faults
}

func hintForCondition(root ast.Node) string {
	if isText(root) {
		return `compare it, as in ` + root.String() + ` != "", or look for words with has(text, "word")`
	}
	return ""
}

func (r *restriction) lookAtTypes(n ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryNode:
		r.lookAtComparison(n)
	case *ast.ArrayNode:
		for _, e := range n.Nodes {
			if !isPlain(e.Type()) {
				r.refuse(e, CodeType, "", "a list holds texts and numbers, but this is %s", kindWord(e.Type()))
			}
		}
	case *ast.BuiltinNode:
		if n.Name == "count" && len(n.Arguments) < 2 {
			r.refuse(n, CodeArguments, r.functions[n.Name].Signatures[0]+"; len(list) counts all", "count has too few arguments")
		}
		if n.Name == "map" {
			if out := n.Arguments[1].(*ast.PredicateNode).Node; !isPlain(out.Type()) {
				r.refuse(out, CodeType, "", "a list holds texts and numbers, but this is %s", kindWord(out.Type()))
			}
		}
	case *ast.SliceNode:
		if isText(n.Node) {
			r.refuse(n, CodeNotAllowed, "truncate(text, n) gives the first characters", "a text can't be cut by numbers: that would count bytes")
		}
	case *ast.MemberNode:
		r.lookAtElement(n)
	case *ast.CallNode:
		switch name := calleeOf(n); name {
		case "has", "hasAll", "like":
			r.lookAtWords(n, name)
		}
	}
}

func (r *restriction) lookAtComparison(n *ast.BinaryNode) {
	switch n.Operator {
	case "==", "!=":
		for _, side := range []ast.Node{n.Left, n.Right} {
			if t := side.Type(); !isPlain(t) && t.Kind() != reflect.Interface {
				r.refuse(side, CodeType, "look for an element with in, or use any(…)", "%s can't be compared with %s", kindWord(t), n.Operator)
			}
		}
	case "in":
		if n.Right.Type().Kind() == reflect.Struct {
			r.refuse(n.Right, CodeType, "", "in needs a list on its right, but this is %s", kindWord(n.Right.Type()))
		}
	}
}

func (r *restriction) lookAtElement(n *ast.MemberNode) {
	c, ok := n.Node.(*ast.CallNode)
	if !ok || calleeOf(c) != "capture" {
		return
	}
	group, named := n.Property.(*ast.StringNode)
	groups := r.mustPattern(c.Arguments[1].(*ast.StringNode).Value).groups()
	if named && !slices.Contains(groups, group.Value) {
		r.refuse(n, CodeUnknownName, "it has "+strings.Join(groups, ", "), "the pattern has no group %q", group.Value)
	}
}

// lookAtWords checks what has and hasAll look for: texts or lists of texts, none of them blank.
func (r *restriction) lookAtWords(n *ast.CallNode, name string) {
	if len(n.Arguments) < 2 {
		r.refuse(n, CodeArguments, r.functions[name].Signatures[0], "%s needs a word to look for", name)
		return
	}
	for _, a := range n.Arguments[1:] {
		switch kind := a.Type().Kind(); kind {
		case reflect.String, reflect.Slice, reflect.Interface:
		default:
			r.refuse(a, CodeArguments, r.functions[name].Signatures[0], "%s looks for texts, but this is %s", name, kindWord(a.Type()))
			continue
		}
		each(a, func(w ast.Node) {
			if s, ok := w.(*ast.StringNode); ok && text.Blank(s.Value) {
				r.refuse(w, CodeArguments, "", "an empty word stands in every text")
			}
		})
		if list, ok := a.(*ast.ArrayNode); ok {
			r.lookAtWordList(list, name)
		}
	}
}

func (r *restriction) lookAtWordList(list *ast.ArrayNode, name string) {
	if len(list.Nodes) == 0 {
		r.refuse(list, CodeArguments, "", "%s needs a word to look for", name)
	}
	for _, e := range list.Nodes {
		if isPlain(e.Type()) && !isText(e) {
			r.refuse(e, CodeArguments, "write it in quotes", "%s looks for texts, but this is %s", name, kindWord(e.Type()))
		}
	}
}

// lookAtShown wants a text or a number in an interpolation.
func (r *restriction) lookAtShown(n ast.Node) {
	if c, ok := n.(*ast.ConditionalNode); ok {
		r.lookAtShown(c.Exp1)
		r.lookAtShown(c.Exp2)
		return
	}
	t := n.Type()
	hint := ""
	switch t.Kind() {
	case reflect.String, reflect.Int, reflect.Float64:
		return
	case reflect.Int64:
		if t != reflect.TypeFor[time.Duration]() {
			return
		}
	case reflect.Bool:
		hint = `say what to show: condition ? "yes" : "no"`
	case reflect.Slice:
		hint = `join(list, ", ") makes a text of it`
	case reflect.Map:
		hint = "name one of them, as in capture(text, \"(?P<size>[a-z]+)\").size"
	case reflect.Interface:
		hint = "string(value) makes a text of it"
	case reflect.Struct:
		hint = r.hintForGroup(n, t)
	}
	r.faults = append(r.faults, Fault{Offset: begin(n), Code: CodeType, Hint: hint,
		Message: "only texts and numbers can be shown, but this is " + kindWord(t)})
}

func (r *restriction) hintForGroup(n ast.Node, t reflect.Type) string {
	if t == reflect.TypeFor[time.Time]() {
		return `time.Format("15:04") makes a text of it, in UTC`
	}
	if id, ok := n.(*ast.IdentifierNode); ok && len(r.names[id.Value]) > 0 {
		return "name one of its fields: " + strings.Join(r.names.all(id.Value), ", ")
	}
	return ""
}

// isPlain tells single values from lists and groups.
func isPlain(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.String, reflect.Bool, reflect.Int, reflect.Int64, reflect.Float64:
		return true
	}
	return t == reflect.TypeFor[time.Time]()
}

// kindWord says what a type is without naming Go's.
func kindWord(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "a time"
	case t == reflect.TypeFor[time.Duration]():
		return "a length of time"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "a list"
	case reflect.Map:
		return "a set of named values"
	case reflect.Struct:
		return "a group of fields"
	case reflect.Func:
		return "a function"
	default:
		return "of no clear type"
	}
}
