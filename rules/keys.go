package rules

import (
	"slices"

	"github.com/answerback/answerback/rules/shape"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Shape is what may stand in a rule file. What may stand under a rule's tests is for those to say who run them; nil for
// anything.
func Shape(tests *shape.Shape) *shape.Shape {
	file := shape.Of(fileShape{})
	if tests != nil {
		file.Key("rules").Shape.Item.Key("tests").Shape = tests
	}
	return file
}

// Keys are those of a file.
func (fileShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "rules", Of: ruleShape{}, Doc: "The rules, in the order in which they are looked at. The first one that matches ends the evaluation."},
		{Name: "defaults", Doc: "What holds for every rule of this file that doesn't say otherwise. A rule's own value replaces all of it; the word none takes it away."},
		{Name: "lists", Pattern: shape.Name, Doc: "Lists of words or names, for conditions: lists.NAME. Each stands in brackets or in a file, {file: PATH}. All files of the set may use it."},
		{Name: "conditions", Pattern: shape.Name, Doc: "Expressions with a name, for use in when, unless, replies and each other. All files of the set may use them."},
		{Name: "templates", Pattern: shape.Name, Doc: "Replies with a name, each a text or a list of texts, for reply: {template: NAME}. All files of the set may use them."},
	}
}

// Keys are those of a rule: its own in the order of an author's thoughts, and what it may have from the defaults.
func (ruleShape) Keys() []shape.Key {
	return slices.Concat([]shape.Key{
		{Name: "name", Required: true, Doc: "What the rule is called, at most 100 characters. No other rule of the set may have the name. Logs, metrics and cases know the rule by it, and once_per and cooldown remember by it: a renamed rule starts anew."},
		{Name: "description", Doc: "What the rule is for, for people."},
		{Name: "enabled", Default: "true", Doc: "false switches the rule off."},
	}, whenKeys(), []shape.Key{
		{Name: "when", Default: "true", Doc: "An expression that must be true for the rule to match."},
		{Name: "unless", Default: "false", Doc: "An expression that must not be true for the rule to match."},
		{Name: "continue", Default: "false", Doc: "true: the rules below are looked at too when this one matches. Still only one public reply is given, that of the first."},
		{Name: "reply", Doc: "What is said publicly, below the comment or the media: a text with {{ expressions }} in it, a list of such texts of which one is said, or {template: NAME}. Put it into double quotes and you needn't know what means something in YAML."},
		{Name: "private_reply", Doc: "What is sent to the inbox of the comment's author, as reply; of several texts any is sent. Once a comment, within 7 days, at most 1000 bytes. For comment, and the only answer to a live_comment."},
		{Name: "hide", Default: "false", Doc: "true hides the comment from others. For comment only, and not together with reply: a hidden comment can't be answered publicly."},
		{Name: "notify", Doc: "A message to people, as in {to: ops, text: \"look at this\"}, sent to a place that the configuration names under notify."},
	}, howKeys(), []shape.Key{
		{Name: "tests", Doc: "Cases, with which the rule proves itself: an event, and what is expected of it. answerback test runs them. The word reply as a verdict means here: by this rule."},
	})
}

// OneOf are the keys of which a rule has at least one.
func (ruleShape) OneOf() []string { return Actions() }

// Keys are those of a file's defaults.
func (defaultsShape) Keys() []shape.Key { return slices.Concat(whenKeys(), howKeys()) }

// whenKeys are those keys that a rule may have from the defaults which say when it applies.
func whenKeys() []shape.Key {
	return []shape.Key{
		{Name: "on", Words: kindWords(), Default: "[mention, comment]", Doc: "The kinds of events that the rule is for, one or a list. mention names both comment_mention and caption_mention."},
		{Name: "accounts", Doc: "Only for these accounts of yours, one or a list, by username or id."},
		{Name: "media", Pattern: shape.Digits, Doc: "Only under these media, one or a list of ids. For an ad the id of the original media counts too."},
		{Name: "active", Doc: "When the rule is active. Outside of it the rule doesn't match. The time that counts is that of the decision."},
		{Name: "priority", Default: "0", Doc: "A whole number. Rules with a higher one are looked at first; among equals the file's name counts, then the order in the file."},
	}
}

// howKeys are those which say how, and how often, it speaks, and what people know of it.
func howKeys() []shape.Key {
	return []shape.Key{
		{Name: "mode", Words: []string{string(Live), string(Shadow), string(Approve)}, Default: string(Live), Doc: "live: the reply is sent. shadow: all is decided and recorded, but nothing is sent, and later rules are looked at. approve: the reply waits until a person approves it."},
		{Name: "pick", Words: []string{string(pickRotate), string(pickRandom), string(pickFirst)}, Default: string(pickRotate), Doc: "Which of several replies is given. rotate: any but the one given last on that media. random: any. first: the first."},
		{Name: "delay", Pattern: shape.DurationRange, Default: none, Doc: "How long the reply waits before it is sent: 20s, or 15s..60s for a length that is drawn anew for each event. At most 24h."},
		{Name: "cooldown", Doc: "How long the rule is silent after a reply of its own, as in {per: user, for: 10m}, or a list of these, of which any holds it back."},
		{Name: "once_per", Words: []string{string(PerUser), string(PerMedia), string(PerThread), string(PerDay), string(PerEver)}, Doc: "The rule answers once for each of these, one or a list that counts together: [user, media] is once for a user on a media. With day it may answer again on the next day; ever alone is once an account."},
		{Name: "limit", Doc: "How many replies the rule gives at most, on one account, in the last 60 minutes or 24 hours, as in {max: 200, per: day}."},
		{Name: "max_age", Pattern: shape.DurationOrNone, Default: short(defaultMaxAge), Doc: "Events that are older are not answered: 90m, 24h, 7d, or none."},
		{Name: "tags", Doc: "Words for people, one or a list, shown where the rule is."},
		{Name: "owner", Doc: "Who looks after the rule, for people."},
	}
}

// Keys are those of a cooldown.
func (cooldownShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "per", Required: true, Words: []string{string(PerUser), string(PerMedia), string(PerThread), string(PerRule), string(PerAccount)}, Doc: "For whom the rule is silent: for the user who was answered, on the media, in the conversation (thread), or at all on the account (rule and account)."},
		{Name: "for", Required: true, Pattern: shape.Duration, Doc: "How long, as in 10m."},
	}
}

// Keys are those of a limit.
func (limitShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "max", Required: true, Doc: "How many replies, from 1 to 1,000,000."},
		{Name: "per", Required: true, Words: []string{"hour", "day"}, Doc: "hour: in the last 60 minutes. day: in the last 24 hours."},
	}
}

// Keys are those of active.
func (activeShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "days", Doc: "Days of the week: mon-fri, or sat, sun. Hours over midnight belong to the day on which they begin."},
		{Name: "hours", Doc: `Hours of the day as a clock in timezone shows them: "09:00-18:00", over midnight "22:00-06:00", several with commas between. Quote them.`},
		{Name: "timezone", Default: "UTC", Doc: "The time zone of days, hours, from and until, and of the days of once_per: Europe/Lisbon."},
		{Name: "from", Doc: "The first moment: 2026-12-01, or 2026-12-01 18:00."},
		{Name: "until", Doc: "The last moment, likewise. A date alone is its whole day."},
	}
}

// Keys are those of a notification.
func (noticeShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "to", Required: true, Doc: "The place, as the configuration names it under notify."},
		{Name: "text", Required: true, Doc: "What people are told: a text with {{ expressions }} in it. A value that lacks is left out."},
	}
}

// Keys are those of a reply that stands among the templates.
func (namedShape) Keys() []shape.Key {
	return []shape.Key{{Name: "template", Required: true, Pattern: shape.Name, Doc: "The template's name."}}
}

// Keys are those of a list in a file.
func (listFileShape) Keys() []shape.Key {
	return []shape.Key{{Name: "file", Required: true, Doc: "The list's file, as the path from the folder of the rule file that names it, within the folder of the rules. One entry stands in a line; # and a space begin a comment."}}
}

// Forms are a value, or none.
func (orNone[T]) Forms() []any {
	var value T
	return []any{value, shape.Word(none)}
}

// Forms are one cooldown or several.
func (oneOrMore) Forms() []any { return []any{cooldownShape{}, []cooldownShape{}} }

// Forms are one reply, several, or a template's name.
func (replyShape) Forms() []any { return []any{yamlpos.Texts{}, namedShape{}} }

// Forms are the entries, or the file that holds them.
func (listShape) Forms() []any { return []any{[]yamlpos.Text{}, listFileShape{}} }
