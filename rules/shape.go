package rules

import "github.com/answerback/answerback/rules/yamlpos"

// fileShape is a rule file as it is written. Rules are decoded one by one, so that what is wrong in one bears its name.
type fileShape struct {
	Rules []*yamlpos.Node `yaml:"rules"`
}

// ruleShape is a rule as it is written. Words stay texts, with their places, until they are understood.
type ruleShape struct {
	At yamlpos.Pos

	Name        yamlpos.Text  `yaml:"name"`
	Description string        `yaml:"description"`
	Enabled     *bool         `yaml:"enabled"`
	Mode        yamlpos.Text  `yaml:"mode"`
	On          yamlpos.Texts `yaml:"on"`
	Accounts    yamlpos.Texts `yaml:"accounts"`
	Media       yamlpos.Texts `yaml:"media"`
	When        yamlpos.Text  `yaml:"when"`
	Unless      yamlpos.Text  `yaml:"unless"`
	Priority    int           `yaml:"priority"`
	Continue    bool          `yaml:"continue"`
	Reply       yamlpos.Texts `yaml:"reply"`
	Pick        yamlpos.Text  `yaml:"pick"`
	MaxAge      yamlpos.Text  `yaml:"max_age"`
	Tags        yamlpos.Texts `yaml:"tags"`
	Owner       string        `yaml:"owner"`
}
