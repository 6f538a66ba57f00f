package config

import (
	"regexp"

	"github.com/answerback/answerback/rules/problem"
)

// openLine is a line that holds nothing but a key whose value is no secret.
var openLine = regexp.MustCompile(`^\s*(?:- +)?(listen|rules|mode|level|format|replies_per_hour|replies_per_thread|workers|drain|` +
	`settle_after|login|version|app_id|id|aliases|username|page_id|every|since|retention)\s*:(\s|$)`)

// variableLine is a line whose value is a variable's name, which problems name too.
var variableLine = regexp.MustCompile(`^\s*(?:- +)?[A-Za-z_][A-Za-z0-9_]*\s*:\s+["']?\$\{[A-Za-z_][A-Za-z0-9_]*\}["']?\s*$`)

// leadingKey is the key that a line begins with.
var leadingKey = regexp.MustCompile(`^\s*(?:- +)?[A-Za-z_][A-Za-z0-9_]*\s*:(\s|$)`)

// omitted stands in for a value that is not shown.
const omitted = "…"

// mask takes out of the shown source lines what may be a secret. A secret may stand anywhere in a file that is written
// badly enough, under a misspelled key or in a line of its own, so only what is known to be none is shown: the values
// of some keys, and the keys that others begin with.
func mask(problems problem.List) {
	for i := range problems {
		p := &problems[i]
		if p.Source == "" || openLine.MatchString(p.Source) || variableLine.MatchString(p.Source) {
			continue
		}
		key := leadingKey.FindString(p.Source)
		if key == "" {
			p.Source = ""
			continue
		}
		if len(key) < len(p.Source) {
			key += omitted
		}
		p.Source = key
	}
}
