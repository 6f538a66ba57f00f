package yamlpos

import (
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/problem"
)

// source is the text of a file. It knows two ways to count lines: YAML's, in which NEL, LS and PS end a line too, and
// that of editors, which is the one that people are told.
type source struct {
	file      string
	text      string
	yamlLines []int // byte offsets at which the lines begin
	lines     []int
}

const byteOrderMark = "\ufeff"

func newSource(file string, src []byte) *source {
	s := &source{file: file, text: strings.TrimPrefix(string(src), byteOrderMark), yamlLines: []int{0}, lines: []int{0}}
	for i := 0; i < len(s.text); {
		n, plain := lineBreak(s.text[i:])
		if n == 0 {
			i++
			continue
		}
		i += n
		s.yamlLines = append(s.yamlLines, i)
		if plain {
			s.lines = append(s.lines, i)
		}
	}
	return s
}

// lineBreak is the length of the line break that s begins with, 0 if it doesn't; plain if editors see one too.
// Source: YAML 1.1, 5.4, which is what the parser follows.
func lineBreak(s string) (n int, plain bool) {
	switch {
	case strings.HasPrefix(s, "\r\n"):
		return 2, true
	case s[0] == '\n', s[0] == '\r':
		return 1, true
	case strings.HasPrefix(s, "\u0085"):
		return 2, false
	case strings.HasPrefix(s, "\u2028"), strings.HasPrefix(s, "\u2029"):
		return 3, false
	}
	return 0, false
}

// offset is the byte offset of the parser's line and column, both counted from 1.
func (s *source) offset(line, column int) int {
	if line < 1 || line > len(s.yamlLines) {
		return 0
	}
	at := s.yamlLines[line-1]
	for ; column > 1 && at < len(s.text); column-- {
		_, n := utf8.DecodeRuneInString(s.text[at:])
		at += n
	}
	return at
}

// place is the line and column, as editors count them, of a byte offset.
func (s *source) place(offset int) (line, column int) {
	line = sort.SearchInts(s.lines, offset+1)
	return line, utf8.RuneCountInString(s.text[s.lines[line-1]:offset]) + 1
}

// line is the text of an editor's line, without its end.
func (s *source) line(n int) string {
	if n < 1 || n > len(s.lines) {
		return ""
	}
	end := len(s.text)
	if n < len(s.lines) {
		end = s.lines[n]
	}
	return strings.TrimRight(s.text[s.lines[n-1]:end], "\r\n")
}

// problemAt makes an error at a byte offset.
func (s *source) problemAt(offset int, code, message, hint string) problem.Problem {
	line, column := s.place(offset)
	return problem.Problem{
		File: s.file, Line: line, Column: column, Severity: problem.Error,
		Code: code, Message: message, Hint: hint, Source: s.line(line),
	}
}

// unreadable finds the first byte that YAML can't contain. Source: YAML 1.1, 5.1, character set.
func (s *source) unreadable() problem.List {
	for i, r := range s.text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s.text[i:], "\ufffd"):
			hint := "save the file as UTF-8"
			if i == 0 && (strings.HasPrefix(s.text, "\xff\xfe") || strings.HasPrefix(s.text, "\xfe\xff")) {
				hint = "it looks like UTF-16; save it as UTF-8"
			}
			return problem.List{s.problemAt(i, CodeUnreadable, "the file is not UTF-8", hint)}
		case forbidden(r):
			return problem.List{s.problemAt(i, CodeUnreadable, "a control character is not allowed here",
				`delete it, or write it as an escape in double quotes`)}
		}
	}
	return nil
}

func forbidden(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r', r == '\u0085':
		return false
	case r < ' ', r >= '\u007f' && r <= '\u009f', r == '\ufffe', r == '\uffff':
		return true
	}
	return false
}
