package manual

import (
	"io"
	"strings"
	"unicode/utf8"
)

// The columns of a page.
const (
	width  = 80
	margin = 2
	column = 20 // where meanings begin
)

// page is a reference on its way.
type page struct{ strings.Builder }

func (p *page) write(w io.Writer) error {
	_, err := io.WriteString(w, strings.TrimRight(p.String(), "\n")+"\n")
	return err
}

func (p *page) heading(title string) {
	p.gap()
	p.WriteString(title + "\n")
	p.gap()
}

// gap is one empty line, but at the start.
func (p *page) gap() {
	if s := p.String(); s != "" && !strings.HasSuffix(s, "\n\n") {
		p.WriteByte('\n')
	}
}

// paragraph is text over the whole width.
func (p *page) paragraph(text string) {
	p.gap()
	for _, line := range wrap(text, width) {
		p.WriteString(line + "\n")
	}
	p.gap()
}

// entry is a name, what kind of thing it is, and what it means, set apart from others.
func (p *page) entry(name, kind, meaning string) {
	p.gap()
	texts := []string{meaning}
	if kind != "" {
		texts = []string{kind, meaning}
	}
	p.item(name, texts...)
	p.gap()
}

// line is a name with its meaning, close to the next one.
func (p *page) line(name, meaning string) { p.item(name, meaning) }

// item puts texts beside a name; below it where that is too long.
func (p *page) item(name string, texts ...string) {
	p.WriteString(strings.Repeat(" ", margin) + name)
	at := margin + columns(name)
	if at > column-2 {
		p.WriteByte('\n')
		at = 0
	}
	for _, text := range texts {
		for _, line := range wrap(text, width-column) {
			p.WriteString(strings.Repeat(" ", column-at) + line + "\n")
			at = 0
		}
	}
}

// wrap breaks a text into lines at its spaces.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case columns(line)+1+columns(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// columns is how wide a text is. The reference has no wide characters in it.
func columns(s string) int { return utf8.RuneCountInString(s) }
