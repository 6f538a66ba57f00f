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
// name, or a private reply from an account that lacks its Page or has itself in its place. Each stands in the rule's file.
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
				if lack := a.lacksPage(); lack != "" && n.Of(rules.Account{ID: a.ID, Username: a.Username}) {
					found = append(found, n.Problem(codePage, "private_reply: "+lack,
						"with Facebook Login a private reply goes out from the account's Page; or name other accounts in the rule"))
				}
			}
		}
	}
	found.Sort()
	return found
}

// lacksPage says what keeps private replies from going out from the account's Page; empty if nothing does. With Instagram
// Login they don't need one.
func (a *Account) lacksPage() string {
	switch {
	case a.Login == platform.InstagramLogin:
		return ""
	case a.PageID == "":
		return fmt.Sprintf("account %s has no page_id in the configuration", a.called())
	case a.PageID == a.ID || slices.Contains(a.Aliases, a.PageID):
		return fmt.Sprintf("the page_id of account %s is the account's own id", a.called())
	default:
		return ""
	}
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
