package lint

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/text"
)

// What a reply should not go beyond if people are to read it and it is not to look like spam.
const (
	maxCharacters = 300
	maxHashtags   = 4
	maxURLs       = 1
	// fewLetters may be all capitals: OK, FAQ, a name.
	fewLetters = 6
)

// replies warns of how replies look. What they show of an event isn't known and counts for nothing.
func (l *linter) replies() {
	l.replyTexts(func(p place) {
		written := authored(p.Text)
		warn := func(code, hint, message string, args ...any) {
			l.warnAt(p, 0, code, hint, fmt.Sprintf(message, args...))
		}
		if n := utf8.RuneCountInString(written); n > maxCharacters {
			warn(codeLongReply, "nobody reads that below a post", "it has %d characters", n)
		}
		if n := len(text.Hashtags(written)); n > maxHashtags {
			warn(codeManyHashtags, "comments full of hashtags look like spam, to Instagram too", "it has %d hashtags", n)
		}
		if n := len(text.URLs(written)); n > maxURLs {
			warn(codeManyURLs, "links can't be tapped in comments; put them in the bio", "it has %d links", n)
		}
		if shouts(written) {
			warn(codeShouting, "", "it is all capitals")
		}
	})
}

// authored is the part of a template that its author wrote, with a space for each value that it shows.
func authored(template string) string {
	var b strings.Builder
	runes := []rune(template)
	at := 0
	for _, shown := range expression.Interpolations(template) {
		b.WriteString(string(runes[at:shown.Offset-len("{{")]) + " ")
		at = shown.Offset + utf8.RuneCountInString(shown.Text) + len("}}")
	}
	b.WriteString(string(runes[at:]))
	return b.String()
}

// shouts reports whether all letters that have two cases are capitals, and there are more than a few.
func shouts(s string) bool {
	for _, token := range strings.Fields(s) {
		if strings.HasPrefix(token, "#") || strings.HasPrefix(token, "@") {
			s = strings.Replace(s, token, "", 1)
		}
	}
	capitals := 0
	for _, r := range s {
		switch {
		case unicode.IsLower(r) && unicode.ToUpper(r) != r:
			return false
		case unicode.IsUpper(r) && unicode.ToLower(r) != r:
			capitals++
		}
	}
	return capitals > fewLetters
}

// schedules warns of what is never active again.
func (l *linter) schedules() {
	const hint = "delete the rule, or take the end out of active"
	for _, s := range l.Schedules {
		if _, again := s.Active.Next(l.now); !again {
			l.warn(s.Problem(codeOver, "active: these rules are never active again", hint))
		}
	}
	for i := range l.Rules {
		r := &l.Rules[i]
		if r.Enabled && r.OwnActive && r.Active != nil {
			if _, again := r.Active.Next(l.now); !again {
				l.warn(r.Problem("active", codeOver, "active: the rule is never active again", hint))
			}
		}
	}
}
