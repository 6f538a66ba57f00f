package yamlpos

import (
	"fmt"
	"strings"

	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// maxAliased bounds how many values the aliases of a file may stand for in all. A few lines of aliases of aliases
// could else stand for billions.
const maxAliased = 10_000

// inspect takes the tree as the document's, less what of YAML isn't supported.
func (d *Doc) inspect(root *yaml.Node) problem.List {
	d.blamed = map[*yaml.Node]bool{}
	i := inspector{doc: d, sizes: map[*yaml.Node]int{}, open: map[*yaml.Node]bool{}}
	i.visit(root)
	if !i.endless {
		d.root = root
	}
	return i.problems
}

type inspector struct {
	doc      *Doc
	problems problem.List
	sizes    map[*yaml.Node]int  // how many values a node stands for, aliases followed
	open     map[*yaml.Node]bool // nodes that are being visited
	aliased  int
	endless  bool // following the aliases would take for ever, or nearly
}

// visit looks at a node and all in it, and gives the number of values that it stands for.
func (i *inspector) visit(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		return i.alias(n)
	}
	i.tag(n)
	i.open[n] = true
	size := 1
	for _, child := range n.Content {
		size += i.visit(child)
	}
	if n.Kind == yaml.MappingNode {
		i.keys(n)
	}
	delete(i.open, n)
	i.sizes[n] = min(size, maxAliased+1)
	return i.sizes[n]
}

func (i *inspector) alias(n *yaml.Node) int {
	switch {
	case i.open[n.Alias]:
		i.endless = true
		i.blame(n, "this alias stands for a value that contains it", "")
		return 1
	case i.aliased > maxAliased:
		return 1 // reported already
	}
	i.aliased += i.sizes[n.Alias]
	if i.aliased > maxAliased {
		i.endless = true
		i.blame(n, fmt.Sprintf("the aliases of this file stand for more than %d values", maxAliased), "")
	}
	return i.sizes[n.Alias]
}

// tag refuses tags that would change what a value is; those of plain YAML say nothing that the text doesn't.
func (i *inspector) tag(n *yaml.Node) {
	if n.Style&yaml.TaggedStyle == 0 {
		return
	}
	switch n.ShortTag() {
	case "!!str", "!!int", "!!bool", "!!map", "!!seq":
		return
	}
	i.doc.blamed[n] = true
	i.blame(n, "a tag (!…) is not supported", "quote text that begins with !")
}

func (i *inspector) keys(mapping *yaml.Node) {
	for k := 0; k < len(mapping.Content); k += 2 {
		key := mapping.Content[k]
		switch {
		case key.Kind == yaml.ScalarNode && key.Tag == "!!merge":
			i.blame(key, "merge keys (<<) are not supported", "write the keys out")
		case key.Kind != yaml.ScalarNode:
			i.doc.blamed[mapping] = true
			hint := ""
			if strings.HasPrefix(i.doc.source.text[i.doc.source.offset(mapping.Line, mapping.Column):], "{{") {
				hint = `text that begins with {{ must stand in quotes: "{{ … }}"`
			}
			i.blame(key, "a key must be a word", hint)
		}
	}
}

func (i *inspector) blame(n *yaml.Node, message, hint string) {
	at := i.doc.source.offset(n.Line, n.Column)
	i.problems = append(i.problems, i.doc.source.problemAt(at, CodeUnsupported, message, hint))
}
