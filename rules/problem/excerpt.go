package problem

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

const (
	tabStop = 4
	// excerptCells bounds a shown source line, in terminal cells, so that with its indent it fits 100.
	excerptCells = 96
	// excerptLead is how much of it at least stands before the caret when a long line is cut.
	excerptLead = 60
)

// cell is a character of the source line as it is shown.
type cell struct {
	show  string
	width int
}

// excerpt is the source line and, under the column, a caret. Nothing without a source; no caret where the column
// doesn't lie in the line (the place just after its end does: something is missing there).
func excerpt(source string, column int) string {
	source, column = around(strings.TrimRight(source, " \t\r\n"), column)
	if source == "" {
		return ""
	}
	cells := layOut(source)
	if column < 1 || column > len(cells)+1 {
		shown, _ := window(cells, 0)
		return indent + shown + "\n"
	}
	shown, before := window(cells, column-1)
	return indent + shown + "\n" + indent + strings.Repeat(" ", before) + "^\n"
}

// around keeps of a very long line, such as that of a file written by a program, only what stands near the column.
func around(source string, column int) (string, int) {
	const reach = 4 * excerptCells
	if len(source) <= reach {
		return source, column
	}
	from, to, dropped, n := 0, len(source), 0, 0
	for i := range source {
		if n++; n == column-reach {
			from, dropped = i, n-1
		}
		if n == max(column, 1)+reach {
			to = i
			break
		}
	}
	return source[from:to], column - dropped
}

// layOut turns a line into cells, one for each of its characters, so that a column is an index.
func layOut(source string) []cell {
	var cells []cell
	at := 0
	for _, r := range source {
		c := cell{string(visible(r)), cellsOf(visible(r))}
		if r == '\t' {
			n := tabStop - at%tabStop
			c = cell{strings.Repeat(" ", n), n}
		}
		cells = append(cells, c)
		at += c.width
	}
	return cells
}

// cellsOf is how many terminal cells a character takes: combining ones none, East Asian wide ones and emoji two.
func cellsOf(r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// window gives the cells round the one at the index, cut where the line is too long, and how many terminal cells stand
// before it.
func window(cells []cell, at int) (shown string, before int) {
	from := leadStart(cells, at)
	var b strings.Builder
	used := 0
	if from > 0 {
		b.WriteString("…")
		used = 1
	}
	for i, c := range cells[from:] {
		if used+c.width >= excerptCells && !fits(cells[from+i:], excerptCells-used) {
			b.WriteString("…")
			break
		}
		if from+i < at {
			before += c.width
		}
		b.WriteString(c.show)
		used += c.width
	}
	if from > 0 {
		before++
	}
	return b.String(), before
}

// leadStart is where the shown part begins: at the line's start if all of it, or all up to the index, fits.
func leadStart(cells []cell, at int) int {
	if fits(cells, excerptCells) {
		return 0
	}
	from, lead := at, 0
	for from > 0 && lead+cells[from-1].width <= excerptLead {
		from--
		lead += cells[from].width
	}
	return from
}

func fits(cells []cell, room int) bool {
	for _, c := range cells {
		if room -= c.width; room < 0 {
			return false
		}
	}
	return true
}
