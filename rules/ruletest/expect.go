package ruletest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Expectation is what should come of an event. What is empty may be anything.
type Expectation struct {
	Verdict string
	Because rules.Because
	Rule    string
	Mode    rules.Mode
	// Reply is the whole public reply.
	Reply string
	// Contains are texts that stand somewhere in the public reply.
	Contains []string
	// Matches is found somewhere in the public reply; nil if it doesn't matter.
	Matches *regexp.Regexp
	// PrivateReply is the whole private reply.
	PrivateReply string
	// Hide is whether the comment is hidden; nil if it doesn't matter.
	Hide *bool
	// Notify are places of which each is notified.
	Notify []string
}

// noMatch is the verdict that no rule decided.
const noMatch = "no_match"

func verdicts() []string {
	return []string{"reply", "approve", "shadow", "acted", "skipped", noMatch, "error"}
}

func reasons() []string {
	var words []string
	for _, reason := range rules.Reasons() {
		words = append(words, string(reason.Because))
	}
	return words
}

// ofRules are the keys of what only a rule that matches can do.
func ofRules() []string {
	return []string{"mode", "reply", "reply_contains", "reply_matches", "private_reply", "hide", "notify"}
}

func (b *caseBuilder) expectation(s *expectShape) *Expectation {
	b.word("verdict", s.Verdict, verdicts()...)
	b.word("because", s.Because, reasons()...)
	b.word("mode", s.Mode, string(rules.Live), string(rules.Shadow), string(rules.Approve))
	b.ruleNamed(s.Rule)
	e := &Expectation{
		Verdict:  s.Verdict.Value,
		Because:  rules.Because(s.Because.Value),
		Rule:     s.Rule.Value,
		Mode:     rules.Mode(s.Mode.Value),
		Reply:    s.Reply.Value,
		Contains: s.ReplyContains.Values(),
		Matches:  b.pattern(s.ReplyMatches),

		PrivateReply: s.PrivateReply.Value,
		Hide:         s.Hide,
		Notify:       s.Notify.Values(),
	}
	b.sensible(s, e)
	return e
}

func (b *caseBuilder) ruleNamed(written yamlpos.Text) {
	if !written.Given() || slices.Contains(b.names, written.Value) {
		return
	}
	hint := ""
	if near, ok := yamlpos.Nearest(written.Value, b.names); ok {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	b.note(written.Problem(codeUnknownRule, fmt.Sprintf("rule: there is no rule %q", written.Value), hint))
}

func (b *caseBuilder) pattern(written yamlpos.Text) *regexp.Regexp {
	if !written.Given() {
		return nil
	}
	pattern, err := regexp.Compile(written.Value)
	if err != nil {
		message := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
		b.note(written.Problem(codePattern, "reply_matches: "+message, "a literal sign such as ? or ( is written with \\ before it"))
	}
	return pattern
}

// sensible refuses what no event could miss or none could meet.
func (b *caseBuilder) sensible(s *expectShape, e *Expectation) {
	given := false
	for _, key := range append([]string{"verdict", "rule", "because"}, ofRules()...) {
		given = given || s.At.Has(key)
	}
	if !given && s.At.Line() > 0 { // else it is no mapping, as was reported
		b.note(s.At.Problem(codeNoExpect, "expect says nothing, so the case could never fail", "as in expect: {verdict: reply}"))
	}
	for key, list := range map[string]yamlpos.Texts{"reply_contains": s.ReplyContains, "notify": s.Notify} {
		if list != nil && len(list) == 0 {
			b.note(s.At.Key(key).Problem(codeNoExpect, key+" is an empty list", ""))
		}
	}
	if e.Verdict != noMatch {
		return
	}
	for _, key := range ofRules() {
		if s.At.Has(key) && (key != "hide" || e.Hide != nil && *e.Hide) {
			b.note(s.At.Key(key).Problem(codeClash, fmt.Sprintf("with verdict %s there is no %s", noMatch, key), ""))
		}
	}
	if e.Rule != "" && e.Rule != b.rule {
		b.note(s.Rule.Problem(codeClash, fmt.Sprintf("with verdict %s there is no rule", noMatch), "to say that a rule keeps silent, write the case under that rule"))
	}
}
