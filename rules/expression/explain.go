package expression

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
	"golang.org/x/text/width"

	"github.com/answerback/answerback/rules/yamlpos"

	"github.com/answerback/answerback/rules/text"
)

// explainSyntax says in a person's words what expr's parser said in its own.
func (l *Language) explainSyntax(err error, source string) Fault {
	var at *file.Error
	if !errors.As(err, &at) {
		return Fault{Code: CodeSyntax, Message: firstLine(err.Error())}
	}
	f := Fault{Offset: at.From, Code: CodeSyntax, Message: at.Message}
	if strings.Contains(at.Message, "maximum allowed nodes") {
		f.Code, f.Message = CodeTooComplex, fmt.Sprintf("the expression has more than %d parts", maxNodes)
		f.Hint = "make several rules of it"
		return f
	}
	kind, value, isToken := token(at.Message)
	switch {
	case isToken && kind == "EOF":
		f.Offset, f.Message = utf8.RuneCountInString(strings.TrimRight(source, " \t\r\n")), "the expression ends too early"
	case isToken:
		f.Message, f.Hint = fmt.Sprintf("%s is not expected here", value), hintForToken(kind, value)
	case strings.HasPrefix(at.Message, "literal not terminated"):
		f.Message = "the quote is not closed"
	case strings.HasPrefix(at.Message, "unrecognized character"):
		f.Message, f.Hint = unrecognized(source, at.From)
	}
	return f
}

// token takes apart "unexpected token Operator("=")" and "unexpected token EOF".
func token(message string) (kind, value string, ok bool) {
	rest, ok := strings.CutPrefix(message, "unexpected token ")
	if !ok {
		return "", "", false
	}
	kind, value, _ = strings.Cut(rest, "(")
	return kind, strings.Trim(strings.TrimSuffix(value, ")"), `"`), true
}

func hintForToken(kind, value string) string {
	switch value {
	case "=":
		return "== compares"
	case "AND", "And", "OR", "Or", "NOT", "Not", "IN", "In":
		return "write " + strings.ToLower(value)
	case "!":
		return "write not, or != to compare"
	case ".":
		return "names have no dot before them"
	}
	if near, ok := yamlpos.Nearest(value, []string{"contains", "startsWith", "endsWith", "matches"}); ok && kind == "Identifier" {
		return "did you mean " + near + "?"
	}
	switch kind {
	case "Identifier", "String", "Number":
		return "and, or, a sign such as ==, or a comma is missing before it"
	}
	return ""
}

func unrecognized(source string, at int) (message, hint string) {
	runes := []rune(source)
	if at >= len(runes) {
		at = len(runes) - 1
	}
	r := runes[at]
	message = fmt.Sprintf("%q is not expected here", string(r))
	switch r {
	case '“', '”', '„', '‘', '’', '«', '»':
		hint = `texts stand in straight quotes, as in "text"`
	case '&':
		hint = "write and"
	case '@':
		hint = `texts stand in quotes, and usernames have no @, as in "ada"`
	default:
		if narrow := width.LookupRune(r).Narrow(); narrow != 0 {
			hint = "write " + string(narrow)
		} else if text.Blank(string(r)) {
			hint = "it can't be seen; delete it"
		}
	}
	return message, hint
}

// explainTypes says in a person's words what expr's checker found.
func (l *Language) explainTypes(err error) Fault {
	var at *file.Error
	if !errors.As(err, &at) {
		return Fault{Code: CodeType, Message: inWords(firstLine(err.Error()))}
	}
	f := Fault{Offset: at.From, Code: CodeType}
	if l.explanations == nil {
		l.explanations = explanations()
	}
	for _, e := range l.explanations {
		if m := e.says.FindStringSubmatch(at.Message); m != nil {
			if e.code != "" {
				f.Code = e.code
			}
			f.Message, f.Hint = e.explain(m[1:], l)
			return f
		}
	}
	f.Message = inWords(at.Message)
	return f
}

// explanation turns one of expr's messages into one that names neither Go nor its types.
type explanation struct {
	says    *regexp.Regexp
	code    string
	explain func(parts []string, l *Language) (message, hint string)
}

func explanations() []explanation {
	signature := func(l *Language, name string) string { return strings.Join(l.functions[name].Signatures, " or ") }
	return []explanation{
		{regexp.MustCompile(`^unknown name (\S+)`), CodeUnknownName, func(p []string, l *Language) (string, string) {
			return "unknown name " + p[0], didYouMean(p[0], l.names.top())
		}},
		{regexp.MustCompile(`^type (\S+) has no (?:field|method) (\S+)`), CodeUnknownName, func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("%s has no field %q", wordFor(p[0]), p[1]), ""
		}},
		{regexp.MustCompile(`^invalid operation: (and|or|&&|\|\|) \(mismatched types (.+) and (.+)\)`), "", func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("%s needs true or false on both sides, but here are %s and %s", p[0], wordFor(p[1]), wordFor(p[2])),
				`look for several words with has(text, "one", "two")`
		}},
		{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched types (.+) and (.+)\)`), "", func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("%s doesn't go between %s and %s", p[0], wordFor(p[1]), wordFor(p[2])), hintForMismatch(p)
		}},
		{regexp.MustCompile(`^invalid operation: (\S+) \(mismatched type (.+)\)`), "", func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("%s doesn't go before %s", p[0], wordFor(p[1])), ""
		}},
		{regexp.MustCompile(`^(not enough|too many) arguments to call (\S+)`), CodeArguments, func(p []string, l *Language) (string, string) {
			return fmt.Sprintf("%s has %s arguments", p[1], map[string]string{"not enough": "too few", "too many": "too many"}[p[0]]), signature(l, p[1])
		}},
		{regexp.MustCompile(`^cannot use (.+) as argument \(type (.+)\) to call (\S+)`), CodeArguments, func(p []string, l *Language) (string, string) {
			if f := l.conf.Functions[p[2]]; f != nil && len(f.Types) > 1 {
				return fmt.Sprintf("%s can't take %s", p[2], wordFor(p[0])), signature(l, p[2])
			}
			return fmt.Sprintf("%s needs %s here, but this is %s", p[2], wordFor(p[1]), wordFor(p[0])), signature(l, p[2])
		}},
		{regexp.MustCompile(`^type (.+)\[.+\] is undefined`), "", func(p []string, _ *Language) (string, string) {
			if p[0] == "string" {
				return "a text has no elements", "truncate(text, n) gives the first characters"
			}
			return wordFor(p[0]) + " has no elements", ""
		}},
		{regexp.MustCompile(`^cannot use (.+) as type (.+) in (?:array|map key)`), "", func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("%s can't be in a list of %s", wordFor(p[0]), wordFor(p[1])), ""
		}},
		{regexp.MustCompile(`^predicate should return boolean \(got (.+)\)`), "", func(p []string, _ *Language) (string, string) {
			return "the condition must be true or false, but this is " + wordFor(p[0]), `# stands for the element, as in any(words, # == "yes")`
		}},
		{regexp.MustCompile(`^builtin (\S+) takes only array \(got (.+)\)`), CodeArguments, func(p []string, l *Language) (string, string) {
			return fmt.Sprintf("%s needs a list here, but this is %s", p[0], wordFor(p[1])), signature(l, p[0])
		}},
		{regexp.MustCompile(`^cannot use pointer accessor outside predicate`), CodeUnknownName, func([]string, *Language) (string, string) {
			return "# and a leading dot stand for an element and mean something only within all, any, filter and the like", ""
		}},
		{regexp.MustCompile(`^array elements can only be selected using an integer`), "", func([]string, *Language) (string, string) {
			return "an element of a list is named by its number, from 0", ""
		}},
		{regexp.MustCompile(`^non-bool expression \(type (.+)\) used as condition`), "", func(p []string, _ *Language) (string, string) {
			return "the condition must be true or false, but this is " + wordFor(p[0]), ""
		}},
		{regexp.MustCompile(`^invalid argument for (\S+) \(type (.+)\)`), CodeArguments, func(p []string, l *Language) (string, string) {
			return fmt.Sprintf("%s can't take %s", p[0], wordFor(p[1])), signature(l, p[0])
		}},
	}
}

func hintForMismatch(parts []string) string {
	if parts[0] == "in" && parts[1] == "string" && parts[2] == "string" {
		return `has(text, "word") looks for words; contains looks for any part`
	}
	return ""
}

// wordFor says what a Go type's name means to an author.
func wordFor(goType string) string {
	switch {
	case goType == "string":
		return "text"
	case goType == "bool":
		return "true or false"
	case goType == "int" || goType == "int64" || goType == "float64":
		return "a number"
	case goType == "nil":
		return "nothing"
	case goType == "time.Time":
		return "a time"
	case goType == "time.Duration":
		return "a length of time"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "map["):
		return "a set of named values"
	case strings.HasPrefix(goType, "event."):
		return "a group of fields"
	case strings.HasPrefix(goType, "func("):
		return "a function"
	default:
		return "a value of no clear type"
	}
}

// inWords is for a message without an explanation of its own: at least no Go type is named in it.
func inWords(message string) string {
	goTypes := regexp.MustCompile(`\[\](?:interface \{\}|\w+)|map\[\w+\]\w+|event\.\w+|time\.\w+|interface \{\}|\b(?:string|bool|int64|int|float64|unknown)\b`)
	return goTypes.ReplaceAllStringFunc(message, wordFor)
}
