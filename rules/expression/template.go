package expression

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"

	"github.com/answerback/answerback/rules/platform"

	"github.com/answerback/answerback/rules/event"

	"github.com/answerback/answerback/rules/text"
)

const (
	openBraces  = "{{"
	closeBraces = "}}"
)

// Template is the text of a reply, or of what else is said, with its interpolations. It is immutable.
type Template struct {
	parts []part
	reads []string
	uses  string
}

// Uses is as in [Condition.Uses].
func (t *Template) Uses() string { return t.uses }

// Reads lists the event's fields that the template looks at, as in [Condition.Reads].
func (t *Template) Reads() []string { return slices.Clone(t.reads) }

// part is either a literal or an interpolation.
type part struct {
	literal string
	shows   *expression
	offset  int // of the interpolation's expression in the template, in runes
}

// Template compiles a reply's text, or tells what is wrong with it. Warnings come beside a good template.
func (l *Language) Template(source string) (*Template, []Fault) {
	t := &Template{}
	var faults []Fault
	offset := 0 // in runes, of rest
	rest := source
	for {
		literal, tail, found := strings.Cut(rest, openBraces)
		t.add(part{literal: literal})
		faults = append(faults, l.shownBraces(literal, offset)...)
		if i := strings.Index(literal, closeBraces); i >= 0 && !strings.Contains(source, openBraces) {
			faults = append(faults, Fault{Offset: utf8.RuneCountInString(literal[:i]), Code: CodeShownBraces,
				Message: "}} is shown as it is: no {{ stands before it"})
		}
		if !found {
			break
		}
		open := offset + utf8.RuneCountInString(literal)
		inner, after, closed := cutExpression(tail)
		if !closed {
			faults = append(faults, Fault{Offset: open, Code: CodeBraces, Message: "these braces are not closed",
				Hint: `close them with }}, or write {{ "{{" }} for two braces`})
			break
		}
		start := open + len(openBraces)
		p, wrong := l.interpolation(inner, start)
		faults = append(faults, wrong...)
		t.add(p)
		offset = start + utf8.RuneCountInString(inner) + len(closeBraces)
		rest = after
	}
	if hasErrors(faults) {
		return nil, faults
	}
	return t, append(faults, t.check()...)
}

// shownBraces warns of braces in a literal that were surely meant to show a value: a single pair round a field's name.
func (l *Language) shownBraces(literal string, offset int) []Fault {
	var faults []Fault
	for i := range literal {
		if literal[i] != '{' {
			continue
		}
		inner, _, closed := strings.Cut(literal[i+1:], "}")
		if inner = strings.TrimSpace(inner); closed && l.names.field(inner) {
			faults = append(faults, Fault{Offset: offset + utf8.RuneCountInString(literal[:i]), Code: CodeShownBraces,
				Message: "single braces are shown as they are", Hint: "write {{ " + inner + " }}"})
		}
	}
	return faults
}

func hasErrors(faults []Fault) bool {
	for _, f := range faults {
		if !f.Warning() {
			return true
		}
	}
	return false
}

// add appends a part; literals that meet become one.
func (t *Template) add(p part) {
	last := len(t.parts) - 1
	switch {
	case p.shows != nil:
		t.parts = append(t.parts, p)
		t.reads = append(t.reads, p.shows.reads...)
		t.uses += p.shows.uses
	case p.literal == "":
	case last >= 0 && t.parts[last].shows == nil:
		t.parts[last].literal += p.literal
	default:
		t.parts = append(t.parts, p)
	}
}

// interpolation compiles what stands in a pair of braces; one that looks at nothing becomes a literal at once.
func (l *Language) interpolation(source string, start int) (part, []Fault) {
	x, faults := l.compile(source, interpolation)
	if x != nil {
		faults = x.faults
	}
	for i := range faults {
		faults[i].Offset += start
	}
	if x == nil {
		return part{}, faults
	}
	p := part{shows: x, offset: start}
	if !x.fixed || x.uses != "" { // what it uses must stay known
		return p, faults
	}
	value, err := NewScope(&event.Event{}).run(x)
	if err != nil {
		return part{}, append(faults, Fault{Offset: start, Code: CodeType, Message: runtimeMessage(err)})
	}
	v := shownOf(value)
	if v.blank() && !v.mayBeEmpty {
		return part{}, append(faults, Fault{Offset: start, Code: CodeBlankReply, Message: "this is always empty"})
	}
	return part{literal: joinPieces(v.pieces)}, faults
}

// check finds out whether a template says nothing, whatever is put in.
func (t *Template) check() []Fault {
	literals, shows := t.fixed()
	if !shows && text.Blank(literals) {
		return []Fault{{Code: CodeBlankReply, Message: "it must say something"}}
	}
	return nil
}

// Over finds out whether a template is longer than the limit, whatever is put in.
func (t *Template) Over(limit platform.Limit) []Fault {
	literals, shows := t.fixed()
	length := limit.Length(literals)
	if !shows {
		length = limit.Length(trimmed(literals))
	}
	if length <= limit.Max {
		return nil
	}
	message := fmt.Sprintf("the text has %d %s of at most %d", length, limit.Unit(), limit.Max)
	if shows {
		message += ", even before anything is put in"
	}
	return []Fault{{Code: CodeTooLong, Message: message}}
}

// fixed is what of a template doesn't depend on the event, and whether that isn't all.
func (t *Template) fixed() (literals string, shows bool) {
	var b strings.Builder
	for _, p := range t.parts {
		b.WriteString(p.literal)
		shows = shows || p.shows != nil
	}
	return b.String(), shows
}

// cutExpression cuts before the closing braces of an interpolation, passing over texts, comments and braces that
// belong to the expression.
func cutExpression(s string) (inner, after string, closed bool) {
	depth := 0
	for i := 0; i < len(s); {
		switch {
		case depth == 0 && strings.HasPrefix(s[i:], closeBraces):
			return s[:i], s[i+len(closeBraces):], true
		case s[i] == '"' || s[i] == '\'' || s[i] == '`':
			n := quoted(s[i:])
			if n < 0 {
				return unclosedQuote(s)
			}
			i += n
		case strings.HasPrefix(s[i:], "/*"):
			end := strings.Index(s[i+2:], "*/")
			if end < 0 {
				return "", "", false
			}
			i += end + len("/**/")
		default:
			switch {
			case s[i] == '{':
				depth++
			case s[i] == '}' && depth > 0:
				depth--
			}
			i++
		}
	}
	return "", "", false
}

// unclosedQuote ends an interpolation at its first braces, so that the expression's own error tells of the quote.
func unclosedQuote(s string) (inner, after string, closed bool) { return strings.Cut(s, closeBraces) }

// quoted is the length of the quoted text that s begins with; -1 if it isn't closed.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] != '`':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return -1
}

// place changes an interpolation's tree so that every value tells where it comes from when it is shown: what the
// author wrote, a username, raw, or (without a mark) the outside. It returns warnings.
func (l *Language) place(node *ast.Node) []Fault {
	n := *node
	switch n := n.(type) {
	case *ast.ConditionalNode:
		return append(l.place(&n.Exp1), l.place(&n.Exp2)...)
	case *ast.BinaryNode:
		if n.Operator == "+" && isText(n) {
			faults := append(l.place(&n.Left), l.place(&n.Right)...)
			*node = call(n, workBeside, n.Left, n.Right)
			return faults
		}
	case *ast.CallNode:
		switch calleeOf(n) {
		case "plural":
			*node = choice(n)
			return l.place(node)
		case "raw":
			*node = call(n, workRaw, n.Arguments...)
			return []Fault{{Offset: begin(n), Code: CodeRaw, Message: "raw shows what a stranger typed as it is, mentions, hashtags and links included"}}
		case "optional":
			faults := l.place(&n.Arguments[0])
			*node = call(n, workOptional, n.Arguments...)
			return faults
		case "default":
			faults := append(l.place(&n.Arguments[0]), l.place(&n.Arguments[1])...)
			*node = call(n, workDefault, n.Arguments...)
			return faults
		}
	}
	reads := l.names.readBy(n)
	switch {
	case !isText(n):
	case len(reads) == 0 && !usesElement(n):
		*node = call(n, workAuthored, n)
	case isUsernameField(n):
		*node = call(n, workUsername, n)
	case strangersText(reads):
		return []Fault{{Offset: begin(n), Code: CodeStrangerText, Message: "the reply shows a stranger's own words", Hint: "they are defused, but still a stranger's; say it in your own where you can"}}
	}
	return nil
}

// usesElement is never true of a tree that was checked and reads nothing, since a loop needs a list; it is asked all
// the same, because a wrong answer would let a stranger's text pass.
func usesElement(root ast.Node) bool {
	found := false
	each(root, func(n ast.Node) {
		_, is := n.(*ast.PointerNode)
		found = found || is
	})
	return found
}

// isUsernameField is true of the fields that hold a username and nothing else, which needs no defusing.
func isUsernameField(n ast.Node) bool {
	if c, ok := n.(*ast.ChainNode); ok {
		n = c.Node
	}
	m, ok := n.(*ast.MemberNode)
	if !ok {
		return false
	}
	base, isName := m.Node.(*ast.IdentifierNode)
	field, isField := m.Property.(*ast.StringNode)
	if !isName || !isField {
		return false
	}
	switch base.Value + "." + field.Value {
	case "from.username", "media.owner", "account.username":
		return true
	}
	return false
}

func strangersText(reads []string) bool {
	for _, name := range reads {
		if name == "text" || name == "media.caption" {
			return true
		}
	}
	return false
}
