package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/text"
	"github.com/answerback/answerback/rules/yamlpos"
)

const maxName = 100 // characters: names stand in logs and metrics

// builder understands what is written at one place, a rule or a file's defaults, and notes what is wrong.
type builder struct {
	at       yamlpos.Pos // the mapping that is looked at
	rule     string      // its name; empty where it is none or has none
	problems problem.List
}

// report notes an error at a text's start.
func (b *builder) report(at yamlpos.Text, code, hint, message string, args ...any) {
	b.note(at.Problem(code, fmt.Sprintf(message, args...), hint))
}

func (b *builder) note(p problem.Problem) {
	p.Rule = b.rule
	p.Severity = severityOf(p.Code)
	b.problems = append(b.problems, p)
}

// reportKey notes an error at one of the mapping's keys, or at its start if it lacks the key.
func (b *builder) reportKey(key, code, hint, message string) {
	b.note(b.at.Key(key).Problem(code, message, hint))
}

// missing notes that a mapping lacks what it needs.
func (b *builder) missing(at yamlpos.Pos, message, hint string) {
	b.note(at.Problem(codeMissing, message, hint))
}

// faults notes what is wrong within a text.
func (b *builder) faults(key string, at yamlpos.Text, faults []expression.Fault) {
	for _, f := range faults {
		b.note(at.ProblemAt(f.Offset, f.Code, key+": "+f.Message, f.Hint))
	}
}

// word is one out of a few; the first is the default.
func (b *builder) word(key string, written yamlpos.Text, known ...string) string {
	if !slices.Contains(known, written.Value) {
		b.report(written, codeUnknownWord, hintForWord(written.Value, known), "%s: unknown word %q", key, written.Value)
		return known[0]
	}
	return written.Value
}

func hintForWord(written string, known []string) string {
	if first, _, several := strings.Cut(written, ","); several && slices.Contains(known, strings.TrimSpace(first)) {
		return "several stand in brackets: [" + written + "]"
	}
	if near, ok := yamlpos.Nearest(written, known); ok {
		return "did you mean " + near + "?"
	}
	return "known are " + strings.Join(known, ", ")
}

// ruleBuilder makes a rule of its shape.
type ruleBuilder struct {
	builder
	language  *expression.Language
	templates map[string]*template
	file      string
	shape     ruleShape
}

func (b *ruleBuilder) build(defaults settings) *rule {
	s := b.shape
	b.at, b.rule = s.At, s.Name.Value
	r := &rule{
		name:     s.Name.Value,
		enabled:  s.Enabled == nil || *s.Enabled,
		settings: b.settings(s.settingsShape, defaults),
		when:     b.condition("when", s.When),
		unless:   b.condition("unless", s.Unless),
		goesOn:   s.Continue,
		actions:  b.actions(),
	}
	b.name()
	b.fit(r)
	r.about = b.about(r)
	return r
}

func (b *ruleBuilder) name() {
	name := b.shape.Name
	switch {
	case !name.Given():
	case text.Blank(name.Value):
		b.report(name, codeBadValue, "", "name must not be empty")
	case strings.ContainsFunc(name.Value, unicode.IsControl) || utf8.RuneCountInString(name.Value) > maxName:
		b.report(name, codeBadValue, "", "name must be one line of at most %d characters", maxName)
	}
}

// present makes sure that what a rule needs is there.
func (b *ruleBuilder) present() {
	s := b.shape
	if !s.At.Has("name") {
		b.missing(s.At, "a rule needs a name", "")
	}
	if !s.At.Has("reply") && !s.At.Has("private_reply") && !s.At.Has("notify") && !s.Hide {
		b.missing(s.At, "a rule needs a reply, or another action", "as in reply: thank you!; or private_reply, hide, notify")
	}
}

// once makes sure that no rule before had the name.
func (b *ruleBuilder) once(named map[string]yamlpos.Text) {
	name := b.shape.Name
	if text.Blank(name.Value) {
		return
	}
	if first, ok := named[name.Value]; ok {
		b.report(name, codeDuplicate, "names are unique in the whole set", "another rule is called so: %s", placeOf(first))
		return
	}
	named[name.Value] = name
}

// placeOf is where a text stands, for people.
func placeOf(t yamlpos.Text) string {
	at := t.Problem("", "", "")
	return fmt.Sprintf("%s:%d", at.File, at.Line)
}

func (b *ruleBuilder) condition(key string, at yamlpos.Text) *located {
	if !at.Given() {
		return nil
	}
	x, faults := b.language.Condition(at.Value)
	if c := at.Comment(); strings.HasPrefix(c, "#") && len(faults) > 0 {
		for i := range faults {
			faults[i].Hint = `what follows a # is a comment; put single quotes round it all: '…'`
		}
	}
	b.faults(key, at, faults)
	return &located{Condition: x, key: key, at: at}
}

// about gathers what people want to know of the rule.
func (b *ruleBuilder) about(r *rule) Rule {
	return Rule{
		Name:        r.name,
		Description: b.shape.Description,
		Owner:       r.owner,
		Tags:        r.tags,
		Mode:        r.mode,
		Enabled:     r.enabled,
		File:        b.file,
		Fingerprint: b.fingerprint(r),
		at:          b.shape.At,
	}
}

// fingerprint is of all that the rule says and of all that it uses, defaults and lists too.
func (b *ruleBuilder) fingerprint(r *rule) string {
	h := sha256.New()
	s := r.settings
	fmt.Fprintf(h, "%q %q %t %q %d %q %q %d %t %q %d %q %q",
		r.name, b.shape.Description, r.enabled, s.mode, s.kinds, s.accounts, s.media,
		s.priority, r.goesOn, s.pick, s.maxAge, s.tags, s.owner)
	fmt.Fprintf(h, " %v %v %v %v %v", s.delay, s.bounds.OncePer, s.bounds.Cooldowns, s.bounds.Limit, s.bounds.Zone)
	if s.active != nil {
		fmt.Fprintf(h, " %s", s.active)
	}
	for _, x := range []*located{r.when, r.unless} {
		if x != nil && x.Condition != nil {
			fmt.Fprintf(h, " %s %q %s", x.key, x.at.Value, x.Uses())
		}
	}
	for _, v := range r.replies {
		fmt.Fprintf(h, " %q %s", v.at.Value, v.Uses())
	}
	r.actions.fingerprint(h)
	return hex.EncodeToString(h.Sum(nil)[:8])
}
