package rules

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/text"
	"github.com/answerback/answerback/rules/yamlpos"
)

// The most that a list holds.
const (
	maxEntries = 100_000
	maxEntry   = 1_000 // characters: what is longer is no word and no name
)

// lists makes the lists of all files known to the language.
func (c *compilation) lists(files []*file) {
	names := names{what: "list", language: c.language, seen: map[string]yamlpos.Text{}}
	read := map[string]bool{} // files of which the problems were told
	for _, f := range files {
		b := &builder{at: f.shape.At}
		for _, e := range f.shape.Lists {
			if names.take(b, e.Key) {
				c.language.DefineList(e.Key.Value, c.entries(b, f.name, e, read))
			}
		}
		c.problems = append(c.problems, b.problems...)
	}
}

func (c *compilation) entries(b *builder, file string, e yamlpos.Entry[listShape], read map[string]bool) []string {
	if e.Value.File.Given() {
		return c.entriesOf(b, file, e.Value.File, read)
	}
	var entries []string
	for _, t := range written(e.Value.Texts) {
		if text.Blank(t.Value) {
			b.report(t, codeListEntry, "", "list %s: an entry is empty", e.Key.Value)
			continue
		}
		entries = append(entries, t.Value)
	}
	if len(entries) > maxEntries {
		b.note(e.Key.Problem(codeListEntry, fmt.Sprintf("list %s has more than %d entries", e.Key.Value, maxEntries), ""))
	}
	return entries
}

// entriesOf are those of a list's file. What is wrong in it stands there, and is told once.
func (c *compilation) entriesOf(b *builder, ruleFile string, at yamlpos.Text, read map[string]bool) []string {
	if wrong := wrongListPath(at.Value); wrong != "" {
		b.report(at, codeListFile, "as in {file: lists/names.txt}", "file: %q %s", at.Value, wrong)
		return nil
	}
	name := listName(ruleFile, at.Value)
	for _, f := range c.src {
		if !f.List || f.Name != name {
			continue
		}
		if f.Unread != "" {
			b.report(at, codeListFile, "", "file: %q can't be read: %s", at.Value, f.Unread)
			return nil
		}
		entries, problems := parseList(f)
		if !read[name] {
			read[name] = true
			b.problems = append(b.problems, problems...)
		}
		return entries
	}
	b.report(at, codeListFile, "", "file: %q is not there", at.Value)
	return nil
}

// listName is what a list's file is called in a source: its path, as those of the rule files are.
func listName(ruleFile, written string) string {
	return filepath.Join(filepath.Dir(ruleFile), filepath.FromSlash(written))
}

// wrongListPath says why a path can't lead to a list; empty if it may. It must be written with slashes, and lead nowhere
// but into the folder of the rules.
func wrongListPath(written string) string {
	switch {
	case strings.ContainsAny(written, "\\\x00"):
		return `is written with / between its parts`
	case path.IsAbs(written) || filepath.IsAbs(written) || filepath.VolumeName(written) != "":
		return "must lie in the folder of the rules, and be named from there"
	case !filepath.IsLocal(filepath.FromSlash(written)) || strings.Contains("/"+written+"/", "/../"):
		return "leads out of the folder of the rules"
	case strings.HasSuffix(written, "/") || path.Clean(written) == ".":
		return "is a folder"
	}
	return ""
}

// parseList reads a list: one entry a line, without the white space round it. A # at the line's start or after white
// space begins a comment if white space or nothing follows it; #sale is an entry.
func parseList(f File) (entries []string, problems problem.List) {
	note := func(line, column int, source, hint, message string, args ...any) {
		problems = append(problems, problem.Problem{File: f.Name, Line: line, Column: column, Severity: problem.Error,
			Code: codeListEntry, Message: fmt.Sprintf(message, args...), Hint: hint, Source: source})
	}
	number := 0
	for raw := range bytes.SplitSeq(bytes.TrimPrefix(f.Text, []byte("\ufeff")), []byte("\n")) {
		number++
		if !utf8.Valid(raw) {
			note(number, 1, "", "save the file as UTF-8", "this line is not UTF-8")
			return entries, problems
		}
		line := strings.TrimSuffix(string(raw), "\r")
		entry := strings.TrimSpace(withoutComment(line))
		column := utf8.RuneCountInString(line[:strings.Index(line, entry)]) + 1
		switch {
		case strings.ContainsFunc(entry, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
			note(number, column, "", "one entry a line, as plain text", "this line holds a control character")
			return entries, problems
		case text.Blank(entry):
		case utf8.RuneCountInString(entry) > maxEntry:
			note(number, column, "", "one entry a line", "an entry has at most %d characters", maxEntry)
		case len(entries) == maxEntries:
			note(number, column, "", "", "a list has at most %d entries", maxEntries)
			return entries, problems
		default:
			entries = append(entries, entry)
		}
	}
	if len(entries) == 0 && len(problems) == 0 {
		problems = append(problems, problem.Problem{File: f.Name, Severity: problem.Error, Code: codeEmptyList,
			Message: "the list is empty", Hint: "a list that is meant to be empty is written [] in the rule file"})
	}
	return entries, problems
}

func withoutComment(line string) string {
	for i, r := range line {
		if r != '#' {
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(line[:i])
		after, _ := utf8.DecodeRuneInString(line[i+1:])
		begins := i == 0 || unicode.IsSpace(before)
		if begins && (i+1 == len(line) || unicode.IsSpace(after)) {
			return line[:i]
		}
	}
	return line
}
