package expression

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/file"
	"golang.org/x/text/width"

	"github.com/answerback/answerback/rules/text"
	"github.com/answerback/answerback/rules/yamlpos"
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
		if strings.Count(source, "(") > strings.Count(source, ")") {
			f.Hint = "a ) is missing"
		}
	case isToken:
		f.Message, f.Hint = fmt.Sprintf("%s is not expected here", value), l.hintForToken(kind, value, source, at.From)
	case strings.HasPrefix(at.Message, "literal not terminated"):
		f.Message = "the quote is not closed"
	case strings.HasPrefix(at.Message, "invalid char escape"):
		f.Message, f.Hint = `\ must stand twice in a text`, `as in text matches "\\d+"; or put backticks round the text, as in `+"`\\d+`"
	case strings.HasPrefix(at.Message, "a map key must be"):
		f.Message, f.Hint = "braces are not expected here", "an expression stands without braces round it"
	case strings.Contains(at.Message, "coalesce"):
		f.Code, f.Message, f.Hint = CodeNotAllowed, neverNil, insteadOfNil
	case strings.HasPrefix(at.Message, "unrecognized character"):
		f.Message, f.Hint = unrecognized(source, at.From)
	}
	if first, _, _ := strings.Cut(strings.TrimSpace(source), " "); first == "if" || first == "If" || first == "IF" {
		f.Hint = "leave out the if: only what must be true is written here"
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

// hintForToken is what is probably meant by a token where none such may stand.
func (l *Language) hintForToken(kind, value, source string, at int) string {
	before, after := around(source, value, at)
	if hint := l.hintForCall(value, before, after); hint != "" {
		return hint
	}
	switch value {
	case ")":
		if strings.Count(source, "(") < strings.Count(source, ")") {
			return "there are more ) than ("
		}
	case ",":
		if strings.Count(before, "(") == strings.Count(before, ")") {
			return `look for several words with has(text, "one", "two")`
		}
	case "=", "is", "equals":
		if sign := strings.TrimSpace(after); value == "=" && sign != "" && strings.Contains("<>", sign[:1]) {
			return "write " + sign[:1] + "="
		}
		return "== compares"
	case "&":
		return "write and"
	case "AND", "And", "OR", "Or", "NOT", "Not", "IN", "In":
		return "write " + strings.ToLower(value)
	case "!":
		return "write not, or != to compare"
	case ".":
		return "names have no dot before them"
	}
	if near, ok := yamlpos.Nearest(value, textOperators()); ok && kind == "Identifier" {
		return "did you mean " + near + "?"
	}
	switch kind {
	case "Identifier", "String", "Number":
		return "and, or, a sign such as ==, or a comma is missing before it"
	}
	return ""
}

// textOperators are the operators between texts that are words.
func textOperators() []string { return []string{"contains", "startsWith", "endsWith", "matches"} }

// hintForCall is about functions that are written like operators, and operators that are written like functions.
func (l *Language) hintForCall(value, before, after string) string {
	isCall := strings.HasPrefix(strings.TrimSpace(after), "(")
	for _, operator := range textOperators() {
		if value == operator && isCall {
			return fmt.Sprintf(`it stands between two texts, as in text %s "word"`, operator)
		}
	}
	words := strings.Fields(before)
	if len(words) > 0 {
		if f, ok := l.functions[words[len(words)-1]]; ok {
			return "a function has brackets, as in " + f.Signatures[0]
		}
	}
	if f, ok := l.functions[value]; ok && !isCall {
		return "a function stands first, as in " + f.Signatures[0]
	}
	return ""
}

// around is what stands before a token and what follows it.
func around(source, value string, at int) (before, after string) {
	runes := []rune(source)
	at = min(at, len(runes))
	return string(runes[:at]), strings.TrimPrefix(string(runes[at:]), value)
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
	case '\\':
		message, hint = `\ is not expected here`, `" needs no \ before it, unless the whole stands in double quotes`
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
