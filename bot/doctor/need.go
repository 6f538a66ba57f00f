package doctor

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// kinds are those of the events that some rule is for on the account.
func (r Rules) kinds(account instagram.Account) []platform.Kind {
	var kinds []platform.Kind
	for _, n := range r.Needs {
		if n.Of(facing(account)) {
			kinds = append(kinds, n.Kinds...)
		}
	}
	return slices.DeleteFunc(platform.Kinds(), func(k platform.Kind) bool { return !slices.Contains(kinds, k) })
}

// acts reports whether some rule does something of the kind on the account.
func (r Rules) acts(account instagram.Account, action string) bool {
	return slices.ContainsFunc(r.Needs, func(n rules.Need) bool { return n.Action == action && n.Of(facing(account)) })
}

// scope is a permission that the account's token needs.
type scope struct {
	name string
	// crucial says that nothing goes without; else Meta's guide asks for it, and some tokens do without.
	crucial bool
}

// scopes are the permissions that the rules need of a token of Facebook Login. Source: guide "Instagram Platform,
// Webhooks"; that private replies need instagram_manage_messages is what apps found.
func (r Rules) scopes(account instagram.Account) []scope {
	needed := []scope{{"instagram_basic", true}}
	kinds := r.kinds(account)
	heard := func(k platform.Kind) bool { return slices.Contains(kinds, k) }
	if heard(platform.Comment) || heard(platform.LiveComment) || heard(platform.CommentMention) || heard(platform.CaptionMention) {
		needed = append(needed, scope{"instagram_manage_comments", true})
	}
	if heard(platform.StoryInsights) {
		needed = append(needed, scope{"instagram_manage_insights", true})
	}
	if r.acts(account, rules.ActionPrivateReply) {
		needed = append(needed, scope{"instagram_manage_messages", true})
	}
	return append(needed, scope{"pages_manage_metadata", false}, scope{"pages_read_engagement", false}, scope{"pages_show_list", false})
}

// field is what Meta calls the notifications of a kind.
func field(k platform.Kind) string {
	switch k {
	case platform.Comment:
		return "comments"
	case platform.LiveComment:
		return "live_comments"
	case platform.StoryInsights:
		return "story_insights"
	default:
		return "mentions"
	}
}

// Fields are those of which the rules need notifications for the account, sorted, as Instagram Login has them subscribed
// by name.
func (r Rules) Fields(account instagram.Account) []string {
	var fields []string
	for _, k := range r.kinds(account) {
		fields = append(fields, field(k))
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

// surelySent reports whether Meta's documents agree that Instagram Login brings notifications of a field. Of mentions the
// guide says that they come as comments, and apps that only tests ever came; of story insights that they don't come.
// Sources: guides "Instagram Platform, Webhooks" and "Instagram API with Instagram Login".
func surelySent(field string) bool { return field == "comments" || field == "live_comments" }

// unheard tells of rules that are for nothing but what Instagram Login may never bring; "" if there are none.
func (r Rules) unheard(accounts []instagram.Account) string {
	for _, n := range r.Needs {
		if slices.ContainsFunc(n.Kinds, func(k platform.Kind) bool { return surelySent(field(k)) }) {
			continue
		}
		for _, a := range accounts {
			if a.Login == platform.InstagramLogin && n.Of(facing(a)) {
				return fmt.Sprintf("rule %q is only for %s, which Instagram Login (account %s) is not known to bring", n.Rule, kindNames(n.Kinds), a.Username)
			}
		}
	}
	return ""
}

func kindNames(kinds []platform.Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}
