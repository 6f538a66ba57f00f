package config_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

func TestUnmet(t *testing.T) {
	set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(`rules:
  - name: elsewhere
    on: comment
    accounts: grace
    private_reply: hi
  - name: here
    on: comment
    private_reply: hi
    notify: {to: opps, text: look}
  - name: off
    enabled: false
    notify: {to: nowhere, text: look}
  - name: good
    notify: {to: ops, text: look}
`)}})
	if set == nil {
		t.Fatal(problems)
	}
	ada := config.Account{ID: "1", Username: "ada", Login: platform.FacebookLogin}
	grace := config.Account{ID: "2", Username: "grace", Login: platform.InstagramLogin}
	paged := config.Account{ID: "3", Login: platform.FacebookLogin, PageID: "33"}
	mistaken := config.Account{ID: "4", Aliases: []string{"44"}, Username: "hedy", Login: platform.FacebookLogin, PageID: "44"}
	ops := map[string]config.Notify{"ops": {}, "desk": {}}
	for name, c := range map[string]struct {
		config config.Config
		want   []string
	}{
		"a page lacks":                      {config.Config{Accounts: []config.Account{ada, grace, paged}, Notify: map[string]config.Notify{"opps": {}, "ops": {}}}, []string{`a.yaml:8:5: error E409: rule "here": private_reply: account "ada" has no page_id in the configuration`}},
		"the account's own id is no page's": {config.Config{Accounts: []config.Account{mistaken, paged}, Notify: map[string]config.Notify{"opps": {}, "ops": {}}}, []string{`a.yaml:8:5: error E409: rule "here": private_reply: the page_id of account "hedy" is the account's own id`}},
		"a place lacks":                     {config.Config{Accounts: []config.Account{grace, paged}, Notify: ops}, []string{`a.yaml:9:18: error E408: rule "here": notify: the configuration names no place "opps"`, `hint: it names desk, ops`}},
		"all is there":                      {config.Config{Accounts: []config.Account{grace, paged}, Notify: map[string]config.Notify{"opps": {}, "ops": {}}}, nil},
		"no place named":                    {config.Config{Accounts: []config.Account{paged}}, []string{`place "opps"`, `place "ops"`, `it names none`}},
	} {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := c.config.Unmet(set.Needs()).Text(&b); err != nil {
				t.Fatal(err)
			}
			if len(c.want) == 0 && b.Len() > 0 {
				t.Errorf("got %s", b.String())
			}
			for _, want := range c.want {
				if !strings.Contains(b.String(), want) {
					t.Errorf("%q is not in\n%s", want, b.String())
				}
			}
		})
	}
}
