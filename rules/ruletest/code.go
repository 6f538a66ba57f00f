package ruletest

// The codes of what can be wrong with cases, and with a set that they show: 5xx, one a cause, never reused.
const (
	codeNoCases     = "E501"
	codeMissing     = "E502"
	codeClash       = "E503"
	codeUnknownWord = "E504"
	codeUnknownRule = "E505"
	codeNoExpect    = "E506"
	codePattern     = "E507"
	codeTime        = "E508"
	codeSample      = "E509"
	codeTooLarge    = "E510"
	codeFigure      = "E511"
	codeUntested    = "W501"
	codeSelfReply   = "W502"
)

// Codes are the codes of problems that this package reports, with their meanings, less those of YAML itself.
func Codes() map[string]string {
	return map[string]string{
		codeNoCases:     "a file of cases, or a list of them, holds none",
		codeMissing:     "a case lacks a key that it needs",
		codeClash:       "keys of a case don't go together",
		codeUnknownWord: "a word is none of those that a key knows",
		codeUnknownRule: "a case names a rule that the set doesn't have",
		codeNoExpect:    "a case expects nothing, so it could never fail",
		codePattern:     "a pattern can't be read",
		codeTime:        "a time can't be read, or lies before that of the event before",
		codeSample:      "a sample can't be read, or holds no event or several",
		codeTooLarge:    "a file is too large",
		codeFigure:      "a story has a figure that Meta never tells",
		codeUntested:    "a live rule has no case",
		codeSelfReply:   "a reply would be answered by the set that gives it",
	}
}
