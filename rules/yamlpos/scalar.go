package yamlpos

import (
	"iter"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// step is one rune of a scalar's value and the part of the source that it comes from.
type step struct {
	r        rune
	from, to int
}

// scalarSteps gives the ways in which the scalar that starts at the offset may be read, rune by rune. There is one,
// but for block scalars with an indentation indicator: how far these are indented depends on what is round them, so
// each possibility is given. Reading goes on past the scalar's end; follow stops at the value's.
func scalarSteps(text string, start int, style yaml.Style) []iter.Seq[step] {
	at := skipProperties(text, start)
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return []iter.Seq[step]{doubleQuoted(text, at+1)}
	case style&yaml.SingleQuotedStyle != 0:
		return []iter.Seq[step]{singleQuoted(text, at+1)}
	case style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return blockScalar(text, at)
	}
	return []iter.Seq[step]{plain(text, at)}
}

// follow walks steps and value together and gives the source's offset of the rune at the offset in the value. Where the
// two differ the walk has lost its way, and there is no answer.
func follow(steps iter.Seq[step], value []rune, offset int) (at int, ok bool) {
	i, end := 0, -1
	for s := range steps {
		if i == len(value) || value[i] != s.r {
			break
		}
		if i == offset {
			return s.from, true
		}
		i, end = i+1, s.to
	}
	return end, i == offset && i == len(value) && end >= 0
}

// skipProperties passes the tag and the anchor before a scalar.
func skipProperties(text string, at int) int {
	for at < len(text) && (text[at] == '!' || text[at] == '&') {
		for at < len(text) && !isBlank(text[at]) && !breaks(text, at) {
			at++
		}
		for at < len(text) && (isBlank(text[at]) || breaks(text, at)) {
			at++
		}
	}
	return at
}

func isBlank(b byte) bool { return b == ' ' || b == '\t' }

func breaks(text string, at int) bool {
	n, _ := lineBreak(text[at:])
	return n > 0
}

// breakStep is the line break at the offset: read as a line feed, but for the two separators that stay themselves.
func breakStep(text string, at int) (step, bool) {
	if at >= len(text) {
		return step{}, false
	}
	n, _ := lineBreak(text[at:])
	if n == 0 {
		return step{}, false
	}
	r := '\n'
	if n == 3 {
		r, _ = utf8.DecodeRuneInString(text[at:])
	}
	return step{r, at, at + n}, true
}

func runeStep(text string, at int) step {
	r, n := utf8.DecodeRuneInString(text[at:])
	return step{r, at, at + n}
}

// plain reads an unquoted scalar.
func plain(text string, at int) iter.Seq[step] {
	return func(yield func(step) bool) {
		for at < len(text) {
			var ok bool
			if at, ok = white(text, at, yield); !ok || at == len(text) {
				return
			}
			s := runeStep(text, at)
			if !yield(s) {
				return
			}
			at = s.to
		}
	}
}

// singleQuoted reads from after the opening quote.
func singleQuoted(text string, at int) iter.Seq[step] {
	return func(yield func(step) bool) {
		for at < len(text) {
			var ok bool
			if at, ok = white(text, at, yield); !ok || at == len(text) {
				return
			}
			s := runeStep(text, at)
			if s.r == '\'' {
				if !strings.HasPrefix(text[at:], "''") {
					return
				}
				s.to++
			}
			if !yield(s) {
				return
			}
			at = s.to
		}
	}
}

// white reads the white space at the offset: as it is within a line; over the end of a line it is folded into one
// space, or into one line feed fewer than there are line breaks.
func white(text string, at int, yield func(step) bool) (next int, ok bool) {
	end := at
	for end < len(text) && isBlank(text[end]) {
		end++
	}
	first, found := breakStep(text, end)
	if !found {
		for ; at < end; at++ {
			if !yield(runeStep(text, at)) {
				return at, false
			}
		}
		return end, true
	}
	more, end := breakRun(text, first.to)
	switch {
	case first.r != '\n':
		more = append([]step{first}, more...)
	case len(more) == 0:
		more = []step{{' ', first.from, first.to}}
	}
	return end, yieldAll(more, yield)
}

// breakRun reads line breaks with blanks between them.
func breakRun(text string, at int) (found []step, end int) {
	for {
		for at < len(text) && isBlank(text[at]) {
			at++
		}
		s, ok := breakStep(text, at)
		if !ok {
			return found, at
		}
		found = append(found, s)
		at = s.to
	}
}

func yieldAll(steps []step, yield func(step) bool) bool {
	for _, s := range steps {
		if !yield(s) {
			return false
		}
	}
	return true
}
