package ruletest

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"github.com/answerback/answerback/rules/text"
)

// sign is what a reader takes for one character: a grapheme, as it is shown within quotes.
type sign struct {
	is    string // as it stands in the value
	shows string
	cells int // that it takes in a terminal
	marks bool
}

// signsOf takes a value apart. What would act on a terminal, or not be seen at all, is shown by its number, as Go's
// quotes show it; a joiner that holds an emoji together stays.
func signsOf(value string) []sign {
	var all []sign
	for it := graphemes.FromString(value); it.Next(); {
		is := it.Value()
		s := sign{is: is, shows: is, cells: text.Cells(is)}
		if is == `"` || is == `\` || !isShown(is) {
			s.shows = escaped(is)
			s.cells = len([]rune(s.shows))
		}
		all = append(all, s)
	}
	return all
}

func escaped(s string) string {
	quoted := strconv.Quote(s)
	return quoted[1 : len(quoted)-1]
}

// isShown reports whether a grapheme can be shown as it is.
func isShown(grapheme string) bool {
	const joiner = '\u200d'
	runes := []rune(grapheme)
	for i, r := range runes {
		switch {
		case r == joiner && i > 0 && i < len(runes)-1:
		case r == unicode.ReplacementChar || !strconv.IsPrint(r):
			return false
		}
	}
	return true
}

// mark marks the signs of two values that the other one lacks. Where the values have little in common, that is all
// between the first and the last difference: single letters that both happen to hold would only confuse.
func mark(a, b []sign) {
	from := 0
	for from < len(a) && from < len(b) && a[from].is == b[from].is {
		from++
	}
	toA, toB := len(a), len(b)
	for toA > from && toB > from && a[toA-1].is == b[toB-1].is {
		toA, toB = toA-1, toB-1
	}
	middleA, middleB := a[from:toA], b[from:toB]
	common := alike(middleA, middleB)
	if 2*len(common) < max(len(middleA), len(middleB)) {
		common = nil
	}
	for i := range middleA {
		middleA[i].marks = true
	}
	for i := range middleB {
		middleB[i].marks = true
	}
	for _, pair := range common {
		middleA[pair[0]].marks, middleB[pair[1]].marks = false, false
	}
}

// maxAlike bounds the table that alike fills, for values of which one side may be any text: a reply has at most 2200
// signs.
const maxAlike = 2200 * 2200

// alike is the longest sequence of signs that both values have in order, as pairs of their places.
func alike(a, b []sign) [][2]int {
	if len(a)*len(b) > maxAlike {
		return nil
	}
	// longest[i][j] is how long that of a[i:] and b[j:] is.
	longest := make([][]uint16, len(a)+1)
	for i := range longest {
		longest[i] = make([]uint16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].is == b[j].is {
				longest[i][j] = longest[i+1][j+1] + 1
			} else {
				longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].is == b[j].is:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// quoted is a value between quotes, in lines of at most room cells, each with the marks that belong under it; the marks
// of a line without any are empty.
func quoted(signs []sign, room int) []markedLine {
	quote := sign{shows: `"`, cells: 1}
	all := append(append([]sign{quote}, signs...), quote)
	var lines []markedLine
	var shown, marks strings.Builder
	used := 0
	flush := func() {
		lines = append(lines, markedLine{shown.String(), strings.TrimRight(marks.String(), " ")})
		shown.Reset()
		marks.Reset()
		used = 0
	}
	for i, s := range all {
		// A closing quote doesn't get a line of its own.
		if used > 0 && used+s.cells > room && i < len(all)-1 {
			flush()
		}
		shown.WriteString(s.shows)
		under := " "
		if s.marks {
			under = "^"
		}
		marks.WriteString(strings.Repeat(under, s.cells))
		used += s.cells
	}
	flush()
	return lines
}

// markedLine is a line of a value with what stands under it.
type markedLine struct{ shown, marks string }

// quote is a value between quotes, whole and in one line.
func quote(value string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, s := range signsOf(value) {
		b.WriteString(s.shows)
	}
	b.WriteByte('"')
	return b.String()
}

// plain is a value as it is, less what would act on a terminal: for names of rules and files.
func plain(value string) string {
	var b strings.Builder
	for it := graphemes.FromString(value); it.Next(); {
		if is := it.Value(); isShown(is) {
			b.WriteString(is)
		} else {
			b.WriteString(escaped(is))
		}
	}
	return b.String()
}
