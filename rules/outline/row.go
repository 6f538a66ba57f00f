package outline

import (
	"strconv"
	"strings"

	"github.com/answerback/answerback/rules/text"
)

// paint is the number of an ANSI "select graphic rendition" (ECMA-48, 8.3.117).
type paint string

const (
	plain  paint = ""
	faint  paint = "2"
	red    paint = "31"
	green  paint = "32"
	yellow paint = "33"
)

// cell is a short text of a fixed width.
type cell struct {
	text  string
	width int
	paint paint
}

// hang is how much further in a second line of words stands.
const hang = 4

// row writes cells and beside them words, over as many lines as they need.
func (d *drawing) row(lead []cell, words string) {
	left := d.Indent
	d.spaces(d.Indent)
	for _, c := range lead {
		d.cell(c)
		left += c.width
	}
	room := max(columns-left, columns/4)
	for i, line := range wrap(harmless(words), room, room-hang) {
		if i > 0 {
			d.WriteByte('\n')
			d.spaces(left + hang)
		}
		d.WriteString(line)
	}
	d.WriteByte('\n')
}

func (d *drawing) spaces(n int) { d.WriteString(strings.Repeat(" ", n)) }

func (d *drawing) cell(c cell) {
	if d.Colour && c.paint != plain && c.text != "" {
		d.WriteString("\x1b[" + string(c.paint) + "m" + c.text + "\x1b[0m")
	} else {
		d.WriteString(c.text)
	}
	d.spaces(max(0, c.width-len(c.text)))
}

// wrap breaks words between them into lines of so many terminal cells, and within them where one is longer.
func wrap(words string, first, rest int) []string {
	var lines []string
	line, used, room := "", 0, first
	end := func() {
		lines = append(lines, line)
		line, used, room = "", 0, rest
	}
	for i, word := range strings.Split(words, " ") {
		n := text.Cells(word)
		if i > 0 {
			if used+1+n > room && used > 0 {
				end()
			} else {
				line, used = line+" ", used+1
			}
		}
		for n > room-used {
			head := fitting(word, room-used)
			line, word = line+head, word[len(head):]
			n = text.Cells(word)
			end()
		}
		line, used = line+word, used+n
	}
	return append(lines, line)
}

// fitting is as much of a word as fits, at least one character.
func fitting(word string, room int) string {
	n := max(1, room)
	for n > 1 && text.Cells(text.Truncate(word, n)) > room {
		n--
	}
	return text.Truncate(word, n)
}

// harmless writes out as Go escapes what acts instead of showing: control characters, and those without a shape, which
// change the direction of others or hide.
func harmless(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strconv.IsPrint(r) {
			b.WriteRune(r)
		} else {
			quoted := strconv.QuoteRune(r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}
