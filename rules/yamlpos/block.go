package yamlpos

import (
	"iter"
	"strings"
)

// blockScalar gives the readings of the literal or folded scalar whose indicator stands at the offset.
func blockScalar(text string, at int) []iter.Seq[step] {
	if at >= len(text) {
		return nil
	}
	folded := text[at] == '>'
	body := at
	for body < len(text) && !breaks(text, body) {
		body++
	}
	header := text[at:body]
	if i := strings.IndexByte(header, '#'); i >= 0 {
		header = header[:i]
	}
	first, ok := breakStep(text, body)
	if !ok {
		return nil
	}
	block := block{text: text, body: first.to, folded: folded}
	if !strings.ContainsAny(header, "123456789") {
		return []iter.Seq[step]{block.steps(block.deepest())}
	}
	var readings []iter.Seq[step]
	for indent := block.deepest(); indent > 0; indent-- {
		readings = append(readings, block.steps(indent))
	}
	return readings
}

// block is a scalar of indented lines.
type block struct {
	text   string
	body   int // offset of its first line
	folded bool
}

// deepest is the widest indentation among the blank lines at its start and the first one with content.
func (b block) deepest() int {
	deepest, column := 1, 0
	for at := b.body; at < len(b.text); {
		if s, ok := breakStep(b.text, at); ok {
			at, column = s.to, 0
			continue
		}
		if b.text[at] != ' ' {
			break
		}
		at++
		column++
		deepest = max(deepest, column)
	}
	return deepest
}

// steps reads the block with the given indentation. Source: YAML 1.1, 9.3, as yaml.v3's scanner does it: lines of a
// folded block are joined by a space unless one of them begins with a blank or blank lines stand between them.
func (b block) steps(indent int) iter.Seq[step] {
	return func(yield func(step) bool) {
		breaks, at, inside := b.blankLines(b.body, indent)
		var ending []step // the last line's end, unless it is folded away
		wasBlank := false
		for inside {
			isBlank := isBlank(b.text[at])
			if b.folded && len(ending) > 0 && ending[0].r == '\n' && !wasBlank && !isBlank {
				ending[0].r = ' '
				if len(breaks) > 0 {
					ending = nil
				}
			}
			if !yieldAll(ending, yield) || !yieldAll(breaks, yield) {
				return
			}
			wasBlank, ending = isBlank, nil
			for at < len(b.text) {
				if s, ok := breakStep(b.text, at); ok {
					ending, at = []step{s}, s.to
					break
				}
				s := runeStep(b.text, at)
				if !yield(s) {
					return
				}
				at = s.to
			}
			breaks, at, inside = b.blankLines(at, indent)
		}
		_ = yieldAll(ending, yield) && yieldAll(breaks, yield)
	}
}

// blankLines reads line breaks with no more than the indentation before them, and the indentation of the line after.
// inside reports whether that line belongs to the block.
func (b block) blankLines(at, indent int) (found []step, next int, inside bool) {
	for {
		column := 0
		for at < len(b.text) && column < indent && b.text[at] == ' ' {
			at++
			column++
		}
		s, ok := breakStep(b.text, at)
		if !ok {
			return found, at, column == indent && at < len(b.text)
		}
		found = append(found, s)
		at = s.to
	}
}
