package expression

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/yamlpos"

	"github.com/answerback/answerback/rules/event"
)

// names are the event's fields as expressions name them: for each top-level name its fields, none for a plain value.
type names map[string][]string

func namesOfEvent() names {
	n := names{}
	for f := range reflect.TypeFor[event.Event]().Fields() {
		var inner []string
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]() {
			for g := range f.Type.Fields() {
				inner = append(inner, g.Tag.Get("expr"))
			}
		}
		n[f.Tag.Get("expr")] = inner
	}
	return n
}

// readBy lists the fields that a tree looks at, sorted, computed ones together with what they are computed from.
func (n names) readBy(root ast.Node) []string {
	var reads []string
	taken := map[*ast.IdentifierNode]bool{}
	each(root, func(node ast.Node) {
		// Children come first, so a member's base was seen before; a base that stands alone counts as all its fields.
		if m, ok := node.(*ast.MemberNode); ok {
			base, isName := m.Node.(*ast.IdentifierNode)
			field, isField := m.Property.(*ast.StringNode)
			if isName && isField && len(n[base.Value]) > 0 {
				taken[base] = true
				reads = append(reads, base.Value+"."+field.Value)
			}
		}
	})
	each(root, func(node ast.Node) {
		if id, ok := node.(*ast.IdentifierNode); ok && !taken[id] {
			reads = append(reads, n.all(id.Value)...)
		}
	})
	for _, name := range slices.Clone(reads) {
		_, from := event.Derivation(name)
		reads = append(reads, from...)
	}
	slices.Sort(reads)
	return slices.Compact(reads)
}

// all are the fields under a top-level name; none if it is no name of the event's.
func (n names) all(name string) []string {
	inner, ok := n[name]
	switch {
	case !ok:
		return nil
	case len(inner) == 0:
		return []string{name}
	}
	fields := make([]string, len(inner))
	for i, f := range inner {
		fields[i] = name + "." + f
	}
	return fields
}

// field reports whether a full name, as in "from.username" or "text", is a field's.
func (n names) field(name string) bool {
	top, _, _ := strings.Cut(name, ".")
	return slices.Contains(n.all(top), name)
}

func (n names) top() []string {
	top := make([]string, 0, len(n))
	for name := range n {
		top = append(top, name)
	}
	slices.Sort(top)
	return top
}

func derivesOf(reads []string) event.Derived {
	var d event.Derived
	for _, name := range reads {
		field, _ := event.Derivation(name)
		d |= field
	}
	return d
}

// didYouMean names the candidate that is nearest to what was written, as a hint; "" if none is near.
func didYouMean(written string, candidates []string) string {
	if near, ok := yamlpos.Nearest(written, candidates); ok {
		return "did you mean " + near + "?"
	}
	return ""
}
