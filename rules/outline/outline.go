// Package outline shows to a person how rules decided: each rule's outcome, and below it how its conditions came to
// their values, in the 80 columns of a terminal.
//
// Truths stand in a column of their own, so that the eye finds the one that turned the rule. Everything is said in
// words; colours only help. No text in it, whoever typed it, can steer the terminal.
package outline

import (
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
)

// columns is the width of the terminal that an outline is made for.
const columns = 80

// Style is how an outline looks.
type Style struct {
	Indent int  // columns before each line
	Colour bool // as ANSI terminals know it
}

// Rules shows outcomes in their order, those with traces set off by blank lines.
func (s Style) Rules(outcomes []rules.Outcome) string {
	d := drawing{Style: s}
	for i, o := range outcomes {
		if i > 0 && (explained(o) || explained(outcomes[i-1])) {
			d.WriteByte('\n')
		}
		d.outcome(o)
	}
	return d.String()
}

func explained(o rules.Outcome) bool { return o.When != nil || o.Unless != nil }

// drawing is an outline on its way.
type drawing struct {
	Style
	strings.Builder
}

// Widths of what stands before a text, with the space after it.
const (
	outcomeCells = 16
	labelCells   = 11
	truthCells   = 7
)

func (d *drawing) outcome(o rules.Outcome) {
	d.row([]cell{{string(o.Outcome), outcomeCells, paintOf(o.Outcome)}}, heading(o))
	if o.Detail != "" {
		d.row([]cell{{"", 2, plain}}, o.Detail)
	}
	told := map[string]bool{}
	d.condition("when", o.When, told)
	d.condition("unless", o.Unless, told)
	if o.NearMiss != "" {
		d.row([]cell{{"", 2, plain}, {"near miss", labelCells, yellow}}, o.NearMiss)
	}
}

func heading(o rules.Outcome) string {
	words := strconv.Quote(o.Name)
	if o.Because != "" {
		words += " (" + string(o.Because) + ")"
	}
	if !o.Until.IsZero() {
		words += " until " + o.Until.UTC().Format(time.RFC3339)
	}
	return words
}

func paintOf(r rules.Result) paint {
	switch r {
	case rules.Matched:
		return green
	case rules.HeldBack:
		return yellow
	case rules.Failed:
		return red
	}
	return plain
}

// condition shows one of a rule's two conditions, if it has it.
func (d *drawing) condition(label string, trace *rules.Trace, told map[string]bool) {
	if trace != nil {
		d.trace(label, *trace, 0, told)
	}
}

// maxDepth is how far parts are set in; what is deeper stands below each other.
const maxDepth = 15

// trace shows how a part came to its value. What isn't a truth is shown once a rule, however often it is looked at.
func (d *drawing) trace(label string, t rules.Trace, depth int, told map[string]bool) {
	truth, words := cell{"", truthCells, plain}, t.Text
	if t.Condition != "" {
		words = t.Condition + ": " + words
	}
	switch {
	case t.Error != "":
		truth.text, truth.paint = "error", red
	case t.Value == "true":
		truth.text, truth.paint = t.Value, green
	case t.Value == "false":
		truth.text, truth.paint = t.Value, red
	case t.Value == "":
		truth.text, truth.paint = "-", faint
		words += " (not evaluated)"
	default:
		words += " = " + t.Value
		if len(t.Of) == 0 && told[words] {
			return
		}
		told[words] = true
	}
	lead := []cell{{"", 2, plain}, {label, labelCells, plain}, truth, {"", 2 * min(depth, maxDepth), plain}}
	d.row(lead, words)
	for _, of := range t.Of {
		d.trace("", of, depth+1, told)
	}
	if t.Error != "" && !failedBelow(t) {
		lead[1].text, lead[2] = "", cell{"", truthCells + 2, plain}
		d.row(lead, t.Error)
	}
}

// failedBelow reports whether a failure comes from a part, which tells it.
func failedBelow(t rules.Trace) bool {
	for _, of := range t.Of {
		if of.Error != "" {
			return true
		}
	}
	return false
}
