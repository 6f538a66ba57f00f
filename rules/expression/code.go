package expression

// The codes of what can be wrong in an expression or a template, one a cause, never reused.
const (
	CodeBlankReply   = "E209"
	CodeTooLong      = "E210"
	CodeBraces       = "E211"
	CodeSyntax       = "E301"
	CodeUnknownName  = "E302"
	CodeType         = "E303"
	CodeArguments    = "E304"
	CodeNotAllowed   = "E305"
	CodePattern      = "E306"
	CodeTooComplex   = "E307"
	CodeCycle        = "E308"
	CodeShownBraces  = "W202"
	CodeRaw          = "W301"
	CodeStrangerText = "W302"
)

// Codes are the codes of faults, with their meanings.
func Codes() map[string]string {
	return map[string]string{
		CodeBlankReply:   "a reply says nothing",
		CodeTooLong:      "a reply is longer than the platform takes, whatever is put in",
		CodeBraces:       "braces in a template are not closed",
		CodeSyntax:       "an expression can't be read",
		CodeUnknownName:  "an expression names what doesn't exist",
		CodeType:         "a value in an expression is not of the sort that its place needs",
		CodeArguments:    "a function is given the wrong things",
		CodeNotAllowed:   "an expression uses what the rule language leaves out",
		CodePattern:      "a pattern is bad, or not known when the rule is loaded",
		CodeTooComplex:   "an expression is too large",
		CodeCycle:        "conditions use each other in a circle",
		CodeShownBraces:  "braces in a reply are no interpolation and are shown as they are",
		CodeRaw:          "raw shows what a stranger typed as it is",
		CodeStrangerText: "a reply shows a stranger's own words",
	}
}

// Fault is what is wrong in an expression or a template, or doubtful. Where that stands in a file is the caller's to
// know.
type Fault struct {
	Offset  int    // runes from the text's start
	Code    string // E…: nothing can be made of the text; W…: a warning
	Message string
	Hint    string
}

// Warning reports whether something could be made of the text all the same.
func (f Fault) Warning() bool { return f.Code[0] == 'W' }
