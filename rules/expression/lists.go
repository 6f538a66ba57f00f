package expression

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/text"
)

// namedList is a named list of texts. It is known when the language is, so that what looks into it is prepared.
type namedList struct {
	entries []string
	set     map[string]struct{}
	sought  *sought // made when the first search wants it
	hash    string
}

// DefineList names a list of texts: lists.NAME in what is compiled after. The name must be a good one: see
// [Language.CheckName].
func (l *Language) DefineList(name string, entries []string) {
	set := make(map[string]struct{}, len(entries))
	h := sha256.New()
	for _, e := range entries {
		set[e] = struct{}{}
		fmt.Fprintf(h, "%q\n", e)
	}
	l.lists[name] = &namedList{entries: entries, set: set, hash: hex.EncodeToString(h.Sum(nil))}
}

// sought is what all searches for a list share.
type sought struct {
	matcher *text.Matcher
	clues   Clues
}

func (l *namedList) search() *sought {
	if l.sought == nil {
		l.sought = &sought{text.NewMatcher(l.entries...), oneOf(TextHas, l.entries)}
	}
	return l.sought
}

// listNamed is the list that a node names; nil if it names none.
func (l *Language) listNamed(n ast.Node) (name string, found *namedList) {
	m, ok := n.(*ast.MemberNode)
	if !ok {
		return "", nil
	}
	base, isName := m.Node.(*ast.IdentifierNode)
	field, isField := m.Property.(*ast.StringNode)
	if !isName || !isField || base.Value != listsName {
		return "", nil
	}
	return field.Value, l.lists[field.Value]
}

// listsName is what all lists stand under.
const listsName = "lists"

func (r *restriction) hintForLists() string {
	if len(r.lists) == 0 {
		return "this set has no lists; they stand at a file's top, under lists:"
	}
	names := slices.Sorted(maps.Keys(r.lists))
	for i, name := range names {
		names[i] = listsName + "." + name
	}
	const shown = 12
	if len(names) > shown {
		names = append(names[:shown], "…")
	}
	return "name one of them: " + strings.Join(names, ", ")
}

func (r *restriction) lookAtList(n *ast.MemberNode) {
	name, named := n.Property.(*ast.StringNode)
	switch {
	case !named || r.callees[n]:
		r.refuse(n, CodeNotAllowed, r.hintForLists(), "a list must be named")
	case r.lists[name.Value] == nil:
		hint := didYouMean(name.Value, slices.Sorted(maps.Keys(r.lists)))
		if hint == "" {
			hint = r.hintForLists()
		}
		r.refuse(n, CodeUnknownName, hint, "there is no list %q", name.Value)
	}
}
