package expression

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
)

// maxNested is how deep conditions may stand in each other. Each level costs a machine of its own when it runs.
const maxNested = 100

// named is a condition with a name. It is immutable once the language has compiled it.
type named struct {
	name   string
	source string
	x      *expression // nil if it is faulty
	depth  int         // of conditions in it, itself included
	state  state
}

// state is how far the compiling of a condition has come.
type state int

const (
	untouched state = iota
	underWay
	done
)

// NamedText is the text of a condition and its name.
type NamedText struct{ Name, Text string }

// DefineConditions names conditions, which may use each other in any order: NAME in what is compiled after. It returns
// the faults of each. What uses a faulty one is not reported for that. Names must be good ones, and no two the same.
func (l *Language) DefineConditions(all []NamedText) [][]Fault {
	d := definition{Language: l, faults: make([][]Fault, len(all)), at: map[*named]int{}}
	for i, c := range all {
		n := &named{name: c.Name, source: c.Text}
		l.conditions[c.Name] = n
		d.at[n] = i
	}
	for _, c := range all {
		d.define(l.conditions[c.Name])
	}
	return d.faults
}

// definition compiles conditions, those first which others use.
type definition struct {
	*Language
	faults [][]Fault
	at     map[*named]int // the place of each in what was given
	open   []*named       // that are under way, each used by the one before it
}

func (d *definition) define(c *named) {
	if c.state != untouched {
		return
	}
	c.state = underWay
	d.open = append(d.open, c)
	fault := d.defineUsed(c)
	d.open = d.open[:len(d.open)-1]
	c.state = done
	if fault != nil {
		d.faults[d.at[c]] = append(d.faults[d.at[c]], *fault)
		return
	}
	c.x, d.faults[d.at[c]] = d.compile(c.source, condition)
}

// defineUsed compiles the conditions that one uses. A fault is that it uses itself in the end, or is too deep.
func (d *definition) defineUsed(c *named) *Fault {
	c.depth = 1
	for _, id := range d.conditionsIn(c.source) {
		used := d.conditions[id.Value]
		if used.state == underWay {
			return d.cycle(id, used)
		}
		if len(d.open) <= maxNested { // else it is left for later, and this one is a fault
			d.define(used)
		}
		if len(d.open) > maxNested || used.x != nil && used.depth == maxNested {
			return &Fault{Offset: id.Location().From, Code: CodeTooComplex, Message: fmt.Sprintf("more than %d conditions stand in each other", maxNested)}
		}
		c.depth = max(c.depth, used.depth+1)
	}
	return nil
}

// conditionsIn are the places in an expression where conditions are named. What can't be read has none: its faults
// are told when it is compiled.
func (l *Language) conditionsIn(source string) []*ast.IdentifierNode {
	if l.tooLong(source) != nil {
		return nil
	}
	tree, err := l.parse(source)
	if err != nil {
		return nil
	}
	var found []*ast.IdentifierNode
	each(tree.Node, func(n ast.Node) {
		if id, ok := n.(*ast.IdentifierNode); ok && l.conditions[id.Value] != nil {
			found = append(found, id)
		}
	})
	return found
}

func (d *definition) cycle(at *ast.IdentifierNode, to *named) *Fault {
	var way []string
	for _, c := range d.open[slices.Index(d.open, to):] {
		way = append(way, c.name)
	}
	return &Fault{Offset: at.Location().From, Code: CodeCycle, Hint: "a condition must not use itself",
		Message: "conditions go in a circle: " + strings.Join(append(way, to.name), " → ")}
}

// callConditions puts a call in the place of each condition's name.
func (l *Language) callConditions(root *ast.Node) (used []*named) {
	if len(l.conditions) == 0 {
		return nil
	}
	ast.Walk(root, replacing(func(node *ast.Node) {
		id, ok := (*node).(*ast.IdentifierNode)
		if !ok || l.conditions[id.Value] == nil {
			return
		}
		c := l.conditions[id.Value]
		*node = call(id, workCondition, theScope(), constant(c))
		if !slices.Contains(used, c) {
			used = append(used, c)
		}
	}))
	return used
}

type replacing func(*ast.Node)

func (r replacing) Visit(node *ast.Node) { r(node) }

var goodName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,63}$`)

// CheckName says why a list, a condition or a template can't be called so; empty if it can. Names are lower case, so
// that they look like those of the event, and none of these, so that it is plain what is meant.
func (l *Language) CheckName(name string) (message, hint string) {
	_, isField := l.names[name]
	_, isFunction := l.functions[name]
	switch {
	case !goodName.MatchString(name):
		return fmt.Sprintf("%q can't be a name", name), "a name is lower-case letters a to z, digits and _, and begins with a letter"
	case isField || name == listsName:
		return name + " is a name of the event's already", "call it otherwise"
	case isFunction:
		return name + " is a function already", "call it otherwise"
	case slices.Contains(reserved(), name):
		return name + " is a word of the language already", "call it otherwise"
	}
	return "", ""
}

// reserved are the words that an expression can't use as names.
func reserved() []string {
	return []string{"and", "or", "not", "in", "matches", "contains", "true", "false", "nil", "let", "if", "else",
		"startswith", "endswith", "now", "date", "timezone", "duration", "repeat"}
}

// conditionNames are the names of the conditions, sorted.
func (l *Language) conditionNames() []string { return slices.Sorted(maps.Keys(l.conditions)) }

// usesOf is a hash of what an expression uses beside its own text: the lists, and the conditions with what they use.
func (l *Language) usesOf(root ast.Node, conditions []*named) string {
	var used strings.Builder
	each(root, func(n ast.Node) {
		if name, list := l.listNamed(n); list != nil {
			fmt.Fprintf(&used, "list %s %s\n", name, list.hash)
		}
	})
	for _, c := range conditions {
		fmt.Fprintf(&used, "condition %s %q\n", c.name, c.source)
		if c.x != nil {
			used.WriteString(c.x.uses)
		}
	}
	if used.Len() == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(used.String()))
	return hex.EncodeToString(sum[:8])
}
