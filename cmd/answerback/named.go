package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// What a person may put before a name that an account and a rule share.
const (
	accountPrefix = "account:"
	rulePrefix    = "rule:"
)

func ambiguous(name string) error {
	return fmt.Errorf("%q is an account and a rule: say %s or %s", name, accountPrefix+name, rulePrefix+name)
}

// named is the pause that a name means, as yet without its terms. A name that nothing bears is an error, since nothing
// would be paused by it; behind rule: it is taken at its word, and a word is said about it.
func (d *desk) named(ctx context.Context, name string) (ledger.Pause, error) {
	if name == string(ledger.ScopeAll) {
		return ledger.Pause{Scope: ledger.ScopeAll}, nil
	}
	if account, ok := strings.CutPrefix(name, accountPrefix); ok {
		if id := d.accountID(account); id != "" {
			return ledger.Pause{Scope: ledger.ScopeAccount, Name: id}, nil
		}
		return ledger.Pause{}, fmt.Errorf("no account of the configuration has the username or id %q", account)
	}
	active, err := d.ruleNames(ctx)
	if err != nil {
		return ledger.Pause{}, failure{err}
	}
	if rule, ok := strings.CutPrefix(name, rulePrefix); ok && rule != "" {
		if !slices.Contains(active, rule) {
			fmt.Fprintf(d.stderr, "none of the rules that the daemon ran last is called %q; should there be one, it is paused\n", rule)
		}
		return ledger.Pause{Scope: ledger.ScopeRule, Name: rule}, nil
	}
	id, isRule := d.accountID(name), slices.Contains(active, name)
	switch {
	case id != "" && isRule:
		return ledger.Pause{}, ambiguous(name)
	case id != "":
		return ledger.Pause{Scope: ledger.ScopeAccount, Name: id}, nil
	case isRule:
		return ledger.Pause{Scope: ledger.ScopeRule, Name: name}, nil
	default:
		return ledger.Pause{}, fmt.Errorf("nothing is called %q: no account of the configuration, and none of the rules "+
			"that the daemon ran last; for a rule that is yet to come say %s", name, rulePrefix+name)
	}
}

// accountID is that of the configured account with the username or id; empty if there is none.
func (d *desk) accountID(name string) string {
	name = strings.TrimPrefix(name, "@")
	for _, a := range d.config.Accounts {
		if name != "" && (a.ID == name || strings.EqualFold(a.Username, name) || slices.Contains(a.Aliases, name)) {
			return a.ID
		}
	}
	return ""
}

// username is an account's; its id if the configuration doesn't know it.
func (d *desk) username(id string) string {
	for _, a := range d.config.Accounts {
		if a.ID == id && a.Username != "" {
			return a.Username
		}
	}
	return id
}

// ruleNames are those of the set that was active last.
func (d *desk) ruleNames(ctx context.Context) ([]string, error) {
	revision, source, err := d.LastSet(ctx)
	if err != nil || revision == "" {
		return nil, err
	}
	src, err := rules.UnmarshalSource(source)
	if err != nil {
		return nil, err
	}
	set, _ := rules.Compile(src)
	if set == nil {
		return nil, nil // of another version of the program
	}
	var names []string
	for _, rule := range set.Rules() {
		names = append(names, rule.Name)
	}
	return names, nil
}

// pauseName is what a pause is of, as a person says it.
func (d *desk) pauseName(p ledger.Pause) string {
	switch p.Scope {
	case ledger.ScopeAccount:
		return d.username(p.Name)
	case ledger.ScopeRule:
		return p.Name
	default:
		return string(p.Scope)
	}
}

// pauseWords is a pause in a sentence.
func (d *desk) pauseWords(p ledger.Pause) string {
	if p.Scope == ledger.ScopeAccount {
		p.Name = d.username(p.Name)
	}
	p.Reason = printable(p.Reason)
	return p.String()
}

// user is who runs the program, as far as the environment tells.
func (d *desk) user() string {
	for _, name := range []string{"SUDO_USER", "USER", "LOGNAME", "USERNAME"} {
		if user, ok := d.getenv(name); ok && user != "" {
			return strings.ToValidUTF8(user, "?")
		}
	}
	return ""
}
