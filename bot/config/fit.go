package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// Fit says what the rules ask of accounts that they may not give. That is what a login lacks: a warning where the account's
// login stands, for each thing, naming the first of the rules. And it is accounts that nobody knows, in the rules' files. It
// is for the start and for check, so that nobody finds it out by silence.
func (c *Config) Fit(set *rules.Set) problem.List {
	var found problem.List
	inspected := set.Inspect().Rules
	for i, account := range c.Accounts {
		lacking := map[string][]string{} // names of rules by what lacks for them
		for _, rule := range inspected {
			if !rule.Enabled || !isFor(rule.Accounts, account) {
				continue
			}
			for _, kind := range rule.Kinds {
				if what := account.Login.Lacks(kind); what != "" && !slices.Contains(lacking[what], rule.Name) {
					lacking[what] = append(lacking[what], rule.Name)
				}
			}
		}
		for what, names := range lacking {
			p := c.logins[i].Problem(codeLogin, fmt.Sprintf("%s logs in with %s: %s; %s for that",
				account.Username, account.Login, what, are(names)), "connect it with Facebook Login to have them")
			p.Severity = problem.Warning
			found = append(found, p)
		}
	}
	for i := range inspected {
		if inspected[i].Enabled {
			found = append(found, c.strangers(&inspected[i])...)
		}
	}
	slices.SortFunc(found, func(a, b problem.Problem) int { return strings.Compare(a.Message, b.Message) })
	found.Sort()
	mask(found)
	return found
}

// strangers warns of accounts that a rule names and events don't bear: those that the configuration doesn't have, and ids
// by which it knows an account, but events don't.
func (c *Config) strangers(rule *rules.InspectedRule) (found problem.List) {
	for _, name := range rule.Accounts {
		warn := func(message, hint string) {
			p := rule.Problem("accounts", codeStranger, fmt.Sprintf("accounts: "+message, name), hint)
			p.Severity = problem.Warning
			found = append(found, p)
		}
		i := slices.IndexFunc(c.Accounts, func(a Account) bool { return isFor([]string{name}, a) })
		switch {
		case i < 0:
			warn("the configuration has no account %q", c.called())
		case slices.Contains(c.Accounts[i].Aliases, name):
			warn("%q is an alias, by which no rule knows an account", fmt.Sprintf("write %s or %q", c.Accounts[i].Username, c.Accounts[i].ID))
		}
	}
	return found
}

// called are the accounts' names, as a hint.
func (c *Config) called() string {
	var names []string
	for _, a := range c.Accounts {
		names = append(names, a.Username)
	}
	return "it has " + strings.Join(names, ", ")
}

// isFor reports whether a rule's accounts, usernames in lower case and ids, have the account among them.
func isFor(wanted []string, account Account) bool {
	return len(wanted) == 0 || slices.ContainsFunc(wanted, func(name string) bool {
		return name == strings.ToLower(account.Username) || name == account.ID || slices.Contains(account.Aliases, name)
	})
}

func are(names []string) string {
	switch more := len(names) - 1; more {
	case 0:
		return fmt.Sprintf("rule %q is", names[0])
	case 1:
		return fmt.Sprintf("rule %q and one more are", names[0])
	default:
		return fmt.Sprintf("rule %q and %d more are", names[0], more)
	}
}
