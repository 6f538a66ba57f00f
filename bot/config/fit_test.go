package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/google/go-cmp/cmp"
)

func compile(t *testing.T, text string) *rules.Set {
	t.Helper()
	set, found := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(text)}})
	if found.HasErrors() {
		t.Fatal(found)
	}
	return set
}

func TestFit(t *testing.T) {
	const mentions = "Meta may not tell it of mentions, or only of those in comments, and as comments; and what a mention says may not be readable"
	configuration := func(common, own string) string {
		return fmt.Sprintf("instagram: {%s app_secret: hush, verify_token: hush}\naccounts:\n  - {id: \"1\", username: Blue, access_token: hush}\n  - {%s id: \"2\", aliases: [\"22\"], username: red, access_token: hush}\n", common, own)
	}
	own, common := configuration("", "login: instagram,"), configuration("login: instagram,", "login: facebook,")
	for name, c := range map[string]struct {
		config, rules string
		want          []string
	}{
		"Facebook Login has all": {configuration("", ""), `rules: [{name: a, reply: hi}]`, nil},
		"comments come":          {own, `rules: [{name: a, on: comment, reply: hi}]`, nil},
		"mentions, in the account's own place": {
			own, `rules: [{name: a, reply: hi}]`, []string{`4:13 red logs in with instagram: ` + mentions + `; rule "a" is for that`},
		},
		"mentions, in the common place": {
			common, `rules: [{name: a, on: caption_mention, reply: hi}]`, []string{`1:20 Blue logs in with instagram: ` + mentions + `; rule "a" is for that`},
		},
		"several rules": {
			own, `rules: [{name: a, reply: hi}, {name: b, on: comment_mention, reply: hi}, {name: c, reply: hi}, {name: d, on: comment, reply: hi}]`,
			[]string{`4:13 red logs in with instagram: ` + mentions + `; rule "a" and 2 more are for that`},
		},
		"rules for other accounts":  {own, `rules: [{name: a, accounts: [blue, "1"], reply: hi}]`, nil},
		"rules for it, by its name": {common, `rules: [{name: a, accounts: [BLUE], on: mention, reply: hi}]`, []string{`1:20 Blue logs in with instagram: ` + mentions + `; rule "a" is for that`}},
		"rules for it, by another id": {own, `rules: [{name: a, accounts: ["22"], reply: hi}]`, []string{
			`4:13 red logs in with instagram: ` + mentions + `; rule "a" is for that`, `1:19 accounts: "22" is an alias, by which no rule knows an account`}},
		"rules for strangers": {own, `rules: [{name: a, on: comment, accounts: [blue, green, "3"], reply: hi}]`, []string{
			`1:32 accounts: the configuration has no account "3"`, `1:32 accounts: the configuration has no account "green"`}},
		"rules that are disabled": {own, `rules: [{name: a, enabled: false, reply: hi}, {name: b, on: comment, reply: hi}]`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range load(t, c.config).Fit(compile(t, c.rules)) {
				if !strings.HasPrefix(p.Code, "W40") || p.Severity != "warning" || !strings.HasSuffix(p.File, ".yaml") || strings.Contains(p.Source, "hush") {
					t.Errorf("%+v", p)
				}
				got = append(got, fmt.Sprintf("%d:%d %s", p.Line, p.Column, p.Message))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
