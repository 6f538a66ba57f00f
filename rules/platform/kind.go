// Package platform holds what Instagram can do, as plain facts without input or output: the kinds of events, which
// action fits which kind, how a reply is asked for, and how long a text may be. Both the rules, when they are loaded,
// and the bot, before it sends, ask here, so that the two can't disagree.
package platform

import "slices"

// Kind says what happened on Instagram.
type Kind string

// The kinds, by what a notification's field and value say. Source: Meta's guide "Webhooks for Instagram".
const (
	CommentMention Kind = "comment_mention" // the account was mentioned in a comment on somebody else's media
	CaptionMention Kind = "caption_mention" // the account was mentioned in the caption of somebody else's media
	Comment        Kind = "comment"         // a comment on the account's own media
	LiveComment    Kind = "live_comment"    // a comment on the account's live broadcast
	StoryInsights  Kind = "story_insights"  // the figures of an ended story
)

// Kinds are all of them, in the order in which they are shown.
func Kinds() []Kind {
	return []Kind{CommentMention, CaptionMention, Comment, LiveComment, StoryInsights}
}

// Mention is the word that names both kinds of mentions in a rule's `on`.
const Mention = "mention"

// KindsNamed gives the kinds that a word in a rule's `on` names; none if the word is unknown.
func KindsNamed(word string) []Kind {
	if word == Mention {
		return []Kind{CommentMention, CaptionMention}
	}
	if slices.Contains(Kinds(), Kind(word)) {
		return []Kind{Kind(word)}
	}
	return nil
}

// CanReply reports whether a public reply to an event of the kind is possible. A comment on a live broadcast can only
// be answered privately; story insights are nobody's words. Source: reference "IG Comment Replies", limitations.
func (k Kind) CanReply() bool {
	return k == CommentMention || k == CaptionMention || k == Comment
}
