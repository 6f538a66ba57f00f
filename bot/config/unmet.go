package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
)

// Unmet are the errors of rules that ask for what the configuration doesn't have: a place to notify that it doesn't
// name, or a private reply from an account that lacks its Page. Each stands in the rule's file.
func (c *Config) Unmet(needs []rules.Need) problem.List {
	var found problem.List
	for _, n := range needs {
		switch n.Action {
		case rules.ActionNotify:
			if _, named := c.Notify[n.Place]; !named {
				found = append(found, n.Problem(codePlace, fmt.Sprintf("notify: the configuration names no place %q", n.Place), c.places()))
			}
		case rules.ActionPrivateReply:
			for _, a := range c.Accounts {
				if a.Login != platform.InstagramLogin && a.PageID == "" && n.Of(rules.Account{ID: a.ID, Username: a.Username}) {
					found = append(found, n.Problem(codePage, fmt.Sprintf("private_reply: account %s has no page_id in the configuration", a.called()),
						"with Facebook Login a private reply goes out from the account's Page; or name other accounts in the rule"))
				}
			}
		}
	}
	found.Sort()
	return found
}

// places are those that there are, as a hint.
func (c *Config) places() string {
	if len(c.Notify) == 0 {
		return "it names none; as in notify: {ops: {url: …}}"
	}
	return "it names " + strings.Join(slices.Sorted(maps.Keys(c.Notify)), ", ")
}

// called is what people call the account.
func (a *Account) called() string {
	if a.Username != "" {
		return fmt.Sprintf("%q", a.Username)
	}
	return a.ID
}
