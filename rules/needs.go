package rules

import (
	"slices"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Need is one action of a rule that is enabled, seen by what it asks of whoever runs the rule: permissions, a place to
// notify, an account that can do it.
type Need struct {
	Rule   string
	Action string // ActionReply, …
	Mode   Mode
	Kinds  []platform.Kind // of the events that the rule is for
	Place  string          // that is notified; else empty

	accounts accounts
	at       yamlpos.Pos
}

// Of reports whether the rule may act for the account.
func (n Need) Of(account Account) bool { return n.accounts.take(account) }

// Problem makes a problem that stands where the rule says so: at the action's key, or at the name of the place.
func (n Need) Problem(code, message, hint string) problem.Problem {
	p := n.at.Problem(code, message, hint)
	p.Rule = n.Rule
	return p
}

// Needs are those of all rules, in the order of evaluation.
func (s *Set) Needs() []Need {
	var needs []Need
	for _, r := range s.rules {
		if r.enabled {
			needs = append(needs, r.needs()...)
		}
	}
	return needs
}

func (r *rule) needs() []Need {
	var needs []Need
	add := func(action string, at yamlpos.Pos, place string) {
		needs = append(needs, Need{
			Rule: r.name, Action: action, Mode: r.mode, Kinds: r.kinds.list(), Place: place, accounts: r.accounts, at: at,
		})
	}
	if len(r.replies) > 0 {
		add(ActionReply, r.about.at.Key("reply"), "")
	}
	if len(r.privateReplies) > 0 {
		add(ActionPrivateReply, r.about.at.Key("private_reply"), "")
	}
	if r.hides {
		add(ActionHide, r.about.at.Key("hide"), "")
	}
	if r.notice != nil {
		add(ActionNotify, r.notice.to.Pos(), r.notice.to.Value)
	}
	return needs
}

// list are the kinds, in the order of platform.Kinds.
func (k kinds) list() []platform.Kind {
	return slices.DeleteFunc(platform.Kinds(), func(kind platform.Kind) bool { return !k.has(kind) })
}
