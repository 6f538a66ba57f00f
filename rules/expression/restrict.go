package expression

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// restrict looks at an expression as it was written and refuses what the rule language doesn't have: unknown names,
// functions that are not pure or not bounded, variables, patterns that are not known at load.
func (l *Language) restrict(root ast.Node, use use) []Fault {
	r := restriction{Language: l, use: use, callees: map[ast.Node]bool{}, shown: map[ast.Node]bool{}, variables: map[string]bool{}}
	r.markPlaces(root)
	each(root, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallNode:
			r.callees[n.Callee] = true
		case *ast.MemberNode:
			if id, ok := n.Node.(*ast.IdentifierNode); ok && id.Value == listsName {
				r.bases = append(r.bases, id)
			}
		case *ast.VariableDeclaratorNode:
			r.variables[n.Name] = true
		}
	})
	each(root, r.look)
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return a.Offset - b.Offset })
	return r.faults
}

type restriction struct {
	*Language
	use       use
	callees   map[ast.Node]bool     // nodes that stand before an opening parenthesis
	bases     []*ast.IdentifierNode // the name lists where it stands before a list's name
	shown     map[ast.Node]bool     // nodes whose value is shown as it is: where raw and optional may stand
	variables map[string]bool       // names of variables, which are refused once, where they are made
	faults    []Fault
}

// begin is where a node's text begins: its own place may be an operator's or a field's in the middle.
func begin(n ast.Node) int {
	first := n.Location().From
	each(n, func(inner ast.Node) { first = min(first, inner.Location().From) })
	return first
}

// What is said of nil, and what is written in place of ??.
const (
	neverNil     = "nothing is ever nil here: a missing value is empty"
	insteadOfNil = "write default(text, other)"
)

func (r *restriction) refuse(at ast.Node, code, hint, message string, args ...any) {
	r.faults = append(r.faults, Fault{Offset: at.Location().From, Code: code, Message: fmt.Sprintf(message, args...), Hint: hint})
}

// markPlaces marks the nodes whose value is what an interpolation shows: the root, the branches of a choice, the
// sides of a +, what default and optional hand on.
func (r *restriction) markPlaces(n ast.Node) {
	r.shown[n] = true
	switch n := n.(type) {
	case *ast.ConditionalNode:
		r.markPlaces(n.Exp1)
		r.markPlaces(n.Exp2)
	case *ast.BinaryNode:
		if n.Operator == "+" {
			r.markPlaces(n.Left)
			r.markPlaces(n.Right)
		}
	case *ast.CallNode:
		switch calleeOf(n) {
		case "default", "optional":
			for _, a := range n.Arguments {
				r.markPlaces(a)
			}
		case "plural":
			for i := 1; i < len(n.Arguments); i++ {
				r.markPlaces(n.Arguments[i])
			}
		}
	}
}

func (r *restriction) look(n ast.Node) {
	switch n := n.(type) {
	case *ast.IdentifierNode:
		if !r.callees[n] {
			r.lookAtName(n)
		}
	case *ast.MemberNode:
		r.lookAtMember(n)
	case *ast.CallNode:
		r.lookAtCall(n)
	case *ast.BuiltinNode:
		if _, ok := r.functions[n.Name]; !ok {
			r.unknownFunction(n, n.Name)
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "matches":
			r.lookAtPattern(n.Right, "matches")
		case "??":
			r.refuse(n, CodeNotAllowed, insteadOfNil, neverNil)
		}
	case *ast.VariableDeclaratorNode, *ast.SequenceNode:
		r.refuse(n, CodeNotAllowed, "", "variables and several expressions are not part of the rule language")
	case *ast.MapNode, *ast.BytesNode:
		r.refuse(n, CodeNotAllowed, "", "values in braces and byte strings are not part of the rule language")
	case *ast.NilNode:
		r.refuse(n, CodeNotAllowed, `compare with "", 0 or false`, neverNil)
	}
}

func (r *restriction) lookAtName(n *ast.IdentifierNode) {
	if _, ok := r.names[n.Value]; ok || r.variables[n.Value] || r.conditions[n.Value] != nil {
		return
	}
	if n.Value == listsName {
		if !slices.Contains(r.bases, n) {
			r.refuse(n, CodeUnknownName, r.hintForLists(), "lists alone is no list")
		}
		return
	}
	if word := strings.ToLower(n.Value); word == "true" || word == "false" {
		r.refuse(n, CodeUnknownName, "write "+word, "unknown name %s", n.Value)
		return
	}
	hint := didYouMean(n.Value, slices.DeleteFunc(slices.Concat(r.names.top(), r.conditionNames(), []string{listsName}), func(name string) bool {
		// A slip seldom hits the first letter; what differs there is rather a text without its quotes.
		return !strings.EqualFold(name[:1], n.Value[:1])
	}))
	if full := r.names.fieldNamed(n.Value); hint == "" && full != "" {
		hint = "did you mean " + full + "?"
	}
	if f, ok := r.functions[n.Value]; ok {
		r.refuse(n, CodeUnknownName, "write "+f.Signatures[0], "%s is a function and needs its arguments", n.Value)
		return
	}
	if hint == "" {
		hint = `texts stand in quotes, as in has(text, "word"); the names are ` + strings.Join(r.names.top(), ", ")
	}
	r.refuse(n, CodeUnknownName, hint, "unknown name %s", n.Value)
}

// fieldNamed is the full name of the first field under any name that is called so. Whose isn't said is rather the
// author's of the comment than one's own account's.
func (n names) fieldNamed(field string) string {
	for _, name := range append([]string{"from"}, n.top()...) {
		if slices.Contains(n[name], field) {
			return name + "." + field
		}
	}
	return ""
}

func (r *restriction) lookAtMember(n *ast.MemberNode) {
	base, ok := n.Node.(*ast.IdentifierNode)
	if !ok || base.Value == environment {
		return
	}
	if base.Value == listsName {
		r.lookAtList(n)
		return
	}
	fields, ok := r.names[base.Value]
	if !ok {
		return
	}
	field, named := n.Property.(*ast.StringNode)
	switch {
	case base.Value == "time":
		if !r.callees[n] || !named || !slices.Contains(timeMethods(), field.Value) {
			r.refuse(n, CodeNotAllowed, "it knows "+strings.Join(timeMethods(), "(), ")+"()", "time has no %s here", what(field))
		}
	case r.callees[n]:
		r.refuse(n, CodeNotAllowed, functionsFirst, "%s has no functions", base.Value)
	case len(fields) == 0:
		// A list's element; what is none is told by the types.
	case !named:
		r.refuse(n, CodeNotAllowed, base.Value+"."+fields[0]+" names a field", "a field of %s must be named", base.Value)
	case !slices.Contains(fields, field.Value):
		hint := didYouMean(field.Value, fields)
		if hint == "" {
			hint = "it has " + strings.Join(fields, ", ")
		}
		r.refuse(n, CodeUnknownName, hint, "%s has no field %q", base.Value, field.Value)
	}
}

func what(field *ast.StringNode) string {
	if field == nil {
		return "elements"
	}
	return field.Value
}

// timeMethods are those of a time that depend on nothing but it and give numbers or text. Weekday and month are left
// to Format, since expr would find Go's own types for them unequal to any number.
func timeMethods() []string {
	return []string{"Year", "YearDay", "Day", "Hour", "Minute", "Second", "Unix", "Format"}
}

func (r *restriction) lookAtCall(n *ast.CallNode) {
	name := calleeOf(n)
	if name == "" {
		if _, ok := n.Callee.(*ast.MemberNode); !ok {
			r.refuse(n, CodeNotAllowed, "", "only functions can be called")
		} else if m := n.Callee.(*ast.MemberNode); !isTime(m.Node) {
			r.lookAtMethod(m)
		}
		return
	}
	f, ok := r.functions[name]
	switch {
	case !ok:
		r.unknownFunction(n, name)
	case f.TemplateOnly && r.use == condition:
		r.refuse(n, CodeNotAllowed, "", "%s says how a value is shown in a reply and means nothing in a condition", name)
	case f.TemplateOnly && !r.shown[n]:
		r.refuse(n, CodeNotAllowed, "write {{ "+f.Signatures[0]+" }} by itself", "%s must stand outermost in its braces", name)
	case name == "capture" && len(n.Arguments) == 2:
		r.lookAtPattern(n.Arguments[1], name)
	}
}

const functionsFirst = "functions stand before their arguments, as in lower(text)"

func (r *restriction) lookAtMethod(m *ast.MemberNode) {
	switch base := m.Node.(type) {
	case *ast.IdentifierNode:
		if _, ok := r.names[base.Value]; ok {
			return // told already
		}
	case *ast.CallNode:
		if _, ok := base.Callee.(*ast.MemberNode); ok {
			return // told of the inner one
		}
	}
	r.refuse(m, CodeNotAllowed, functionsFirst, "values have no functions of their own")
}

func isTime(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	return ok && id.Value == "time"
}

func calleeOf(n *ast.CallNode) string {
	if id, ok := n.Callee.(*ast.IdentifierNode); ok {
		return id.Value
	}
	return ""
}

func (r *restriction) unknownFunction(n ast.Node, name string) {
	switch {
	case slices.Contains([]string{"now", "date", "timezone", "duration"}, name):
		r.refuse(n, CodeNotAllowed, "the event's own time is called time", "%s is not part of the rule language: a rule must always say the same of the same event", name)
	case slices.Contains([]string{"repeat", "concat", "flatten", "groupBy", "sortBy", "reduce", "sort", "uniq"}, name):
		r.refuse(n, CodeNotAllowed, "", "%s is not part of the rule language: its work has no bound", name)
	case slices.Contains(r.names.top(), name), r.conditions[name] != nil:
		r.refuse(n, CodeNotAllowed, "", "%s is a value, not a function", name)
	default:
		r.refuse(n, CodeUnknownName, didYouMean(name, slices.Sorted(maps.Keys(r.functions))), "unknown function %s", name)
	}
}

// lookAtPattern wants a literal regular expression, so that it is compiled once and its faults are found at load.
func (r *restriction) lookAtPattern(n ast.Node, user string) {
	literal, ok := n.(*ast.StringNode)
	if !ok {
		r.refuse(n, CodePattern, "write the pattern as a text in quotes", "the pattern of %s must be known when the rule is loaded", user)
		return
	}
	pattern, err := r.pattern(literal.Value)
	if err != nil {
		r.refuse(n, CodePattern, "", "%v", err)
		return
	}
	if user == "capture" && len(pattern.groups()) == 0 {
		r.refuse(n, CodePattern, "name what to capture: (?P<name>…)", "the pattern has no named group")
	}
}
