package instagram

import "github.com/answerback/answerback/rules/platform"

// isOurs reports whether a field is one that we act on.
func isOurs(field string) bool {
	switch field {
	case "comments", "live_comments", "mentions", "story_insights":
		return true
	}
	return false
}

// Kind says what happened, by field and value; "" if it isn't of the kinds that we know. Source: Meta's guide "Webhooks
// for Instagram".
func (c *Change) Kind() platform.Kind {
	switch {
	case c.Field == "comments":
		return platform.Comment
	case c.Field == "live_comments":
		return platform.LiveComment
	case c.Field == "mentions" && c.Value.CommentID != "":
		return platform.CommentMention
	case c.Field == "mentions":
		return platform.CaptionMention
	case c.Field == "story_insights":
		return platform.StoryInsights
	default:
		return ""
	}
}

// Key names the event for good, as "ACCOUNT/CLASS/ID": the class is comment, caption or insights, the id the comment's
// or, for the other two, the media's. A comment that comes in two fields is one event. accountID is the configured id
// of the account, which needn't be EntryID.
func (c *Change) Key(accountID string) string {
	switch c.Kind() {
	case platform.CaptionMention:
		return accountID + "/caption/" + c.Value.MediaID
	case platform.StoryInsights:
		return accountID + "/insights/" + c.Value.MediaID
	default:
		return accountID + "/comment/" + c.Value.CommentID
	}
}

// Rank tells which of two changes with one key knows more: a comment's own notification brings text and author, that
// of a mention brings neither.
func (c *Change) Rank() int {
	if c.Field == "comments" || c.Field == "live_comments" {
		return 1
	}
	return 0
}
