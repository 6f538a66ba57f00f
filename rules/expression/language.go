// Package expression is the language of conditions and replies: expr over a typed event, cut down to what is pure and
// bounded, with functions of our own. What a text may not do is refused when it is compiled, with its place and in an
// author's words; what it does when it runs is counted, so that no event can hold up the others.
//
// Templates are texts with expressions in double braces. What comes from strangers is defused on its way into one.
//
// Nothing else in the program knows expr.
package expression

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"

	"github.com/answerback/answerback/rules/event"

	"github.com/answerback/answerback/rules/text"
)

// Bounds of one expression as it is written.
const (
	maxNodes      = 500
	maxExpression = 10_000 // characters; it also bounds how deep the parser nests
)

// Language compiles expressions. It keeps what expr knows of the event's types, which is most of the work of
// compiling one; hence it is made once a set, and used by one goroutine.
//
// expr's stages are called one by one, instead of expr.Compile, because the rules of the house are checked on the tree
// as the author wrote it (before types), on the typed one, and only then is the tree changed.
type Language struct {
	conf      *conf.Config
	names     names
	functions map[string]Function

	lists      map[string]*namedList
	conditions map[string]*named
	patterns   map[string]*pattern // by their texts

	explanations []explanation // made when the first is needed: most sets have no faults
}

// New makes a language.
func New() *Language {
	c := conf.CreateNew()
	c.WithEnv(Scope{})
	c.MaxNodes = maxNodes
	l := &Language{conf: c, names: namesOfEvent(), functions: map[string]Function{}, lists: map[string]*namedList{}, conditions: map[string]*named{}, patterns: map[string]*pattern{}}
	for _, f := range exprFunctions() {
		l.functions[f.Name] = f
	}
	for name := range c.Builtins {
		if _, ok := l.functions[name]; !ok {
			c.Disabled[name] = true
			delete(c.Builtins, name)
		}
	}
	for _, f := range ownFunctions() {
		l.functions[f.Name] = f.Function
		l.define(f.Name, f.run, f.types...)
	}
	for _, f := range workers() {
		l.define(f.name, f.run, f.is)
	}
	return l
}

// expression is a compiled one. It is immutable and may run in many scopes at once.
type expression struct {
	program *vm.Program
	reads   []string      // the event's fields it looks at, as in "media.caption"
	derives event.Derived // the computed ones among them
	fixed   bool          // it looks at nothing: its value is known
	outlook outlook       // of a condition
	uses    string        // a hash of the lists and conditions in it; empty if there are none
	faults  []Fault       // warnings; errors leave no expression
}

// use is what an expression is for, which decides what it may be and do.
type use int

const (
	condition     use = iota // true or false
	interpolation            // something that can be shown
	subexpression            // anything: a part of a condition that is known to be good
)

// Condition is a compiled condition. It is immutable and may be used in many scopes at once.
type Condition struct{ *expression }

// Condition compiles a condition, or tells what is wrong with it; with errors there is none.
func (l *Language) Condition(source string) (*Condition, []Fault) {
	x, faults := l.compile(source, condition)
	if x == nil {
		return nil, faults
	}
	return &Condition{x}, faults
}

// Reads lists the event's fields that the condition looks at, as in "media.caption", sorted, computed ones together
// with what they are computed from.
func (c *Condition) Reads() []string { return slices.Clone(c.reads) }

// Uses is a hash of what the condition uses beside its own text, lists and named conditions; empty if it uses none.
func (c *Condition) Uses() string { return c.uses }

// Holds evaluates the condition. See [Describe] for the error.
func (c *Condition) Holds(s *Scope) (bool, error) {
	value, err := s.run(c.expression)
	if err != nil {
		return false, err
	}
	holds, ok := value.(bool)
	if !ok {
		return false, errors.New("neither true nor false")
	}
	return holds, nil
}

// compile makes an expression of its text, or tells what is wrong with it.
func (l *Language) compile(source string, use use) (*expression, []Fault) {
	if f := l.tooLong(source); f != nil {
		return nil, []Fault{*f}
	}
	tree, err := l.parse(source)
	if err != nil {
		return nil, []Fault{l.explainSyntax(err, source)}
	}
	if faults := l.restrict(tree.Node, use); len(faults) > 0 {
		return nil, faults
	}
	conditions := l.callConditions(&tree.Node)
	if _, err := checker.Check(tree, l.conf); err != nil {
		return nil, []Fault{l.explainTypes(err)}
	}
	if faults := l.restrictTypes(tree.Node, use); len(faults) > 0 {
		return nil, faults
	}
	x := &expression{reads: l.names.readBy(tree.Node), uses: l.usesOf(tree.Node, conditions)}
	x.derives = derivesOf(x.reads) // what its conditions look at they derive themselves
	x.fixed = len(x.reads) == 0
	x.readThrough(conditions)
	switch use {
	case condition:
		x.outlook = l.foresee(tree.Node)
	case interpolation:
		x.faults = l.place(&tree.Node)
	}
	l.bound(&tree.Node)
	x.program, err = l.assemble(tree)
	if err != nil {
		return nil, []Fault{internalFault(err)}
	}
	return x, nil
}

// readThrough adds what named conditions look at to what the expression does.
func (x *expression) readThrough(conditions []*named) {
	for _, c := range conditions {
		if c.x == nil { // faulty: it must not be run
			x.fixed = false
			continue
		}
		x.reads = append(x.reads, c.x.reads...)
		x.fixed = x.fixed && c.x.fixed
	}
	slices.Sort(x.reads)
	x.reads = slices.Compact(x.reads)
}

func (l *Language) tooLong(source string) *Fault {
	switch {
	case text.Blank(source):
		return &Fault{Code: CodeSyntax, Message: "the expression is empty", Hint: "as in has(text, \"price\") or from.username"}
	case utf8.RuneCountInString(source) > maxExpression:
		return &Fault{Code: CodeTooComplex, Message: "the expression is longer than 10,000 characters"}
	}
	return nil
}

// assemble turns the tree, which is known to be good, into a program. An error here is a Fault of ours.
func (l *Language) assemble(tree *parser.Tree) (*vm.Program, error) {
	if _, err := checker.Check(tree, l.conf); err != nil {
		return nil, err
	}
	if err := optimizer.Optimize(&tree.Node, l.conf); err != nil {
		return nil, err
	}
	return compiler.Compile(tree, l.conf)
}

// internalFault reports what expr could not compile although it was checked; expr puts a stack below the first line.
func internalFault(err error) Fault {
	var at *file.Error
	f := Fault{Code: CodeSyntax, Message: "the expression can't be compiled: " + firstLine(err.Error())}
	if errors.As(err, &at) {
		f.Offset, f.Message = at.From, firstLine(at.Message)
	}
	return f
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

// each calls visit for every node, children first.
func each(root ast.Node, visit func(ast.Node)) { ast.Walk(&root, visitor(visit)) }

type visitor func(ast.Node)

func (v visitor) Visit(n *ast.Node) { v(*n) }

func isText(n ast.Node) bool { return n.Type().Kind() == reflect.String }
