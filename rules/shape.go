package rules

import (
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// fileShape is a rule file as it is written. Rules are decoded one by one, so that what is wrong in one bears its name.
type fileShape struct {
	At yamlpos.Pos

	Defaults   defaultsShape              `yaml:"defaults"`
	Lists      yamlpos.Map[listShape]     `yaml:"lists"`
	Conditions yamlpos.Map[yamlpos.Text]  `yaml:"conditions"`
	Templates  yamlpos.Map[yamlpos.Texts] `yaml:"templates"`
	Rules      []*yamlpos.Node            `yaml:"rules"`
}

// defaultsShape are the settings for every rule of a file that has none of its own.
type defaultsShape struct {
	At yamlpos.Pos

	settingsShape
}

// settingsShape are the keys that a rule may take from its file's defaults.
type settingsShape struct {
	On       yamlpos.Texts         `yaml:"on"`
	Accounts orNone[yamlpos.Texts] `yaml:"accounts"`
	Media    orNone[yamlpos.Texts] `yaml:"media"`
	Mode     yamlpos.Text          `yaml:"mode"`
	Active   orNone[activeShape]   `yaml:"active"`
	Priority *int                  `yaml:"priority"`
	Pick     yamlpos.Text          `yaml:"pick"`
	Delay    yamlpos.Text          `yaml:"delay"`
	Cooldown orNone[oneOrMore]     `yaml:"cooldown"`
	OncePer  orNone[yamlpos.Texts] `yaml:"once_per"`
	Limit    orNone[limitShape]    `yaml:"limit"`
	MaxAge   yamlpos.Text          `yaml:"max_age"`
	Tags     orNone[yamlpos.Texts] `yaml:"tags"`
	Owner    orNone[yamlpos.Text]  `yaml:"owner"`
}

// ruleShape is a rule as it is written. Words stay texts, with their places, until they are understood.
type ruleShape struct {
	At yamlpos.Pos

	Name         yamlpos.Text `yaml:"name"`
	Description  string       `yaml:"description"`
	Enabled      *bool        `yaml:"enabled"`
	When         yamlpos.Text `yaml:"when"`
	Unless       yamlpos.Text `yaml:"unless"`
	Continue     bool         `yaml:"continue"`
	Reply        replyShape   `yaml:"reply"`
	PrivateReply replyShape   `yaml:"private_reply"`
	Hide         bool         `yaml:"hide"`
	Notify       noticeShape  `yaml:"notify"`
	// Tests are the rule's cases. They say nothing of what the rule does; who runs them decodes them.
	Tests *yamlpos.Node `yaml:"tests"`

	settingsShape
}

// orNone is a value, or the word none in its place, which takes a default away.
type orNone[T any] struct {
	given bool // also of a value that is wrong
	wrong bool // problems were reported of it: what it lacks may be what is misspelt
	none  bool
	value T
}

// DecodeYAML takes both forms.
func (o *orNone[T]) DecodeYAML(n *yamlpos.Node) problem.List {
	o.given = true
	if n.Text().Value == none {
		o.none = true
		return nil
	}
	found := n.Decode(&o.value)
	o.wrong = found.HasErrors()
	for i, p := range found {
		if p.Code == yamlpos.CodeKind && example(n.Name()) != "" {
			found[i].Hint = example(n.Name())
		}
	}
	return found
}

// example shows what a key's value looks like.
func example(key string) string {
	switch key {
	case "active":
		return `as in {days: mon-fri, hours: "09:00-18:00"}; none: always`
	case "cooldown":
		return "as in {per: user, for: 10m}"
	case "limit":
		return "as in {max: 200, per: day}"
	case "once_per":
		return "as in user, or [user, media]"
	}
	return ""
}

// none is the word that takes a default away.
const none = "none"

// oneOrMore are the cooldowns of a rule: one mapping, or a list of them.
type oneOrMore []cooldownShape

// DecodeYAML takes both forms.
func (c *oneOrMore) DecodeYAML(n *yamlpos.Node) problem.List {
	if n.Kind() == yamlpos.List {
		var list []cooldownShape
		found := n.Decode(&list)
		*c = list
		return found
	}
	var one cooldownShape
	found := n.Decode(&one)
	*c = oneOrMore{one}
	return found
}

type cooldownShape struct {
	At yamlpos.Pos

	Per yamlpos.Text `yaml:"per"`
	For yamlpos.Text `yaml:"for"`
}

type limitShape struct {
	At yamlpos.Pos

	Max *int         `yaml:"max"`
	Per yamlpos.Text `yaml:"per"`
}

type activeShape struct {
	At yamlpos.Pos

	Days     yamlpos.Texts `yaml:"days"`
	Hours    yamlpos.Texts `yaml:"hours"`
	Timezone yamlpos.Text  `yaml:"timezone"`
	From     yamlpos.Text  `yaml:"from"`
	Until    yamlpos.Text  `yaml:"until"`
}

// replyShape is a template, a list of them, or the name of a template of the set.
type replyShape struct {
	Texts    yamlpos.Texts
	Template yamlpos.Text
}

// DecodeYAML takes the three forms.
func (r *replyShape) DecodeYAML(n *yamlpos.Node) problem.List {
	if n.Kind() != yamlpos.Mapping {
		return n.Decode(&r.Texts)
	}
	var named namedShape
	found := n.Decode(&named)
	if !named.At.Has("template") && !found.HasErrors() {
		found = append(found, n.Problem(codeMissing, n.Name()+": template is missing", "as in {template: name}; a text stands by itself, in quotes"))
	}
	r.Template = named.Template
	return found
}

// namedShape is a reply that stands among the templates.
type namedShape struct {
	At       yamlpos.Pos
	Template yamlpos.Text `yaml:"template"`
}

// noticeShape is a message to people.
type noticeShape struct {
	At   yamlpos.Pos
	To   yamlpos.Text `yaml:"to"`
	Text yamlpos.Text `yaml:"text"`
}

// listShape is a list of texts, or the file that holds one.
type listShape struct {
	Texts yamlpos.Texts
	File  yamlpos.Text
}

// DecodeYAML takes both forms.
func (l *listShape) DecodeYAML(n *yamlpos.Node) problem.List {
	switch n.Kind() {
	case yamlpos.List:
		return n.Decode(&l.Texts)
	case yamlpos.Mapping:
		var from listFileShape
		found := n.Decode(&from)
		if !from.At.Has("file") && !found.HasErrors() {
			found = append(found, n.Problem(codeMissing, n.Name()+": file is missing", "as in {file: lists/names.txt}"))
		}
		l.File = from.File
		return found
	}
	p := n.Wrong("a list")
	p.Hint = "in brackets: [" + n.Text().Value + "]; a file: {file: lists/names.txt}"
	return problem.List{p}
}

// listFileShape names the file of a list.
type listFileShape struct {
	At   yamlpos.Pos
	File yamlpos.Text `yaml:"file"`
}
