package problem

import (
	"io"
	"strings"
)

// Text prints the problems for a person at a terminal, in the list's order: each as Problem.String has it, then its
// source line with a caret under the column, then its hint. What could steer a terminal is made harmless.
func (l List) Text(w io.Writer) error {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(p.String() + "\n")
		b.WriteString(excerpt(p.Source, p.Column))
		if p.Hint != "" {
			b.WriteString(indent + "hint: " + harmless(p.Hint) + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// indent sets what belongs to a problem off from the next one.
const indent = "  "

// harmless makes a text safe to print in one line: what would break the line is a space, what steers or deceives a
// terminal is made visible.
func harmless(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029':
			return ' '
		}
		return visible(r)
	}, s)
}

// visible stands in for characters that act instead of showing. It gives one character for each, so that columns stay.
func visible(r rune) rune {
	switch {
	case r < ' ':
		return '\u2400' + r // the control pictures: ␛ for escape
	case r == '\u007f':
		return '\u2421'
	case steers(r):
		return '\ufffd'
	}
	return r
}

// steers reports whether a character changes how others are shown, or hides: the upper control range, direction
// marks (Unicode TR 36, "bidirectional text spoofing"), line separators, and spaces without width.
func steers(r rune) bool {
	switch {
	case r >= '\u007f' && r <= '\u009f',
		r >= '\u200e' && r <= '\u200f',
		r >= '\u2028' && r <= '\u202e',
		r >= '\u2060' && r <= '\u206f',
		r == '\u061c', r == '\u200b', r == '\ufeff':
		return true
	}
	return false
}
