package yamlpos

import (
	"strings"

	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// Text is a scalar with its place. Its zero value has none.
type Text struct {
	Value string

	doc  *Doc
	node *yaml.Node
}

// Given reports whether the text stands in a file; one that was left out doesn't.
func (t Text) Given() bool { return t.node != nil }

// Pos is the scalar's place.
func (t Text) Pos() Pos { return Pos{doc: t.doc, node: t.node} }

// Line is the line of the scalar's start, counted from 1; 0 if it has no place.
func (t Text) Line() int { return t.Pos().Line() }

// Comment is what follows an unquoted text in its line, from the # on. A # after a space begins a comment, which
// authors who end a text with a hashtag don't expect. Empty for other texts.
func (t Text) Comment() string {
	if t.node == nil || t.node.Style&^yaml.TaggedStyle != 0 {
		return ""
	}
	return t.node.LineComment
}

// Problem makes a problem that stands at the scalar's start.
func (t Text) Problem(code, message, hint string) problem.Problem {
	return t.Pos().Problem(code, message, hint)
}

// ProblemAt makes a problem that stands at the rune offset within the value: exact where value and source can be
// walked together (plain, quoted, literal and folded scalars), else at the scalar's start. The offset just after the
// last rune is a place too: something is missing there.
func (t Text) ProblemAt(offset int, code, message, hint string) problem.Problem {
	if t.node == nil {
		return t.Problem(code, message, hint)
	}
	return t.doc.source.problemAt(t.locate(offset), code, message, hint)
}

// locate is the byte offset in the source of a rune of the value.
func (t Text) locate(offset int) int {
	start := t.Pos().offset()
	value := []rune(t.Value)
	if offset < 0 || offset > len(value) {
		return start
	}
	for _, steps := range scalarSteps(t.doc.source.text, start, t.node.Style) {
		if at, ok := follow(steps, value, offset); ok {
			return at
		}
	}
	return start
}

// Texts is one text or a list of them.
type Texts []Text

// DecodeYAML takes both forms.
func (t *Texts) DecodeYAML(n *Node) problem.List {
	if n.Kind() == List {
		var list []Text
		found := n.Decode(&list)
		*t = list
		return found
	}
	if n.Kind() != Scalar {
		return problem.List{n.Wrong("text or a list of texts")}
	}
	var one Text
	found := n.Decode(&one)
	*t = Texts{one}
	return found
}

// Values are the texts without their places.
func (t Texts) Values() []string {
	values := make([]string, len(t))
	for i, text := range t {
		values[i] = text.Value
	}
	return values
}

// Map is a mapping with keys of any name, in the file's order, whose keys' places are kept.
type Map[T any] []Entry[T]

// DecodeYAML takes a mapping. A key that stands there twice counts once.
func (m *Map[T]) DecodeYAML(n *Node) problem.List {
	if n.Kind() != Mapping {
		return problem.List{n.Wrong(wantMapping)}
	}
	entries, found := n.Entries()
	*m = nil
	for _, e := range entries {
		if strings.TrimSpace(e.Key.Value) == "" {
			found = append(found, e.Key.Problem(CodeNoValue, "a key of "+n.Name()+" is empty", ""))
			continue
		}
		var value T
		found = append(found, e.Value.Decode(&value)...)
		*m = append(*m, Entry[T]{e.Key, value})
	}
	return found
}
