package yamlpos

import (
	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// Pos is a place in a document: that of a value, or of a key. The zero Pos is no place; its problems bear none.
type Pos struct {
	doc  *Doc
	node *yaml.Node
}

// Line is the line, counted from 1; 0 if there is no place.
func (p Pos) Line() int {
	if p.node == nil {
		return 0
	}
	line, _ := p.doc.source.place(p.offset())
	return line
}

// Has reports whether the mapping that stands here has the key.
func (p Pos) Has(key string) bool { return p.key(key) != nil }

// Key is the place of a key in the mapping that stands here; of the mapping itself if it lacks the key.
func (p Pos) Key(key string) Pos {
	if node := p.key(key); node != nil {
		return Pos{doc: p.doc, node: node}
	}
	return p
}

// Problem makes a problem that stands here.
func (p Pos) Problem(code, message, hint string) problem.Problem {
	if p.node == nil {
		return problem.Problem{Severity: problem.Error, Code: code, Message: message, Hint: hint}
	}
	return p.doc.source.problemAt(p.offset(), code, message, hint)
}

func (p Pos) offset() int { return p.doc.source.offset(p.node.Line, p.node.Column) }

func (p Pos) key(key string) *yaml.Node {
	if p.node == nil || p.node.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i < len(p.node.Content); i += 2 {
		if k := p.node.Content[i]; k.Kind == yaml.ScalarNode && k.Value == key {
			return k
		}
	}
	return nil
}
