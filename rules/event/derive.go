package event

import (
	"slices"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// Derived is a set of the event's computed fields.
type Derived uint8

// The computed fields.
const (
	Words Derived = 1 << iota
	Hashtags
	Mentions
	URLs
	Emojis
	MentionsMe
	MediaHashtags

	All = 1<<iota - 1
)

// Derivation says which computed field a name is and what it is computed from; nothing for other names.
func Derivation(name string) (field Derived, from []string) {
	switch name {
	case "words":
		return Words, []string{"text"}
	case "hashtags":
		return Hashtags, []string{"text"}
	case "mentions":
		return Mentions, []string{"text"}
	case "urls":
		return URLs, []string{"text"}
	case "emojis":
		return Emojis, []string{"text"}
	case "mentions_me":
		return MentionsMe, []string{"text", "account.username"}
	case "media.hashtags":
		return MediaHashtags, []string{"media.caption"}
	}
	return 0, nil
}

// Derive fills the fields that are computed from others (words, hashtags, mentions, urls, emojis, mentions_me,
// media.hashtags) and turns nil lists into empty ones, that of the story's known metrics too. Records show a derived
// event; expressions derive what they read by themselves.
func (e *Event) Derive() {
	e.Fill(All)
	e.Story.Known = notNil(e.Story.Known)
}

// Fill computes some of the fields.
func (e *Event) Fill(which Derived) {
	if which&Words != 0 {
		e.Words = notNil(text.Words(e.Text))
	}
	if which&Hashtags != 0 {
		e.Hashtags = notNil(text.Hashtags(e.Text))
	}
	if which&Mentions != 0 {
		e.Mentions = notNil(text.Mentions(e.Text))
	}
	if which&URLs != 0 {
		e.URLs = notNil(text.URLs(e.Text))
	}
	if which&Emojis != 0 {
		e.Emojis = notNil(text.Emojis(e.Text))
	}
	if which&MentionsMe != 0 {
		e.MentionsMe = e.mentionsMe()
	}
	if which&MediaHashtags != 0 {
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
