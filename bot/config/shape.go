package config

import (
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// fileShape is the file as it is written. Its keys grow by addition only.
type fileShape struct {
	yamlpos.Pos
	Listen    yamlpos.Text             `yaml:"listen"`
	Admin     adminShape               `yaml:"admin"`
	Database  yamlpos.Text             `yaml:"database"`
	Rules     yamlpos.Text             `yaml:"rules"`
	Mode      yamlpos.Text             `yaml:"mode"`
	Notify    yamlpos.Map[notifyShape] `yaml:"notify"`
	Log       logShape                 `yaml:"log"`
	Limits    limitsShape              `yaml:"limits"`
	Workers   int                      `yaml:"workers"`
	Drain     yamlpos.Duration         `yaml:"drain"`
	Settle    yamlpos.Duration         `yaml:"settle_after"`
	Instagram instagramShape           `yaml:"instagram"`
	Accounts  []accountShape           `yaml:"accounts"`
	Sweep     sweepShape               `yaml:"sweep"`
	TokenKey  secretShape              `yaml:"token_key"`
	Retention yamlpos.Duration         `yaml:"retention"`
}

type adminShape struct {
	yamlpos.Pos
	Listen yamlpos.Text `yaml:"listen"`
	Token  secretShape  `yaml:"token"`
}

type notifyShape struct {
	yamlpos.Pos
	URL secretShape `yaml:"url"`
}

type logShape struct {
	Level  yamlpos.Text `yaml:"level"`
	Format yamlpos.Text `yaml:"format"`
}

// limitsShape stands at the top and in an account; nil is what wasn't said.
type limitsShape struct {
	yamlpos.Pos
	RepliesPerHour   *int `yaml:"replies_per_hour"`
	RepliesPerThread *int `yaml:"replies_per_thread"`
}

type instagramShape struct {
	yamlpos.Pos
	Login       yamlpos.Text `yaml:"login"`
	GraphURL    yamlpos.Text `yaml:"graph_url"`
	Version     yamlpos.Text `yaml:"version"`
	AppID       yamlpos.Text `yaml:"app_id"`
	AppSecret   secretShapes `yaml:"app_secret"`
	VerifyToken secretShape  `yaml:"verify_token"`
}

type accountShape struct {
	yamlpos.Pos
	ID          yamlpos.Text   `yaml:"id"`
	Aliases     []yamlpos.Text `yaml:"aliases"`
	Username    yamlpos.Text   `yaml:"username"`
	AccessToken secretShape    `yaml:"access_token"`
	PageID      yamlpos.Text   `yaml:"page_id"`
	Login       yamlpos.Text   `yaml:"login"`
	GraphURL    yamlpos.Text   `yaml:"graph_url"`
	AppSecret   secretShapes   `yaml:"app_secret"`
	Limits      limitsShape    `yaml:"limits"`
	Sweep       sweepShape     `yaml:"sweep"`
}

// sweepShape stands at the top and in an account.
type sweepShape struct {
	yamlpos.Pos
	Every yamlpos.Duration `yaml:"every"`
	Since yamlpos.Duration `yaml:"since"`
}

// defaults are the values of keys that a file leaves out.
func defaults() fileShape {
	text := func(value string) yamlpos.Text { return yamlpos.Text{Value: value} }
	length := func(d time.Duration) yamlpos.Duration { return yamlpos.Duration{Duration: d} }
	perHour, perThread := 60, 3
	return fileShape{
		Listen:    text("127.0.0.1:8080"),
		Admin:     adminShape{Listen: text("127.0.0.1:9090")},
		Database:  text("sqlite:answerback.db"),
		Rules:     text("rules/"),
		Mode:      text("live"),
		Log:       logShape{Level: text("info"), Format: text("text")},
		Limits:    limitsShape{RepliesPerHour: &perHour, RepliesPerThread: &perThread},
		Workers:   16,
		Drain:     length(20 * time.Second),
		Settle:    length(60 * time.Second),
		Instagram: instagramShape{Login: text(string(platform.FacebookLogin)), Version: text("v26.0")},
		Sweep:     sweepShape{Since: length(24 * time.Hour)},
		Retention: length(90 * 24 * time.Hour),
	}
}

// secretShape is a secret as it is written: the text, or {file: PATH}.
type secretShape struct {
	text yamlpos.Text // as written, variables not yet put in
	file yamlpos.Text
}

func (s secretShape) given() bool { return s.text.Given() || s.file.Given() }

// place is where the secret stands.
func (s secretShape) place() yamlpos.Text {
	if s.file.Given() {
		return s.file
	}
	return s.text
}

const wantSecret = "text or {file: PATH}"

// DecodeYAML takes both forms. Whatever else stands there may be a secret in the wrong shape, so nothing of it is
// repeated.
func (s *secretShape) DecodeYAML(n *yamlpos.Node) problem.List {
	if n.Kind() == yamlpos.Scalar {
		return n.Decode(&s.text)
	}
	entries, _ := n.Entries()
	if len(entries) != 1 || entries[0].Key.Value != "file" || entries[0].Value.Kind() != yamlpos.Scalar {
		return problem.List{n.Problem(yamlpos.CodeKind, n.Name()+" must be "+wantSecret, "")}
	}
	return entries[0].Value.Decode(&s.file)
}

// secretShapes is one secret or a list of them.
type secretShapes []secretShape

// DecodeYAML takes both forms.
func (s *secretShapes) DecodeYAML(n *yamlpos.Node) problem.List {
	if n.Kind() != yamlpos.List {
		var one secretShape
		found := n.Decode(&one)
		*s = secretShapes{one}
		return found
	}
	var list []secretShape
	found := n.Decode(&list)
	*s = list
	if len(list) == 0 {
		found = append(found, n.Problem(codeMissing, n.Name()+" is an empty list", ""))
	}
	return found
}
