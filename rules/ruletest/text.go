package ruletest

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/outline"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// columns is the width of the terminal that reports are made for.
const columns = 80

// Text prints the report for a person: each case that failed, beginning with its place so that editors jump there, then
// what no case reached, then one line that sums up.
func (r *Report) Text(out io.Writer) error {
	var b strings.Builder
	for _, result := range r.Results {
		if result.Failure != nil {
			result.text(&b)
		}
	}
	if r.Coverage != nil {
		r.Coverage.text(&b)
	}
	b.WriteString(r.summary() + "\n")
	_, err := io.WriteString(out, b.String())
	return err
}

// summary counts, in one line.
func (r *Report) summary() string {
	all := len(r.Results)
	line := counted(all, "case") + ", "
	switch failed := r.Failed(); {
	case all == 0:
		line = "no case was run"
	case failed == 0 && all == 1:
		line += "it held"
	case failed == 0:
		line += "all held"
	default:
		line += fmt.Sprintf("%d failed", failed)
	}
	if r.LeftOut > 0 {
		line += fmt.Sprintf(" (%d left out)", r.LeftOut)
	}
	return line
}

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (r *Result) text(b *strings.Builder) {
	f := r.Failure
	fmt.Fprintf(b, "%s:%d: FAIL %s\n", plain(r.Case.File), f.Line, plain(r.Case.Title()))
	r.details(b)
	b.WriteByte('\n')
}

// details tell a failure below its first line.
func (r *Result) details(b *strings.Builder) {
	f := r.Failure
	step := r.Case.Steps[f.Step-1]
	story := f.Event.Kind == platform.StoryInsights
	switch {
	case step.Sample != "":
		fmt.Fprintf(b, "  %ssample %s\n", r.which(), plain(step.Sample))
	case story:
		fmt.Fprintf(b, "  %s%s at %s\n", r.which(), f.Event.Kind, clock(f.Event.Time))
	default:
		who := f.Event.From.Username
		if who == "" {
			who = f.Event.From.ID
		}
		if who == "" {
			who = "somebody unknown"
		}
		fmt.Fprintf(b, "  %s%s at %s by %s\n", r.which(), f.Event.Kind, clock(f.Event.Time), plain(who))
	}
	switch {
	case step.unfit != "":
	case story:
		wrapped(b, "  ", "story: "+f.Event.Story.Words())
	default:
		value(b, "text", signsOf(f.Event.Text))
	}
	if f.Message != "" {
		wrapped(b, "  ", f.Message)
	}
	for _, d := range f.Differences {
		d.text(b)
	}
	if len(f.Came.Rules) > 0 {
		b.WriteString("  decision\n" + outline.Style{Indent: 4}.Rules(f.Came.Rules))
	}
}

// which says which of several events it is.
func (r *Result) which() string {
	if len(r.Case.Steps) == 1 {
		return ""
	}
	return fmt.Sprintf("event %d of %d: ", r.Failure.Step, len(r.Case.Steps))
}

// clock is when an event of a case happens, as short as it can be said.
func clock(t time.Time) string {
	t = t.UTC()
	switch {
	case !t.Truncate(24 * time.Hour).Equal(day()):
		return t.Format(time.RFC3339)
	case t.Second() == 0:
		return t.Format("15:04")
	}
	return t.Format("15:04:05")
}

// text prints what was expected above what came, with what differs in a reply marked.
func (d *Difference) text(b *strings.Builder) {
	want, got := signsOf(d.Want), signsOf(d.Got)
	if d.Key == "reply" && d.Got != "" {
		mark(want, got)
	}
	b.WriteString("  " + d.Key + "\n")
	value(b, "  expected", want)
	value(b, "  got", got)
}

// value prints a labelled value, whole: a long one over several lines, each with its marks under it.
func value(b *strings.Builder, label string, signs []sign) {
	const indent = 13
	for _, line := range quoted(signs, columns-indent) {
		fmt.Fprintf(b, "  %-*s%s\n", indent-2, label, line.shown)
		label = ""
		if line.marks != "" {
			fmt.Fprintf(b, "%*s%s\n", indent, "", line.marks)
		}
	}
}

// wrapped prints words in lines that fit; what comes of a second line on is set in.
func wrapped(b *strings.Builder, indent, words string) {
	used := 0
	b.WriteString(indent)
	for i, word := range strings.Fields(words) {
		word = plain(word)
		cells := text.Cells(word)
		switch {
		case i == 0:
		case len(indent)+used+1+cells > columns:
			b.WriteString("\n" + indent + "  ")
			used = 2
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += cells
	}
	b.WriteByte('\n')
}
