// Package problem is what is wrong in a file that a person wrote: where, how bad, and what to do. Problems are data;
// this package is the one place that prints them.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a problem makes its file unusable.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Problem is one thing to mend. Lines and columns count from 1, columns in characters; 0 means that the place is
// unknown (a file that can't be read has no line).
type Problem struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`
	Column   int      `json:"column"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Rule     string   `json:"rule"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint"`
	// Source is the line of the file in which the problem stands, shown with a caret; not part of the JSON.
	Source string `json:"-"`
}

// String is the problem in one line, without source and hint, fit for a log:
// `file:line:col: severity CODE: rule "name": message`. Parts that are unknown are left out.
func (p Problem) String() string {
	var b strings.Builder
	if place := p.place(); place != "" {
		b.WriteString(place + ": ")
	}
	b.WriteString(string(cmp.Or(p.Severity, Error)))
	if p.Code != "" {
		b.WriteString(" " + p.Code)
	}
	b.WriteString(": " + p.says())
	return harmless(b.String())
}

// place is the file with what is known of line and column.
func (p Problem) place() string {
	switch {
	case p.Line > 0 && p.Column > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	case p.Line > 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return p.File
	}
}

// says is the message, led in by the rule that it is about.
func (p Problem) says() string {
	if p.Rule == "" {
		return p.Message
	}
	return fmt.Sprintf("rule %q: %s", p.Rule, p.Message)
}

// List is all problems found at once.
type List []Problem

// HasErrors reports whether any of the problems makes its file unusable. A problem of no stated severity does.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Severity != Warning })
}

// Sort orders problems by file, line, column, then code. Problems equal in these keep their order.
func (l List) Sort() {
	slices.SortStableFunc(l, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Code, b.Code),
		)
	})
}
