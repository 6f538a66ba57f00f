package expression

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser/lexer"
)

// written is an expression's text, from which that of its parts is taken. expr notes of a node only where its operator
// or name stands; what belongs to it is found by its inner nodes and by brackets that must close.
type written struct {
	source []rune
	tokens []lexer.Token
}

func newWritten(source string) (*written, error) {
	tokens, err := lexer.Lex(file.NewSource(source))
	if err != nil {
		return nil, err
	}
	return &written{[]rune(source), slices.DeleteFunc(tokens, func(t lexer.Token) bool { return t.Kind == lexer.EOF })}, nil
}

// span is a run of tokens, from the first to before the last one's successor. The zero span holds none.
type span struct{ from, to int }

func (s span) with(other span) span {
	switch {
	case s == span{}:
		return other
	case other == span{}:
		return s
	}
	return span{min(s.from, other.from), max(s.to, other.to)}
}

// all is the whole expression in one line.
func (w *written) all() string { return w.text(span{0, len(w.tokens)}) }

// text is a span in one line, with single spaces where there is any space or comment.
func (w *written) text(s span) string {
	var b strings.Builder
	for i, t := range w.tokens[s.from:s.to] {
		if i > 0 && t.From > w.tokens[s.from+i-1].To {
			b.WriteByte(' ')
		}
		b.WriteString(string(w.source[t.From:t.To]))
	}
	return b.String()
}

// of is what a node was made from. Brackets round the whole of it don't belong to it.
func (w *written) of(n ast.Node) span {
	var s span
	for _, inner := range inside(n) {
		s = s.with(w.of(inner))
	}
	name, ok := w.at(n.Location().From)
	switch n := n.(type) {
	case *ast.ConditionalNode:
		// Its place is what comes after it, or none.
		if !n.Ternary && s.from > 0 {
			s.from--
		}
		return w.balance(s)
	case *ast.CallNode, *ast.BuiltinNode:
		if ok {
			s = s.with(w.arguments(name))
		}
	}
	if ok {
		s = s.with(span{name, name + 1})
	}
	return w.balance(s)
}

// at is the token that begins at a rune.
func (w *written) at(from int) (int, bool) {
	return slices.BinarySearchFunc(w.tokens, from, func(t lexer.Token, from int) int { return t.From - from })
}

// arguments is what stands in brackets after a function's name, with them.
func (w *written) arguments(name int) span {
	if name+1 >= len(w.tokens) || !w.tokens[name+1].Is(lexer.Bracket, "(") {
		return span{}
	}
	return w.balance(span{name + 1, name + 2})
}

// balance widens a span until every bracket in it has its partner.
func (w *written) balance(s span) span {
	depth, lowest := 0, 0
	for _, t := range w.tokens[s.from:s.to] {
		depth += bracket(t)
		lowest = min(lowest, depth)
	}
	for open := -lowest; open > 0 && s.from > 0; {
		s.from--
		open -= bracket(w.tokens[s.from])
	}
	for open := depth - lowest; open > 0 && s.to < len(w.tokens); s.to++ {
		open += bracket(w.tokens[s.to])
	}
	return s
}

func bracket(t lexer.Token) int {
	switch {
	case t.Is(lexer.Bracket, "(", "[", "{"):
		return 1
	case t.Is(lexer.Bracket, ")", "]", "}"):
		return -1
	}
	return 0
}
