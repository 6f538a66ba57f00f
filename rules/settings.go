package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/schedule"
	"github.com/answerback/answerback/rules/text"
	"github.com/answerback/answerback/rules/yamlpos"
)

const defaultMaxAge = 24 * time.Hour

// settings are what a rule may take from the defaults of its file, understood.
type settings struct {
	on       []yamlpos.Text // the words that kinds is made of; none if it is the default
	kinds    kinds
	accounts accounts
	media    []string // ids; empty: any
	mode     Mode
	active   *schedule.Schedule // nil: always
	priority int
	pick     pick
	delay    delay
	bounds   Bounds
	maxAge   time.Duration // 0: no bound
	tags     []string
	owner    string
}

// builtIn are the settings of a rule that says nothing, in a file without defaults.
func builtIn() settings {
	return settings{
		kinds:  kindsOf(append(platform.KindsNamed(platform.Mention), platform.Comment)...),
		mode:   Live,
		pick:   pickRotate,
		maxAge: defaultMaxAge,
	}
}

// settings puts what is written in the place of the defaults, each key as a whole.
func (b *builder) settings(s settingsShape, defaults settings) settings {
	made := defaults
	if s.On != nil {
		made.on, made.kinds = b.kinds(s.On)
	}
	if s.Accounts.given {
		made.accounts = b.accounts(s.Accounts.value)
		b.notEmpty("accounts", s.Accounts.value)
	}
	if s.Media.given {
		made.media = b.media(s.Media.value)
		b.notEmpty("media", s.Media.value)
	}
	if s.Mode.Given() {
		made.mode = Mode(b.word("mode", s.Mode, string(Live), string(Shadow), string(Approve)))
	}
	if s.Active.given {
		made.active, made.bounds.Zone = b.active(s.Active)
	}
	if s.Priority != nil {
		made.priority = *s.Priority
	}
	if s.Pick.Given() {
		made.pick = pick(b.word("pick", s.Pick, string(pickRotate), string(pickRandom), string(pickFirst)))
	}
	if s.Tags.given {
		made.tags = written(s.Tags.value).Values()
	}
	if s.Owner.given {
		made.owner = s.Owner.value.Value
	}
	b.bounds(s, &made)
	b.times(s, &made)
	return made
}

func (b *builder) notEmpty(key string, texts yamlpos.Texts) {
	// A list that isn't nil was written; what was not a list is yamlpos's to report.
	if texts != nil && len(texts) == 0 {
		b.reportKey(key, codeEmptyList, "", key+" is an empty list")
	}
}

// written are the texts that stand there, less entries that yamlpos reported.
func written(texts yamlpos.Texts) yamlpos.Texts {
	return slices.DeleteFunc(slices.Clone(texts), func(t yamlpos.Text) bool { return !t.Given() })
}

func (b *builder) kinds(texts yamlpos.Texts) (on []yamlpos.Text, all kinds) {
	b.notEmpty("on", texts)
	on = written(texts)
	for _, word := range on {
		named := platform.KindsNamed(word.Value)
		if len(named) == 0 {
			b.report(word, codeUnknownWord, hintForKind(word.Value), "on: unknown kind %q", word.Value)
		}
		all |= kindsOf(named...)
	}
	return on, all
}

func hintForKind(written string) string {
	switch {
	case strings.ContainsAny(written, ", "):
		return "several stand in brackets: [mention, comment]"
	case written == none:
		return "every rule is for some kind; to silence it give it enabled: false"
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

func (b *builder) accounts(texts yamlpos.Texts) accounts {
	var all accounts
	for _, t := range written(texts) {
		entry := strings.ToLower(strings.TrimPrefix(t.Value, "@"))
		if !text.IsUsername(entry) && !isID(entry) {
			b.report(t, codeBadValue, "", "accounts: %q is neither a username nor an id", t.Value)
		}
		all = append(all, entry)
	}
	return all
}

func (b *builder) media(texts yamlpos.Texts) []string {
	for _, t := range written(texts) {
		if !isID(t.Value) {
			b.report(t, codeBadValue, "an id is digits alone", "media: %q is no media id", t.Value)
		}
	}
	return written(texts).Values()
}
