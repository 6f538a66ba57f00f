package expression

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/expr-lang/expr/file"
)

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
			hint := ""
			if p[0] == "not" || p[0] == "!" {
				hint = `put brackets round what is meant, as in not (text == "x")`
			}
			return fmt.Sprintf("%s doesn't go before %s", p[0], wordFor(p[1])), hint
		}},
		{regexp.MustCompile(`^(not enough|too many) arguments to call (\S+)`), CodeArguments, func(p []string, l *Language) (string, string) {
			return fmt.Sprintf("%s has %s arguments", p[1], map[string]string{"not enough": "too few", "too many": "too many"}[p[0]]), signature(l, p[1])
		}},
		{regexp.MustCompile(`^invalid number of arguments.* \(expected (.+), got (\d+)\)`), CodeArguments, func(p []string, _ *Language) (string, string) {
			return fmt.Sprintf("this function takes %s between its brackets, and not %s", things(p[0]), p[1]), "answerback help expressions lists the functions"
		}},
		{regexp.MustCompile(`^cannot use (.+) as argument \(type (.+)\) to call (\S+)`), CodeArguments, func(p []string, l *Language) (string, string) {
			if f := l.conf.Functions[p[2]]; f != nil && len(f.Types) > 1 {
				return fmt.Sprintf("%s can't take %s", p[2], wordFor(p[0])), signature(l, p[2])
			}
			hint := signature(l, p[2])
			if strings.HasPrefix(p[0], "[]") && p[1] == "string" {
				hint = hintForList
			}
			return fmt.Sprintf("%s needs %s here, but this is %s", p[2], wordFor(p[1]), wordFor(p[0])), hint
		}},
		{regexp.MustCompile(`^type (.+)\[.+\] is undefined`), "", func(p []string, _ *Language) (string, string) {
			if p[0] == "string" {
				return "a text has no elements", "truncate(text, n) gives the first characters"
			}
			return wordFor(p[0]) + " has no elements", ""
		}},
		{regexp.MustCompile(`^cannot use (.+) as type (.+) in (?:array|map key)`), "", func(p []string, _ *Language) (string, string) {
			message, hint := fmt.Sprintf("%s can't be in a list of %s", wordFor(p[0]), wordFor(p[1])), ""
			if strings.HasPrefix(p[0], "event.") {
				hint = hintForGroup
			}
			return message, hint
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

// What is said where a single text is needed.
const (
	hintForGroup = "name one of its fields, as in from.username"
	hintForList  = `in looks into a list, as in "sale" in hashtags`
)

// things is a number of them.
func things(n string) string {
	if n == "1" {
		return "1 thing"
	}
	return n + " things"
}

func hintForMismatch(parts []string) string {
	operator, left, right := parts[0], parts[1], parts[2]
	number := func(t string) bool { return t == "int" || t == "int64" || t == "float64" }
	list := func(t string) bool { return strings.HasPrefix(t, "[]") }
	group := func(t string) bool { return strings.HasPrefix(t, "event.") }
	switch {
	case group(left) || group(right):
		return hintForGroup
	case operator == "in" && left == "string" && right == "string":
		return `in looks into a list, as in from.username in ["ada", "bob"]; has(text, "word") looks for words`
	case (operator == "==" || operator == "!=" || strings.ContainsAny(operator, "<>")) && (number(left) && right == "string" || left == "string" && number(right)):
		return "numbers stand without quotes"
	case (operator == "==" || operator == "!=" || operator == "contains") && (list(left) && right == "string" || left == "string" && list(right)):
		return hintForList
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
