package rules

import (
	"slices"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// derived is a set of the event's computed fields.
type derived uint8

const (
	derivesWords derived = 1 << iota
	derivesHashtags
	derivesMentions
	derivesURLs
	derivesEmojis
	derivesMentionsMe
	derivesMediaHashtags

	derivesAll = 1<<iota - 1
)

// derivationOf says which computed field a name is and what it is computed from; nothing for other names.
func derivationOf(name string) (field derived, from []string) {
	switch name {
	case "words":
		return derivesWords, []string{"text"}
	case "hashtags":
		return derivesHashtags, []string{"text"}
	case "mentions":
		return derivesMentions, []string{"text"}
	case "urls":
		return derivesURLs, []string{"text"}
	case "emojis":
		return derivesEmojis, []string{"text"}
	case "mentions_me":
		return derivesMentionsMe, []string{"text", "account.username"}
	case "media.hashtags":
		return derivesMediaHashtags, []string{"media.caption"}
	}
	return 0, nil
}

// Derive fills the fields that are computed from others (words, hashtags, mentions, urls, emojis, mentions_me,
// media.hashtags) and turns nil lists into empty ones. Records show a derived event; Decide derives what it needs by
// itself.
func (e *Event) Derive() { e.derive(derivesAll) }

func (e *Event) derive(which derived) {
	if which&derivesWords != 0 {
		e.Words = notNil(text.Words(e.Text))
	}
	if which&derivesHashtags != 0 {
		e.Hashtags = notNil(text.Hashtags(e.Text))
	}
	if which&derivesMentions != 0 {
		e.Mentions = notNil(text.Mentions(e.Text))
	}
	if which&derivesURLs != 0 {
		e.URLs = notNil(text.URLs(e.Text))
	}
	if which&derivesEmojis != 0 {
		e.Emojis = notNil(text.Emojis(e.Text))
	}
	if which&derivesMentionsMe != 0 {
		e.MentionsMe = e.mentionsMe()
	}
	if which&derivesMediaHashtags != 0 {
		e.Media.Hashtags = notNil(text.Hashtags(e.Media.Caption))
	}
}

// mentionsMe trusts a mention's kind over its text, since Meta may strip the sign from a fetched caption.
func (e *Event) mentionsMe() bool {
	if e.Kind == platform.CommentMention || e.Kind == platform.CaptionMention {
		return true
	}
	return e.Account.Username != "" && slices.Contains(text.Mentions(e.Text), text.Fold(e.Account.Username))
}

func notNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
