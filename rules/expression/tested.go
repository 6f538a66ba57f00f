package expression

import (
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
)

// Test is one test of a condition, with what is known of it by its form.
type Test struct {
	Verb Verb
	// Key is shared by tests that come to the same value in the same event. Two with different keys may do so too.
	Key     string
	Subject Subject
	// Words are the texts that the subject is compared with or searched for, and Lists the named lists of them. Of an
	// Opaque test there are none: its subject, if it is a field, is what is true or false.
	Words []Word
	Lists []List
	// Number is what the subject is compared with, of AtMost.
	Number int
	Offset int // where it begins in the text that it stands in, in characters
}

// Verb is what a test asks of its subject.
type Verb string

// The verbs. Of all but Opaque, all that is compared is known.
const (
	Opaque   Verb = ""
	Has      Verb = "has" // any of the words stands in it
	HasAll   Verb = "hasAll"
	Like     Verb = "like"
	Equals   Verb = "=="
	In       Verb = "in"    // it is one of the words
	Holds    Verb = "holds" // the subject is a list, and one of its elements is the word
	Contains Verb = "contains"
	Begins   Verb = "startsWith"
	Ends     Verb = "endsWith"
	Matches  Verb = "matches" // the word is a regular expression
	Captures Verb = "capture" // so it is, and this is no truth
	AtMost   Verb = "<="      // it is a whole number
)

// Subject is what is tested.
type Subject struct {
	Key string
	// Field is the full name of the event's field whose text it is, or was before it went through a function; or, of
	// Element, the list whose elements it is. Empty if it is none.
	Field   string
	Element bool
	// Through is the function that changed the field's text: lower, upper, fold, trim; empty if there is none.
	Through string
	// Quoted is a literal text in a field's place.
	Quoted   string
	IsQuoted bool
}

// Word is a literal text with its place.
type Word struct {
	Text   string
	Offset int
}

// List is a named list with the place where its name stands.
type List struct {
	Name    string
	Entries []string // not to be changed
	Offset  int
}

// IsField reports whether a full name, as in "from.username" or "text", is that of a field of the event.
func (r *Reader) IsField(name string) bool { return r.language.names.field(name) }

// Tests are the tests anywhere in an expression, within functions too, but not in the conditions that it names.
func (r *Reader) Tests(source string) []Test {
	root, err := r.language.parse(source)
	if err != nil {
		return nil
	}
	var found []Test
	r.collect(root.Node, "", &found)
	return found
}

// collect looks through a node, in which # stands for the elements of a field.
func (r *Reader) collect(n ast.Node, element string, into *[]Test) {
	if t := r.test(n, element); t.Verb != Opaque {
		*into = append(*into, t)
	}
	if b, ok := n.(*ast.BuiltinNode); ok && len(b.Arguments) > 0 {
		for _, argument := range b.Arguments {
			if p, ok := argument.(*ast.PredicateNode); ok {
				r.collect(p.Node, r.fieldOf(b.Arguments[0]), into)
			} else {
				r.collect(argument, element, into)
			}
		}
		return
	}
	for _, inner := range inside(n) {
		r.collect(inner, element, into)
	}
}

// Fields are the event's fields that an expression names, by their full names, without those in the conditions that it
// names.
func (r *Reader) Fields(source string) []Placed {
	root, err := r.language.parse(source)
	if err != nil {
		return nil
	}
	var found []Placed
	each(root.Node, func(n ast.Node) {
		if field := r.fieldOf(n); field != "" {
			found = append(found, Placed{field, begin(n)})
		}
	})
	return found
}

// Uses are the names of the conditions and lists that an expression names, without what these name in turn.
func (r *Reader) Uses(source string) (conditions, lists []string) {
	root, err := r.language.parse(source)
	if err != nil {
		return nil, nil
	}
	each(root.Node, func(n ast.Node) {
		if id, ok := n.(*ast.IdentifierNode); ok && r.language.conditions[id.Value] != nil {
			conditions = append(conditions, id.Value)
		}
		if name, list := r.language.listNamed(n); list != nil {
			lists = append(lists, name)
		}
	})
	return conditions, lists
}

// test tells what is known of a node. A test with != is known as the one with ==.
func (r *Reader) test(n ast.Node, element string) Test {
	made := Test{Key: keyOf(n), Offset: begin(n)}
	verb, subject, words := takenApart(n)
	if verb == Opaque {
		made.Subject = r.subject(n, element)
		return made
	}
	if subject, words, ok := r.element(verb, subject, words, element); ok {
		made.Verb, made.Subject, made.Words = Holds, subject, words
		return made
	}
	if !r.words(&made, words) {
		return Test{Key: made.Key, Offset: made.Offset}
	}
	if verb == In && (len(words) != 1 || !isListNode(words[0])) {
		return Test{Key: made.Key, Offset: made.Offset}
	}
	made.Verb, made.Subject = verb, r.subject(subject, element)
	return made
}

func isListNode(n ast.Node) bool {
	switch n.(type) {
	case *ast.ArrayNode, *ast.MemberNode:
		return true
	}
	return false
}

// element reads "word" in field.
func (r *Reader) element(verb Verb, subject ast.Node, words []ast.Node, element string) (Subject, []Word, bool) {
	word, ok := subject.(*ast.StringNode)
	if verb != In || !ok {
		return Subject{}, nil, false
	}
	if _, list := r.language.listNamed(words[0]); list != nil || isLiteral(words[0]) {
		return Subject{}, nil, false
	}
	return r.subject(words[0], element), []Word{{word.Value, word.Location().From}}, true
}

// takenApart tells what a node asks of what, and by which texts.
func takenApart(n ast.Node) (verb Verb, subject ast.Node, words []ast.Node) {
	switch n := n.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "==", "!=":
			if _, ok := n.Left.(*ast.StringNode); ok {
				return Equals, n.Right, []ast.Node{n.Left}
			}
			return Equals, n.Left, []ast.Node{n.Right}
		case "in", "contains", "startsWith", "endsWith", "matches":
			return Verb(n.Operator), n.Left, []ast.Node{n.Right}
		}
	case *ast.CallNode:
		switch name := calleeOf(n); {
		case len(n.Arguments) < 2:
		case name == "has", name == "hasAll", name == "like", name == "capture":
			return Verb(name), n.Arguments[0], n.Arguments[1:]
		}
	case *ast.BuiltinNode:
		switch {
		case len(n.Arguments) != 2:
		case n.Name == "hasPrefix":
			return Begins, n.Arguments[0], n.Arguments[1:]
		case n.Name == "hasSuffix":
			return Ends, n.Arguments[0], n.Arguments[1:]
		}
	}
	return Opaque, nil, nil
}

// words notes the texts of a test; false if one is known only when it runs.
func (r *Reader) words(t *Test, nodes []ast.Node) bool {
	for _, n := range nodes {
		switch n := n.(type) {
		case *ast.StringNode:
			t.Words = append(t.Words, Word{n.Value, n.Location().From})
		case *ast.ArrayNode:
			if !r.words(t, n.Nodes) {
				return false
			}
		default:
			name, list := r.language.listNamed(n)
			if list == nil {
				return false
			}
			t.Lists = append(t.Lists, List{name, list.entries, begin(n)})
		}
	}
	return true
}

func (r *Reader) subject(n ast.Node, element string) Subject {
	s := Subject{Key: keyOf(n)}
	switch n := n.(type) {
	case *ast.StringNode:
		s.Quoted, s.IsQuoted = n.Value, true
	case *ast.PointerNode:
		if n.Name == "" {
			s.Field, s.Element = element, element != ""
		}
	case *ast.BuiltinNode:
		switch n.Name {
		case "lower", "upper", "trim":
			if len(n.Arguments) == 1 {
				s = r.through(n.Name, n.Arguments[0], element, s.Key)
			}
		}
	case *ast.CallNode:
		if calleeOf(n) == "fold" && len(n.Arguments) == 1 {
			s = r.through("fold", n.Arguments[0], element, s.Key)
		}
	default:
		s.Field = r.fieldOf(n)
	}
	return s
}

// through is the subject of a function's argument. Only the last function that changes case counts: trim doesn't.
func (r *Reader) through(name string, argument ast.Node, element, key string) Subject {
	s := r.subject(argument, element)
	if name != "trim" || s.Through == "" {
		s.Through = name
	}
	s.Key = key
	return s
}

// fieldOf is the full name of the event's field that a node is; empty if it is none.
func (r *Reader) fieldOf(n ast.Node) string {
	if name := fieldName(n); r.language.names.field(name) {
		return name
	}
	return ""
}

// Placed is a part of a text with its place in it, in characters.
type Placed struct {
	Text   string
	Offset int
}

// Interpolations are the expressions in a template that is known to be good.
func Interpolations(template string) []Placed {
	var found []Placed
	offset := 0
	for {
		literal, tail, more := strings.Cut(template, openBraces)
		if !more {
			return found
		}
		inner, after, closed := cutExpression(tail)
		if !closed {
			return found
		}
		offset += utf8.RuneCountInString(literal) + len(openBraces)
		found = append(found, Placed{inner, offset})
		offset += utf8.RuneCountInString(inner) + len(closeBraces)
		template = after
	}
}
