package expression

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// maxPattern is the most instructions that a regular expression may have: a repetition such as x{1000} has as many.
const maxPattern = 10_000

// pattern is a regular expression with what it costs. Matching takes time in proportion to the text and, at worst, to
// the instructions, so both are counted.
type pattern struct {
	*regexp.Regexp
	weight int
}

func newPattern(source string) (*pattern, error) {
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, errors.New("bad pattern: " + strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return nil, err
	}
	if len(program.Inst) > maxPattern {
		return nil, errors.New("the pattern is too large")
	}
	compiled, err := regexp.Compile(source)
	if err != nil {
		return nil, err
	}
	return &pattern{compiled, 1 + len(program.Inst)/16}, nil
}

// pattern makes a pattern once for all that use it.
func (l *Language) pattern(source string) (*pattern, error) {
	if known, ok := l.patterns[source]; ok {
		return known, nil
	}
	p, err := newPattern(source)
	if err != nil {
		return nil, err
	}
	l.patterns[source] = p
	return p, nil
}

// mustPattern is for a pattern that was made before, when the expression was checked.
func (l *Language) mustPattern(source string) *pattern {
	p, err := l.pattern(source)
	if err != nil {
		panic(err)
	}
	return p
}

// groups are the names of the groups that have one.
func (p *pattern) groups() []string {
	return slices.DeleteFunc(slices.Clone(p.SubexpNames()), func(name string) bool { return name == "" })
}

// cost is the steps that matching a text takes.
func (p *pattern) cost(s string) int { return p.steps(len(s)) }

// steps is the cost of a text of so many bytes.
func (p *pattern) steps(size int) int { return 1 + size*p.weight/stepText }
