package rules

import (
	"maps"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/problem"
)

// The codes of what can be wrong in a rule, one a cause, never reused: 1xx is yamlpos's (the YAML itself), 2xx
// a rule, 3xx an expression or a template, which have theirs in the package expression.
const (
	codeEmptyFile   = "E201"
	codeNoRules     = "E202"
	codeMissing     = "E203"
	codeDuplicate   = "E204"
	codeUnknownWord = "E205"
	codeBadValue    = "E206"
	codeEmptyList   = "E207"
	codeCannotReply = "E208"
	codeCannotDo    = "E217"
	codeHiddenReply = "E218"
	codeTooLarge    = "E212"
	codeTooMany     = "E213"
	codeBadName     = "E214"
	codeListFile    = "E215"
	codeListEntry   = "E216"
	codeComment     = "W201"
	codeCurlyQuotes = "W203"
	codeEnding      = "W204"
)

// Codes are the codes of problems that Compile reports, with their meanings, less those of YAML itself.
func Codes() map[string]string {
	codes := map[string]string{
		codeEmptyFile:   "a rule file holds nothing, or only comments",
		codeNoRules:     "the set has no rule",
		codeMissing:     "a rule lacks a key that it needs",
		codeDuplicate:   "two rules, lists, conditions or templates have the same name",
		codeUnknownWord: "a word is none of those that a key knows",
		codeBadValue:    "a value is not of the form that its key asks for",
		codeEmptyList:   "a list is empty",
		codeCannotReply: "the platform has no public reply to such events",
		codeCannotDo:    "the platform has no private reply to such events, or can't hide such comments",
		codeHiddenReply: "a rule that hides a comment can't answer it publicly",
		codeBadName:     "a list, a condition or a template can't be called so",
		codeListFile:    "the file of a list can't be used",
		codeListEntry:   "an entry of a list can't be used",
		codeTooLarge:    "a file is too large",
		codeTooMany:     "there are more problems than are worth telling",
		codeCurlyQuotes: "typographic quotes round a reply are part of it",
		codeEnding:      "a file that looks like a rule file isn't read",
		codeComment:     "a hashtag at a reply's end is a comment to YAML",
	}
	maps.Copy(codes, expression.Codes())
	return codes
}

// severityOf is told by a code's letter.
func severityOf(code string) problem.Severity {
	if code[0] == 'W' {
		return problem.Warning
	}
	return problem.Error
}
