package lint

// The codes of what is worth telling of a good set, one a cause, never reused. 6xx is this package's.
const (
	codeUnreachable  = "W601"
	codeNeverTrue    = "W602"
	codeAlwaysTrue   = "W603"
	codeUnbounded    = "W604"
	codeOneVariant   = "W605"
	codeShortWord    = "W606"
	codeASCIIPattern = "W607"
	codeSign         = "W608"
	codeCase         = "W609"
	codeNeverMet     = "W610"
	codeQuoted       = "W611"
	codeLongReply    = "W612"
	codeManyHashtags = "W613"
	codeManyURLs     = "W614"
	codeShouting     = "W615"
	codeOver         = "W616"
	codeUnused       = "W617"
	codeForeign      = "W618"
	codeHidesAll     = "W619"
	codeUntold       = "W620"
)

// Codes are the codes of problems that Lint reports, with their meanings.
func Codes() map[string]string {
	return map[string]string{
		codeUnreachable:  "earlier rules match whatever this one would, and end the evaluation",
		codeNeverTrue:    "a condition, or a part of one, contradicts itself or the rest of its rule",
		codeAlwaysTrue:   "a condition, or a part of one, is true whatever comes",
		codeUnbounded:    "a live rule answers everything, and nothing bounds how often",
		codeOneVariant:   "a rule that answers nearly everything always says the same",
		codeShortWord:    "contains finds a short word inside of others",
		codeASCIIPattern: `\b and \w in a pattern know ASCII letters only, and stand beside another one`,
		codeSign:         "a test needs an @ that Meta may have taken out of the text",
		codeCase:         "what people typed is compared in one spelling of capitals only",
		codeNeverMet:     "what is compared with can never be met",
		codeQuoted:       "a fixed text is tested in the place of what was written",
		codeLongReply:    "a reply has more than 300 characters",
		codeManyHashtags: "a reply has more than 4 hashtags",
		codeManyURLs:     "a reply has more than one URL",
		codeShouting:     "a reply is all capitals",
		codeOver:         "a rule is never active again",
		codeUnused:       "nothing uses a list, a condition or a template",
		codeHidesAll:     "a live rule hides every comment",
		codeUntold:       "a story's figure that Meta didn't tell counts as 0",
		codeForeign:      "a field stays empty in all events that a rule is for",
	}
}
