package rules

import "github.com/answerback/answerback/rules/problem"

// The codes of what can be wrong in a rule, one a cause, never reused: 1xx is yamlpos's (the YAML itself), 2xx
// a rule, 3xx an expression or a template.
const (
	codeEmptyFile    = "E201"
	codeNoRules      = "E202"
	codeMissing      = "E203"
	codeDuplicate    = "E204"
	codeUnknownWord  = "E205"
	codeBadValue     = "E206"
	codeEmptyList    = "E207"
	codeCannotReply  = "E208"
	codeBlankReply   = "E209"
	codeTooLong      = "E210"
	codeBraces       = "E211"
	codeTooLarge     = "E212"
	codeTooMany      = "E213"
	codeSyntax       = "E301"
	codeUnknownName  = "E302"
	codeType         = "E303"
	codeArguments    = "E304"
	codeNotAllowed   = "E305"
	codePattern      = "E306"
	codeTooComplex   = "E307"
	codeComment      = "W201"
	codeShownBraces  = "W202"
	codeRaw          = "W301"
	codeStrangerText = "W302"
)

// Codes are the codes of problems that Compile reports, with their meanings, less those of YAML itself.
func Codes() map[string]string {
	return map[string]string{
		codeEmptyFile:    "a rule file holds nothing, or only comments",
		codeNoRules:      "the set has no rule",
		codeMissing:      "a rule lacks a key that it needs",
		codeDuplicate:    "two rules have the same name",
		codeUnknownWord:  "a word is none of those that a key knows",
		codeBadValue:     "a value is not of the form that its key asks for",
		codeEmptyList:    "a list is empty",
		codeCannotReply:  "the platform has no public reply to such events",
		codeBlankReply:   "a reply says nothing",
		codeTooLong:      "a reply is longer than the platform takes, whatever is put in",
		codeBraces:       "braces in a template are not closed",
		codeTooLarge:     "a file is too large",
		codeTooMany:      "there are more problems than are worth telling",
		codeSyntax:       "an expression can't be read",
		codeUnknownName:  "an expression names what doesn't exist",
		codeType:         "a value in an expression is not of the sort that its place needs",
		codeArguments:    "a function is given the wrong things",
		codeNotAllowed:   "an expression uses what the rule language leaves out",
		codePattern:      "a pattern is bad, or not known when the rule is loaded",
		codeTooComplex:   "an expression is too large",
		codeComment:      "a hashtag at a reply's end is a comment to YAML",
		codeShownBraces:  "braces in a reply are no interpolation and are shown as they are",
		codeRaw:          "raw shows what a stranger typed as it is",
		codeStrangerText: "a reply shows a stranger's own words",
	}
}

// fault is what is wrong in an expression or a template, before it is known where that stands in a file.
type fault struct {
	offset  int // runes from its start
	code    string
	message string
	hint    string
}

func isWarning(code string) bool { return code[0] == 'W' }

// severityOf is told by a code's letter.
func severityOf(code string) problem.Severity {
	if isWarning(code) {
		return problem.Warning
	}
	return problem.Error
}
