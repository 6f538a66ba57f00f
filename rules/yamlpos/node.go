package yamlpos

import (
	"strings"

	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// Kind is the shape of a value.
type Kind string

// The kinds, in the words that problems use.
const (
	Null    Kind = "nothing"
	Scalar  Kind = "text" // also numbers, true and false
	List    Kind = "a list"
	Mapping Kind = "a mapping"
)

// Decoder is a type that decodes itself, for values that come in several forms (a word or a list …). It is called on a
// pointer to the field, and never with a value that is missing. A text may still be empty; Node.Decode into a Text or
// a string looks after that.
type Decoder interface {
	DecodeYAML(*Node) problem.List
}

// Node is a value in the document, with its place.
type Node struct {
	doc   *Doc
	node  *yaml.Node // never an alias
	name  string     // how problems call it: the key that it belongs to
	empty bool       // it may be empty
}

// Entry is one line of a mapping.
type Entry[T any] struct {
	Key   Text
	Value T
}

// Kind is the value's shape.
func (n *Node) Kind() Kind {
	switch {
	case n.node.Kind == yaml.SequenceNode:
		return List
	case n.node.Kind == yaml.MappingNode:
		return Mapping
	case isNull(n.node):
		return Null
	}
	return Scalar
}

// Name is how problems call the value: the key that it belongs to, or "an entry of" that.
func (n *Node) Name() string {
	if n.name == "" {
		return "the file"
	}
	return n.name
}

// Text is a scalar as it was written, less its quotes; the zero Text for other kinds.
func (n *Node) Text() Text {
	if n.Kind() != Scalar {
		return Text{}
	}
	return Text{Value: n.node.Value, doc: n.doc, node: n.node}
}

// Items are the values of a list; none for other kinds.
func (n *Node) Items() []*Node {
	if n.node.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]*Node, len(n.node.Content))
	for i, item := range n.node.Content {
		items[i] = n.doc.node(item, entryOf(n.name), n.empty)
	}
	return items
}

func entryOf(name string) string {
	if name == "" {
		return "an entry"
	}
	return "an entry of " + name
}

// Entries are the lines of a mapping, in order, whose keys are words, and the problems of keys that stand there twice
// (the first one counts).
func (n *Node) Entries() ([]Entry[*Node], problem.List) {
	if n.node.Kind != yaml.MappingNode {
		return nil, nil
	}
	var entries []Entry[*Node]
	var found problem.List
	seen := map[string]Text{}
	for i := 0; i < len(n.node.Content); i += 2 {
		key := n.node.Content[i]
		if key.Kind != yaml.ScalarNode || key.Tag == "!!merge" {
			continue
		}
		text := Text{Value: key.Value, doc: n.doc, node: key}
		if first, ok := seen[text.Value]; ok {
			found = append(found, duplicate(text, first))
			continue
		}
		seen[text.Value] = text
		entries = append(entries, Entry[*Node]{text, n.doc.node(n.node.Content[i+1], text.Value, n.empty)})
	}
	return entries, found
}

// Decode fills into, a pointer to any type that a field may have.
func (n *Node) Decode(into any) problem.List {
	d := decoder{}
	d.pointer(n, into)
	return d.problems
}

// Pos is the value's place.
func (n *Node) Pos() Pos { return Pos{doc: n.doc, node: n.node} }

// Problem makes a problem that stands at the value's start.
func (n *Node) Problem(code, message, hint string) problem.Problem {
	return n.Pos().Problem(code, message, hint)
}

// Wrong makes the problem that the value isn't what it must be: "rules must be a list, not text".
func (n *Node) Wrong(want string) problem.Problem {
	message := n.Name() + " must be " + want
	structured := want == wantList || want == wantMapping
	if n.Kind() != Scalar || structured {
		message += ", not " + string(n.Kind())
	}
	hint := ""
	if n.node.Style&yaml.FlowStyle != 0 && strings.HasPrefix(want, wantText) {
		hint = "quote text that begins with [ or {"
	}
	switch lines := n.Kind() == Mapping && n.node.Style&yaml.FlowStyle == 0; {
	case lines && want == wantList:
		hint = `begin each entry with "- "`
	case lines && strings.HasPrefix(want, wantText):
		hint = `quote text that contains ": "`
	}
	if want == wantMapping && n.Kind() == Scalar && missingSpace.MatchString(n.node.Value) {
		hint = spaceMissing
	}
	return n.Problem(CodeKind, message, hint)
}

// What a value must be, in words.
const (
	wantText    = "text"
	wantList    = "a list"
	wantMapping = "a mapping (lines of key: value)"
)
