package expression

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/text"
)

// Function is one function of the rule language, as a reference prints it.
type Function struct {
	Name string
	// Signatures are how it may be called, as in "has(text, word, …)".
	Signatures []string
	Help       string
	// TemplateOnly functions say how a value is shown and mean nothing in a condition.
	TemplateOnly bool
}

// Functions are all functions of the rule language, in alphabetical order.
func Functions() []Function {
	var all []Function
	for _, f := range ownFunctions() {
		all = append(all, f.Function)
	}
	all = append(all, exprFunctions()...)
	slices.SortFunc(all, func(a, b Function) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// native is a function that this package brings: how it is typed, and what runs. A nil run means that every use is
// replaced when the expression is compiled.
type native struct {
	Function
	types []any
	run   func(args ...any) (any, error)
}

func ownFunctions() []native {
	return []native{
		{Function{Name: "has", Signatures: []string{"has(text, word, …)"},
			Help: "true if any of the words or phrases stands in the text, whatever case, accents and signs; words may be lists"},
			[]any{new(func(string, ...any) bool)}, nil},
		{Function{Name: "hasAll", Signatures: []string{"hasAll(text, word, …)"},
			Help: "true if all of the words or phrases stand in the text, as has looks for them"},
			[]any{new(func(string, ...any) bool)}, nil},
		{Function{Name: "like", Signatures: []string{"like(text, word)"},
			Help: "true if the word or phrase stands in the text, perhaps with a small spelling mistake; short words must be spelt right"},
			[]any{new(func(string, string) bool)}, nil},
		{Function{Name: "plural", Signatures: []string{"plural(n, one, other)"},
			Help: "one if n is 1, else other, as in plural(comment.like_count, \"like\", \"likes\")"},
			[]any{new(func(int, string, string) string)}, nil},
		{Function{Name: "capture", Signatures: []string{`capture(text, "(?P<name>…)")`},
			Help: "the pattern's named groups that took part in the first match, as in capture(text, \"size (?P<size>[a-z]+)\").size; empty without a match"},
			[]any{new(func(string, string) map[string]string)}, nil},
		{Function{Name: "fold", Signatures: []string{"fold(text)"},
			Help: "the text in lower case, without accents, full-width forms narrowed: for comparing"},
			[]any{new(func(string) string)},
			func(args ...any) (any, error) { return text.Fold(args[0].(string)), nil }},
		{Function{Name: "truncate", Signatures: []string{"truncate(text, n)"},
			Help: "the text's first n characters as people count them"},
			[]any{new(func(string, int) string)}, truncate},
		{Function{Name: "default", Signatures: []string{"default(text, other)"},
			Help: "the text, or the other one if nothing of it could be shown"},
			[]any{new(func(string, string) string)}, defaultText},
		{Function{Name: "string", Signatures: []string{"string(value)"},
			Help: "a number, true or false as text"},
			[]any{new(func(string) string), new(func(int) string), new(func(float64) string), new(func(bool) string)}, stringOf},
		{Function{Name: "split", Signatures: []string{"split(text, separator)"},
			Help: "the text's parts between the separators"},
			[]any{new(func(string, string) []string)}, nil},
		{Function{Name: "join", Signatures: []string{"join(list)", "join(list, separator)"},
			Help: "the list's texts put together"},
			[]any{new(func([]string) string), new(func([]string, string) string), new(func([]any) string), new(func([]any, string) string)}, joined},
		{Function{Name: "replace", Signatures: []string{"replace(text, old, new)"},
			Help: "the text with every old replaced by new"},
			[]any{new(func(string, string, string) string)}, replaced},
		{Function{Name: "optional", Signatures: []string{"optional(text)"}, TemplateOnly: true,
			Help: "in a template: the text, which may be empty without holding the reply back"},
			[]any{new(func(string) string)}, nil},
		{Function{Name: "raw", Signatures: []string{"raw(text)"}, TemplateOnly: true,
			Help: "in a template: the text just as it came, mentions, hashtags and links included"},
			[]any{new(func(string) string)}, nil},
	}
}

// exprFunctions are expr's own that a rule may use: the pure ones whose work and result are bounded by what they are
// given. Left out on purpose: now, date, timezone and duration (a rule knows no clock), repeat, concat, flatten,
// groupBy, sortBy, reduce, sort, uniq and the like (work or memory beyond what the event holds), get, type and the
// conversions to and from JSON and base64 (they lead round the types or show Go's).
func exprFunctions() []Function {
	return []Function{
		{Name: "all", Signatures: []string{"all(list, condition)"}, Help: "true if the condition holds for every element, called # in it"},
		{Name: "any", Signatures: []string{"any(list, condition)"}, Help: "true if the condition holds for an element, called # in it"},
		{Name: "none", Signatures: []string{"none(list, condition)"}, Help: "true if the condition holds for no element"},
		{Name: "one", Signatures: []string{"one(list, condition)"}, Help: "true if the condition holds for exactly one element"},
		{Name: "filter", Signatures: []string{"filter(list, condition)"}, Help: "the elements for which the condition holds"},
		{Name: "map", Signatures: []string{"map(list, expression)"}, Help: "what the expression gives for every element"},
		{Name: "find", Signatures: []string{"find(list, condition)"}, Help: "the first element for which the condition holds; empty if none"},
		{Name: "count", Signatures: []string{"count(list, condition)"}, Help: "for how many elements the condition holds"},
		{Name: "len", Signatures: []string{"len(value)"}, Help: "how many characters a text or elements a list has"},
		{Name: "first", Signatures: []string{"first(list)"}, Help: "the first element; empty if there is none"},
		{Name: "last", Signatures: []string{"last(list)"}, Help: "the last element; empty if there is none"},
		{Name: "lower", Signatures: []string{"lower(text)"}, Help: "the text in lower case"},
		{Name: "upper", Signatures: []string{"upper(text)"}, Help: "the text in upper case"},
		{Name: "trim", Signatures: []string{"trim(text)", "trim(text, characters)"}, Help: "the text without white space, or the characters, at its ends"},
		{Name: "trimPrefix", Signatures: []string{"trimPrefix(text, prefix)"}, Help: "the text without the prefix"},
		{Name: "trimSuffix", Signatures: []string{"trimSuffix(text, suffix)"}, Help: "the text without the suffix"},
		{Name: "hasPrefix", Signatures: []string{"hasPrefix(text, prefix)"}, Help: "true if the text begins with the prefix"},
		{Name: "hasSuffix", Signatures: []string{"hasSuffix(text, suffix)"}, Help: "true if the text ends with the suffix"},
		{Name: "indexOf", Signatures: []string{"indexOf(text, part)"}, Help: "where the part begins in the text, in bytes from 0; -1 if it doesn't stand there"},
		{Name: "lastIndexOf", Signatures: []string{"lastIndexOf(text, part)"}, Help: "where the part begins last"},
		{Name: "int", Signatures: []string{"int(value)"}, Help: "a text or number as whole number"},
		{Name: "float", Signatures: []string{"float(value)"}, Help: "a text or number as number"},
		{Name: "abs", Signatures: []string{"abs(number)"}, Help: "the number without its sign"},
		{Name: "ceil", Signatures: []string{"ceil(number)"}, Help: "the next whole number above"},
		{Name: "floor", Signatures: []string{"floor(number)"}, Help: "the next whole number below"},
		{Name: "round", Signatures: []string{"round(number)"}, Help: "the nearest whole number"},
		{Name: "max", Signatures: []string{"max(number, …)"}, Help: "the largest"},
		{Name: "min", Signatures: []string{"min(number, …)"}, Help: "the smallest"},
	}
}

func truncate(args ...any) (any, error) {
	n := args[1].(int)
	if n < 0 {
		return nil, fmt.Errorf("truncate after %d characters", n)
	}
	return text.Truncate(args[0].(string), n), nil
}

// defaultText judges what would be left to show, not what came: "@" or a zero-width space is nothing to greet with.
func defaultText(args ...any) (any, error) {
	if s := args[0].(string); !blankWhenShown(s) {
		return s, nil
	}
	return args[1], nil
}

func blankWhenShown(s string) bool {
	return !text.IsUsername(s) && piece{s, outside}.blank()
}

func stringOf(args ...any) (any, error) {
	switch v := args[0].(type) {
	case string, int, float64, bool:
		return fmt.Sprint(v), nil
	default:
		return nil, errors.New("string takes a text, a number, true or false")
	}
}

func joined(args ...any) (any, error) {
	separator := ""
	if len(args) == 2 {
		separator = args[1].(string)
	}
	list, err := textsOf(args[0])
	if err != nil {
		return nil, err
	}
	size := len(separator) * max(0, len(list)-1)
	for _, s := range list {
		if size += len(s); size > maxBuilt {
			return nil, errBuilt
		}
	}
	if size > maxBuilt {
		return nil, errBuilt
	}
	return strings.Join(list, separator), nil
}

func replaced(args ...any) (any, error) {
	s, from, to := args[0].(string), args[1].(string), args[2].(string)
	if grows := len(to) - len(from); grows > 0 && strings.Count(s, from) > (maxBuilt-len(s))/grows {
		return nil, errBuilt
	}
	return strings.ReplaceAll(s, from, to), nil
}

// textsOf is a list of texts, whatever kind of list expr made of it.
func textsOf(list any) ([]string, error) {
	switch l := list.(type) {
	case []string:
		return l, nil
	case []any:
		texts := make([]string, len(l))
		for i, v := range l {
			s, ok := v.(string)
			if !ok {
				return nil, errors.New("the list must hold texts only")
			}
			texts[i] = s
		}
		return texts, nil
	default:
		return nil, errors.New("a list of texts is needed")
	}
}
