package yamlpos

import (
	"errors"
	"io"
	"strings"

	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// Doc is a parsed file.
type Doc struct {
	source *source
	root   *yaml.Node          // nil if there is none
	blamed map[*yaml.Node]bool // nodes of which a problem was reported already
}

// Empty reports whether the file holds no value at all: nothing, or only comments. A file that couldn't be parsed is
// empty too.
func (d *Doc) Empty() bool { return d.root == nil || isNull(d.root) }

// Root is the document's value, nil if the file is empty.
func (d *Doc) Root() *Node {
	if d.Empty() {
		return nil
	}
	return d.node(d.root, "", false)
}

// Decode fills into, a pointer to a struct. Keys that the file lacks leave their fields as they are, so what stands
// there before is the default; nothing is decoded of an empty file.
//
// Supported field types: string, bool, int, Text, Duration, structs, pointers to them (nil where a single value is
// missing or wrong), slices, map[string]T, Map[T], *Node (the value as it is, to be looked at later), and types with a
// DecodeYAML method. A field of type Pos that has no yaml name gets the mapping's own place. Fields without a yaml tag
// are not filled. Anything else panics: it is a mistake in the program.
//
// A value must be given where its key is, and a text must not be empty, unless the tag says so: `yaml:"reply,empty"`.
func (d *Doc) Decode(into any) problem.List {
	root := d.Root()
	if root == nil {
		return nil
	}
	return root.Decode(into)
}

// Problem makes a problem of the whole file.
func (d *Doc) Problem(code, message, hint string) problem.Problem {
	return problem.Problem{File: d.source.file, Severity: problem.Error, Code: code, Message: message, Hint: hint}
}

func (d *Doc) node(n *yaml.Node, name string, empty bool) *Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return &Node{doc: d, node: n, name: name, empty: empty}
}

// read parses the text into nodes. A nil node with no problems is an empty file.
func (d *Doc) read() (*yaml.Node, problem.List) {
	in := yaml.NewDecoder(strings.NewReader(d.source.text))
	var doc yaml.Node
	switch err := in.Decode(&doc); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, problem.List{d.source.syntaxProblem(err)}
	}
	var next yaml.Node
	switch err := in.Decode(&next); {
	case errors.Is(err, io.EOF):
		return doc.Content[0], nil
	case err != nil:
		return nil, problem.List{d.source.syntaxProblem(err)}
	}
	at := d.source.separatorBefore(d.source.offset(next.Line, next.Column))
	return doc.Content[0], problem.List{d.source.problemAt(at, CodeDocuments,
		"a second document begins here; a file holds one", "put it into a file of its own, or delete the line ---")}
}

// separatorBefore is the beginning of the last line up to the offset that separates documents, else the offset.
func (s *source) separatorBefore(offset int) int {
	for line, _ := s.place(offset); line > 0; line-- {
		if strings.HasPrefix(s.line(line), "---") {
			return s.lines[line-1]
		}
	}
	return offset
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null"
}

// Substitute puts another text in the place of each scalar value, as in an expansion of variables. replace is given the
// keys that lead to the value, less positions in lists, and the value; what it answers is text whatever it looks like.
// If it answers false, the value is left out when the document is decoded, as one that was complained about.
// Keys, null and what an alias stands for at its second place aren't touched.
func (d *Doc) Substitute(replace func(keys []string, value Text) (text string, ok bool)) {
	if d.root != nil {
		d.substitute(d.root, nil, replace)
	}
}

func (d *Doc) substitute(n *yaml.Node, keys []string, replace func([]string, Text) (string, bool)) {
	switch n.Kind {
	case yaml.ScalarNode:
		if isNull(n) {
			return
		}
		text, ok := replace(keys, Text{Value: n.Value, doc: d, node: n})
		if !ok {
			d.blamed[n] = true
			return
		}
		n.Value, n.Tag = text, "!!str"
	case yaml.SequenceNode:
		for _, item := range n.Content {
			d.substitute(item, keys, replace)
		}
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			d.substitute(n.Content[i+1], append(keys[:len(keys):len(keys)], n.Content[i].Value), replace)
		}
	}
}
