package yamlpos

import (
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/problem"
	"gopkg.in/yaml.v3"
)

// syntaxProblem makes a parser's error into one that a person can act on. Messages and hints never repeat what stands
// in the file: it may be a secret.
//
// The parser says little of where it failed: a line, of the failure or of what was begun before it, counted from 0 or
// 1 by the kind of error, and taken from elsewhere if it is the first (yaml.v3, decode.go, parser.fail). So the text
// is parsed again, with a line put before it and through a reader that tells how far the parser read.
func (s *source) syntaxProblem(err error) problem.Problem {
	failure := s.failAgain(s.text)
	if failure.message == "" {
		return s.problemAt(0, CodeSyntax, "not YAML: "+strings.TrimPrefix(err.Error(), "yaml: "), "")
	}
	at := s.failedAt(failure)
	message, hint := explain(failure.message)
	line, _ := s.place(at)
	switch trap := trapIn(s.line(line)); {
	case strings.HasPrefix(s.text[at:], "\t"):
		message, hint = explain(msgTab)
	case trap != "" && mayBeTrap(failure.message):
		hint = trap
	}
	if flowUnclosed(failure.message) {
		if last, _ := s.place(s.lastRead(failure)); last > failure.line {
			message += fmt.Sprintf(" (looked for up to line %d)", last)
		}
	}
	return s.problemAt(at, CodeSyntax, message, hint)
}

// failure is what the parser says of a text that isn't YAML.
type failure struct {
	message string
	line    int // where that began which couldn't be finished, as YAML counts lines; 0 if it isn't known
	read    int // bytes of the text that the parser had read
}

var failureText = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

// failAgain parses a text that isn't YAML. No message means that nothing is wrong with it.
func (s *source) failAgain(text string) failure {
	reader := &runeReader{text: "\n" + text}
	in := yaml.NewDecoder(reader)
	var err error
	for err == nil {
		err = in.Decode(new(yaml.Node))
	}
	if err == io.EOF {
		return failure{}
	}
	parts := failureText.FindStringSubmatch(err.Error())
	if parts == nil {
		return failure{message: err.Error(), read: reader.read - 1}
	}
	line, _ := strconv.Atoi(parts[1])
	if line > 0 && !fromParser(parts[2]) {
		line-- // the scanner's lines count from 1, and there is one more of them than in the file
	}
	return failure{message: parts[2], line: line, read: max(0, reader.read-1)}
}

// runeReader gives one character at a time, so that what was read tells where the reader's reader is.
type runeReader struct {
	text string
	read int
}

func (r *runeReader) Read(p []byte) (int, error) {
	if r.read == len(r.text) {
		return 0, io.EOF
	}
	_, n := utf8.DecodeRuneInString(r.text[r.read:])
	n = copy(p, r.text[r.read:r.read+n])
	r.read += n
	return n, nil
}

// lookAhead is how many characters the scanner may have read beyond the one that it judges.
const lookAhead = 4

// failedAt is the best offset to show.
func (s *source) failedAt(f failure) int {
	switch {
	case f.message == msgStart:
		return s.nearEnd(f.read, "@`%|>\t")
	case f.message == msgSecondColon:
		return s.nearEnd(f.read, ":")
	case f.message == msgTab || f.message == msgTabInBlock:
		return s.tab(f)
	case strings.HasPrefix(f.message, msgUnknownAnchor):
		return s.alias(f)
	case flowUnclosed(f.message):
		return s.bracket(f)
	case fromParser(f.message):
		return s.firstFailing(f)
	case f.line > 0:
		return s.contentOf(s.offset(f.line, 1))
	}
	return s.contentOf(s.lastRead(f))
}

// nearEnd is the first of the characters among those that were read last, else the content of the last line.
func (s *source) nearEnd(read int, chars string) int {
	from := read
	for range lookAhead {
		_, n := utf8.DecodeLastRuneInString(s.text[:from])
		from -= n
	}
	if i := strings.IndexAny(s.text[from:read], chars); i >= 0 {
		return from + i
	}
	return s.contentOf(from)
}

// alias is the place of the alias whose anchor doesn't exist: the last one of the name that was read.
func (s *source) alias(f failure) int {
	name := strings.TrimSuffix(strings.TrimPrefix(f.message, msgUnknownAnchor+" '"), "' referenced")
	if i := strings.LastIndex(s.text[:f.read], "*"+name); i >= 0 {
		return i
	}
	return s.contentOf(s.lastRead(f))
}

// bracket is the place of the bracket that isn't closed.
func (s *source) bracket(f failure) int {
	start := s.offset(f.line, 1)
	char := "["
	if strings.Contains(f.message, "}") {
		char = "{"
	}
	line, _ := s.place(start)
	if i := strings.Index(s.line(line), char); i >= 0 {
		return s.lines[line-1] + i
	}
	return s.contentOf(start)
}

// firstFailing finds the line without which the text before it would be well formed. It lies a little before what was
// read: the parser looks past comments and blank lines.
func (s *source) firstFailing(f failure) int {
	const farthest = 8
	at := s.lastRead(f)
	for range farthest {
		line, _ := s.place(at)
		start := s.lines[line-1]
		if start == 0 || s.failAgain(s.text[:start]).message != f.message {
			break
		}
		at = s.lastContent(start)
	}
	return s.contentOf(at)
}

// lastRead is the offset of the last character with content that was read.
func (s *source) lastRead(f failure) int { return s.lastContent(f.read) }

// lastContent is the offset of the last character before the given one that is neither white space nor in a comment
// line.
func (s *source) lastContent(before int) int {
	for {
		text := strings.TrimRight(s.text[:before], " \t\r\n")
		if text == "" {
			return 0
		}
		_, n := utf8.DecodeLastRuneInString(text)
		line, _ := s.place(len(text) - n)
		start := s.lines[line-1]
		if !strings.HasPrefix(strings.TrimLeft(text[start:], " \t"), "#") {
			return len(text) - n
		}
		before = start
	}
}

// tab is the place of the first tab in an indentation, from where the parser lost its way.
func (s *source) tab(f failure) int {
	begun := s.offset(f.line, 1)
	first, _ := s.place(begun)
	for line := first; line <= len(s.lines); line++ {
		text := s.line(line)
		white := text[:len(text)-len(strings.TrimLeft(text, " \t"))]
		if i := strings.IndexByte(white, '\t'); i >= 0 {
			return s.lines[line-1] + i
		}
	}
	return s.contentOf(begun)
}

// contentOf is where the content of the offset's line begins: its value if that begins with a character that means
// something in YAML, else its key.
func (s *source) contentOf(offset int) int {
	line, _ := s.place(offset)
	text := s.line(line)
	if value := valueIn(text); value != "" && strings.ContainsRune(meaningful, rune(value[0])) {
		return s.lines[line-1] + len(text) - len(value)
	}
	return s.lines[line-1] + len(text) - len(strings.TrimLeft(text, " \t"))
}
