package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/yamlpos"
)

// secretKey knows the keys whose values are secrets. What stands below them is left to the reading of secrets.
var secretKey = regexp.MustCompile(`^(app_secret|access_token|verify_token|token|token_key|url)$`)

// substitute puts the environment into all values but the secrets.
func (l *loader) substitute(doc *yamlpos.Doc) {
	doc.Substitute(func(keys []string, value yamlpos.Text) (string, bool) {
		for _, key := range keys {
			if secretKey.MatchString(key) {
				return value.Value, true
			}
		}
		return l.expand(value, l.SkipSecrets && (len(keys) == 0 || !slices.Contains(l.Needed, keys[0])))
	})
}

var variable = regexp.MustCompile(`\$\$|\$\{([^{}$]*)\}|\$\{`)

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// expand puts the environment's values in the place of ${NAME}, and $ in that of $$. Any other $ is itself. What can't
// be put in is reported, by name only; lenient, what isn't set is not. Values that are put in are not looked through
// again.
func (l *loader) expand(text yamlpos.Text, lenient bool) (string, bool) {
	ok := true
	expanded := replaceAll(text.Value, func(at int, name string, closed bool) string {
		value, problem, hint := l.lookUp(name, closed)
		if problem != "" {
			ok = false
			if !lenient || !variableName.MatchString(name) {
				offset := len([]rune(text.Value[:at]))
				l.report(text.ProblemAt(offset, codeEnvironment, problem, hint))
			}
		}
		return value
	})
	return expanded, ok
}

// replaceAll walks the variables of a text. replace gets the byte offset of each, its name, and whether it is closed.
func replaceAll(text string, replace func(at int, name string, closed bool) string) string {
	var b strings.Builder
	from := 0
	for _, m := range variable.FindAllStringSubmatchIndex(text, -1) {
		b.WriteString(text[from:m[0]])
		from = m[1]
		switch {
		case text[m[0]:m[1]] == "$$":
			b.WriteByte('$')
		case m[2] < 0:
			b.WriteString(replace(m[0], "", false))
		default:
			b.WriteString(replace(m[0], text[m[2]:m[3]], true))
		}
	}
	b.WriteString(text[from:])
	return b.String()
}

// lookUp gives a variable's value, or what is wrong with it. Of a name that is none nothing is repeated: it may be a
// secret that was put between the braces.
func (l *loader) lookUp(name string, closed bool) (value, problem, hint string) {
	if !closed {
		return "", "${ is not closed by a }", "write $$ for a $ itself"
	}
	if !variableName.MatchString(name) {
		return "", "between ${ and } must stand the name of an environment variable", "letters, digits and _; write $$ for a $ itself"
	}
	if l.Getenv == nil {
		return "", fmt.Sprintf("the environment variable %s is not set", name), ""
	}
	value, ok := l.Getenv(name)
	switch {
	case !ok:
		return "", fmt.Sprintf("the environment variable %s is not set", name), ""
	case value == "":
		return "", fmt.Sprintf("the environment variable %s is empty", name), ""
	}
	return value, "", ""
}
