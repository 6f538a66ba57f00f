package expression

import (
	"errors"
	"fmt"
	"slices"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/event"
)

// Trace is how an expression came to its value: the sub-expression, its value, and those of its parts. Literals are no
// parts, nor is what stands within the brackets of any, filter and the like, which is evaluated many times. The
// operands of a chain of and, or of or, are all parts of the chain.
type Trace struct {
	Text string `json:"text"` // as it is written, in one line
	// Value is as expressions write it: true, 12, "text", ["a", "b"]. Of a long one only the beginning is shown. Empty if
	// the part was never evaluated, because what stands before it had decided already, or if it failed.
	Value string `json:"value"`
	// Error is what the evaluation failed with; empty if it didn't. What is made of a failed part has failed with it.
	Error string `json:"error,omitempty"`
	// Condition is the name of the named condition whose expression stands here; empty else. Its parts are shown where
	// the name is evaluated first.
	Condition string  `json:"condition,omitempty"`
	Of        []Trace `json:"of,omitempty"`
}

// Tracer explains conditions on one event. Each part is compiled and run as an expression by itself, in the way in
// which the whole one is, so that what it shows is what happened. It is slow, belongs to one goroutine, and uses its
// language.
type Tracer struct {
	language *Language
	scope    *Scope
	values   map[string]evaluated // by the expression's text
}

type evaluated struct {
	value any
	err   error
}

// Tracer makes a tracer for an event, which isn't changed.
func (l *Language) Tracer(e *event.Event) *Tracer {
	return &Tracer{language: l, scope: NewScope(e), values: map[string]evaluated{}}
}

// Trace evaluates a condition with its parts. The root's value, or error, is that of [Condition.Holds].
func (t *Tracer) Trace(source string) Trace {
	x, err := t.read(source)
	if err != nil {
		return Trace{Text: source, Error: runtimeMessage(err)}
	}
	return x.trace(x.tree, source, x.all())
}

// Unevaluated is the trace of a condition that was never looked at.
func (t *Tracer) Unevaluated(source string) Trace {
	x, err := t.read(source)
	if err != nil {
		return Trace{Text: source}
	}
	return Trace{Text: x.all()}
}

// traced is one expression of those that a trace is made of: the condition or a named one in it.
type traced struct {
	*Tracer
	*written
	tree ast.Node
	seen map[string]bool // the named conditions whose parts were shown; shared by all
}

func (t *Tracer) read(source string) (*traced, error) {
	w, err := newWritten(source)
	if err != nil {
		return nil, err
	}
	tree, err := t.language.parse(source)
	if err != nil {
		return nil, err
	}
	return &traced{t, w, tree.Node, map[string]bool{}}, nil
}

// value evaluates an expression, once.
func (t *Tracer) value(source string) evaluated {
	if v, ok := t.values[source]; ok {
		return v
	}
	var v evaluated
	v.value, v.err = t.evaluate(source)
	t.values[source] = v
	return v
}

func (t *Tracer) evaluate(source string) (value any, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errors.New(firstLine(fmt.Sprint(p)))
		}
	}()
	x, faults := t.language.compile(source, subexpression)
	if x == nil {
		return nil, errors.New(faults[0].Message)
	}
	return t.scope.run(x)
}

// trace shows a node that was evaluated. Its source is what runs, its text what is shown.
func (x *traced) trace(n ast.Node, source, text string) Trace {
	v := x.value(source)
	trace := Trace{Text: text}
	if v.err != nil {
		trace.Error = runtimeMessage(v.err)
	} else {
		trace.Value = show(v.value)
	}
	trace.Of = x.parts(n)
	if v.err == nil {
		trace.Of = withoutFailed(trace.Of)
	}
	if name := x.conditionIn(n); name != "" {
		x.inline(&trace, name, true)
	}
	return trace
}

// skipped shows a node that wasn't evaluated.
func (x *traced) skipped(n ast.Node, text string) Trace {
	trace := Trace{Text: text}
	if name := x.conditionIn(n); name != "" {
		x.inline(&trace, name, false)
	}
	return trace
}

// inline puts a named condition's own expression in the place of its name.
func (x *traced) inline(trace *Trace, name string, evaluated bool) {
	inner, err := x.read(x.language.conditionSource(name))
	if err != nil {
		return
	}
	trace.Condition, trace.Text = name, inner.all()
	if evaluated && !x.seen[name] {
		x.seen[name] = true
		inner.seen = x.seen
		trace.Of = inner.trace(inner.tree, name, trace.Text).Of
	}
}

// conditionIn is the name of the condition that a node names; "" if it doesn't.
func (x *traced) conditionIn(n ast.Node) string {
	if id, ok := n.(*ast.IdentifierNode); ok && x.language.conditionSource(id.Value) != "" {
		return id.Value
	}
	return ""
}

// withoutFailed leaves out parts that fail by themselves although what is made of them didn't: expr found a shorter
// way, as from filter(…)[0] to find(…).
func withoutFailed(parts []Trace) []Trace {
	return slices.DeleteFunc(parts, func(p Trace) bool { return p.Error != "" })
}

// conditionSource is the text of a named condition; empty if there is none of that name.
func (l *Language) conditionSource(name string) string {
	if c := l.conditions[name]; c != nil {
		return c.source
	}
	return ""
}
