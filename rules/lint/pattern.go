package lint

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// asciiPattern finds \b and \w where they stand beside a letter that they don't know.
func asciiPattern(t expression.Test, _ []platform.Kind) (trap, bool) {
	if t.Verb != expression.Matches && t.Verb != expression.Captures {
		return trap{}, false
	}
	re, err := syntax.Parse(t.Words[0].Text, syntax.Perl)
	if err != nil {
		return trap{}, false
	}
	var found seams
	if found.within(re); found.wrong == "" {
		return trap{}, false
	}
	return trap{codeASCIIPattern, t.Words[0].Offset, fmt.Sprintf("%s in a pattern knows the letters a to z only, and not those beside it", found.wrong),
		`has(text, "word") finds whole words in every language; in a pattern \pL is any letter`}, true
}

// seams looks at where the parts of a pattern meet.
type seams struct {
	wrong string // the first part that knows ASCII only and meets another letter, as it is written
}

// edge is what a part of a pattern may begin or end with.
type edge struct {
	ascii   string // \b or \w
	foreign bool   // a letter beyond ASCII
}

func (e edge) or(other edge) edge {
	if e.ascii == "" {
		e.ascii = other.ascii
	}
	e.foreign = e.foreign || other.foreign
	return e
}

// ends are what a part may begin and end with; empty tells that it may be nothing.
type ends struct {
	first, last edge
	empty       bool
}

func same(e edge) ends { return ends{first: e, last: e} }

func (s *seams) within(re *syntax.Regexp) ends {
	switch re.Op {
	case syntax.OpLiteral:
		return ends{first: edge{foreign: isForeign(re.Rune[0])}, last: edge{foreign: isForeign(re.Rune[len(re.Rune)-1])}}
	case syntax.OpCharClass:
		return same(ofClass(re.Rune))
	case syntax.OpWordBoundary:
		return same(edge{ascii: `\b`})
	case syntax.OpNoWordBoundary:
		return same(edge{ascii: `\B`})
	case syntax.OpCapture, syntax.OpPlus:
		return s.within(re.Sub[0])
	case syntax.OpStar, syntax.OpQuest, syntax.OpRepeat:
		inner := s.within(re.Sub[0])
		inner.empty = inner.empty || re.Op != syntax.OpRepeat || re.Min == 0
		return inner
	case syntax.OpConcat:
		return s.concatenated(re.Sub)
	case syntax.OpAlternate:
		all := s.within(re.Sub[0])
		for _, sub := range re.Sub[1:] {
			other := s.within(sub)
			all = ends{all.first.or(other.first), all.last.or(other.last), all.empty || other.empty}
		}
		return all
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return ends{}
	}
	return ends{empty: true}
}

func (s *seams) concatenated(parts []*syntax.Regexp) ends {
	all := ends{empty: true}
	for _, part := range parts {
		next := s.within(part)
		s.meet(all.last, next.first)
		if all.empty {
			all.first = all.first.or(next.first)
		}
		if next.empty {
			next.last = next.last.or(all.last)
		}
		all.last, all.empty = next.last, all.empty && next.empty
	}
	return all
}

// meet notes if two edges that meet don't go together.
func (s *seams) meet(left, right edge) {
	switch {
	case s.wrong != "":
	case left.foreign && right.ascii != "":
		s.wrong = right.ascii
	case right.foreign && left.ascii != "":
		s.wrong = left.ascii
	}
}

func isForeign(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }

// ofClass tells \w from other classes, and those of foreign letters alone.
func ofClass(ranges []rune) edge {
	if slices.Equal(ranges, []rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z'}) ||
		slices.Equal(ranges, []rune{'0', '9', 'A', 'Z', '_', '_', 'a', 'z', 'ſ', 'ſ', 'K', 'K'}) { // the latter with (?i)
		return edge{ascii: `\w`}
	}
	return edge{foreign: len(ranges) > 0 && isForeign(ranges[0])}
}

// casedLiteral is a text in a pattern that is found in one case only; empty if there is none, or if the pattern takes
// care of case by itself.
func casedLiteral(pattern string) string {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil || strings.Contains(pattern, "[") {
		return ""
	}
	var literals []string
	var collect func(*syntax.Regexp)
	collect = func(re *syntax.Regexp) {
		if re.Op == syntax.OpLiteral && re.Flags&syntax.FoldCase == 0 && hasCase(string(re.Rune)) {
			literals = append(literals, string(re.Rune))
		}
		for _, sub := range re.Sub {
			collect(sub)
		}
	}
	collect(re)
	all := strings.Join(literals, "")
	for _, r := range all {
		if other := unicode.SimpleFold(r); other != r && strings.ContainsRune(all, other) {
			return ""
		}
	}
	if len(literals) == 0 {
		return ""
	}
	return literals[0]
}
