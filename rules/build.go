package rules

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/text"
	"github.com/answerback/answerback/rules/yamlpos"

	"github.com/answerback/answerback/rules/expression"
)

const (
	defaultMaxAge = 24 * time.Hour
	maxName       = 100 // characters: names stand in logs and metrics
)

// ruleBuilder makes a rule of its shape and notes what is wrong.
type ruleBuilder struct {
	language *expression.Language
	file     string
	shape    ruleShape
	problems problem.List
}

func (b *ruleBuilder) build() *rule {
	s := b.shape
	r := &rule{
		name:     s.Name.Value,
		enabled:  s.Enabled == nil || *s.Enabled,
		kinds:    b.kinds(),
		accounts: b.accounts(),
		media:    b.media(),
		when:     b.condition("when", s.When),
		unless:   b.condition("unless", s.Unless),
		priority: s.Priority,
		goesOn:   s.Continue,
		replies:  b.replies(),
		pick:     pick(b.word("pick", s.Pick, string(pickRotate), string(pickRandom), string(pickFirst))),
		mode:     Mode(b.word("mode", s.Mode, string(Live), string(Shadow))),
		maxAge:   b.maxAge(),
	}
	b.name()
	r.about = b.about(r)
	return r
}

// written are the texts that stand there, less entries that yamlpos reported.
func written(texts yamlpos.Texts) yamlpos.Texts {
	return slices.DeleteFunc(slices.Clone(texts), func(t yamlpos.Text) bool { return !t.Given() })
}

// report notes an error at a text's start.
func (b *ruleBuilder) report(at yamlpos.Text, code, hint, message string, args ...any) {
	p := at.Problem(code, fmt.Sprintf(message, args...), hint)
	b.note(p)
}

func (b *ruleBuilder) note(p problem.Problem) {
	p.Rule = b.shape.Name.Value
	p.Severity = severityOf(p.Code)
	b.problems = append(b.problems, p)
}

// reportKey notes an error at one of the rule's keys, or at its start if it lacks the key.
func (b *ruleBuilder) reportKey(key, code, hint, message string) {
	b.note(b.shape.At.Key(key).Problem(code, message, hint))
}

// faults notes what is wrong within a text.
func (b *ruleBuilder) faults(key string, at yamlpos.Text, faults []expression.Fault) {
	for _, f := range faults {
		b.note(at.ProblemAt(f.Offset, f.Code, key+": "+f.Message, f.Hint))
	}
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

// present makes sure that what a rule needs is there, and that no list is empty.
func (b *ruleBuilder) present() {
	s := b.shape
	if !s.At.Has("name") {
		b.reportKey("name", codeMissing, "", "a rule needs a name")
	}
	if !s.At.Has("reply") {
		b.reportKey("reply", codeMissing, "", "a rule needs a reply")
	}
	for _, list := range []struct {
		key   string
		texts yamlpos.Texts
	}{{"on", s.On}, {"accounts", s.Accounts}, {"media", s.Media}, {"reply", s.Reply}} {
		// A list that isn't nil was written; what was not a list is yamlpos's to report.
		if list.texts != nil && len(list.texts) == 0 {
			b.reportKey(list.key, codeEmptyList, "", list.key+" is an empty list")
		}
	}
}

// once makes sure that no rule before had the name.
func (b *ruleBuilder) once(named map[string]yamlpos.Text) {
	name := b.shape.Name
	if text.Blank(name.Value) {
		return
	}
	if first, ok := named[name.Value]; ok {
		at := first.Problem("", "", "")
		b.report(name, codeDuplicate, "names are unique in the whole set", "another rule is called so: %s:%d", at.File, at.Line)
		return
	}
	named[name.Value] = name
}

func (b *ruleBuilder) kinds() kinds {
	if b.shape.On == nil {
		return kindsOf(append(platform.KindsNamed(platform.Mention), platform.Comment)...)
	}
	var all kinds
	for _, word := range written(b.shape.On) {
		named := platform.KindsNamed(word.Value)
		if len(named) == 0 {
			b.report(word, codeUnknownWord, hintForKind(word.Value), "on: unknown kind %q", word.Value)
		}
		for _, kind := range named {
			if !kind.CanReply() {
				b.report(word, codeCannotReply, "", "on: %s", cannotReply(kind))
			}
		}
		all |= kindsOf(named...)
	}
	return all
}

func hintForKind(written string) string {
	if strings.ContainsAny(written, ", ") {
		return "several stand in brackets: [mention, comment]"
	}
	return hintForWord(written, kindWords())
}

func kindWords() []string {
	words := []string{platform.Mention}
	for _, kind := range platform.Kinds() {
		words = append(words, string(kind))
	}
	return words
}

func cannotReply(kind platform.Kind) string {
	if kind == platform.LiveComment {
		return "a comment on a live broadcast can't be answered publicly"
	}
	return string(kind) + " can't be answered: nobody said anything"
}

func hintForWord(written string, known []string) string {
	if near, ok := yamlpos.Nearest(written, known); ok {
		return "did you mean " + near + "?"
	}
	return "known are " + strings.Join(known, ", ")
}

// word is one out of a few; the first is the default.
func (b *ruleBuilder) word(key string, written yamlpos.Text, known ...string) string {
	if !written.Given() {
		return known[0]
	}
	if !slices.Contains(known, written.Value) {
		b.report(written, codeUnknownWord, hintForWord(written.Value, known), "%s: unknown word %q", key, written.Value)
		return known[0]
	}
	return written.Value
}

func (b *ruleBuilder) accounts() accounts {
	var all accounts
	for _, t := range written(b.shape.Accounts) {
		entry := strings.ToLower(strings.TrimPrefix(t.Value, "@"))
		if !text.IsUsername(entry) && !isID(entry) {
			b.report(t, codeBadValue, "", "accounts: %q is neither a username nor an id", t.Value)
		}
		all = append(all, entry)
	}
	return all
}

func (b *ruleBuilder) media() []string {
	for _, t := range written(b.shape.Media) {
		if !isID(t.Value) {
			b.report(t, codeBadValue, "an id is digits alone", "media: %q is no media id", t.Value)
		}
	}
	return b.shape.Media.Values()
}

func (b *ruleBuilder) condition(key string, at yamlpos.Text) *located {
	if !at.Given() {
		return nil
	}
	x, faults := b.language.Condition(at.Value)
	b.faults(key, at, faults)
	return &located{Condition: x, key: key, at: at}
}

func (b *ruleBuilder) replies() []variant {
	var all []variant
	for _, t := range written(b.shape.Reply) {
		made, faults := b.language.Template(t.Value)
		b.faults("reply", t, faults)
		if c := t.Comment(); strings.HasPrefix(c, "#") && !strings.HasPrefix(c, "# ") {
			b.report(t, codeComment, "quote the whole reply", "reply: %s is a comment and not part of the reply", c)
		}
		if made != nil {
			all = append(all, variant{Template: made, at: t})
		}
	}
	return all
}

func (b *ruleBuilder) maxAge() time.Duration {
	t := b.shape.MaxAge
	switch {
	case !t.Given():
		return defaultMaxAge
	case t.Value == "none":
		return 0
	}
	age, err := yamlpos.ParseDuration(t.Value)
	if err != nil || age <= 0 {
		b.report(t, codeBadValue, "as in 90m, 24h, 7d; none: no bound", "max_age: %q is no length of time", t.Value)
	}
	return age
}

// about gathers what people want to know of the rule.
func (b *ruleBuilder) about(r *rule) Rule {
	return Rule{
		Name:        r.name,
		Description: b.shape.Description,
		Owner:       b.shape.Owner,
		Tags:        b.shape.Tags.Values(),
		Mode:        r.mode,
		Enabled:     r.enabled,
		File:        b.file,
		Fingerprint: b.fingerprint(r),
		at:          b.shape.At,
	}
}

func (b *ruleBuilder) fingerprint(r *rule) string {
	s := b.shape
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %t %q %d %q %q %q %q %d %t %q %q %d %q %q",
		r.name, s.Description, r.enabled, r.mode, r.kinds, r.accounts, r.media, s.When.Value, s.Unless.Value,
		r.priority, r.goesOn, s.Reply.Values(), r.pick, r.maxAge, s.Tags.Values(), s.Owner)
	return hex.EncodeToString(h.Sum(nil)[:8])
}
