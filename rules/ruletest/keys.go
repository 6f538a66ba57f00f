package ruletest

import (
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/shape"
)

// Shape is what may stand in a file of cases.
func Shape() *shape.Shape { return shape.Of(fileShape{}) }

// Cases is what may stand under a rule's tests.
func Cases() *shape.Shape { return Shape().Key("tests").Shape }

// Keys are those of a file of cases.
func (fileShape) Keys() []shape.Key {
	return []shape.Key{{Name: "tests", Required: true, Of: caseShape{}, Doc: "The cases."}}
}

// Keys are those of a case.
func (caseShape) Keys() []shape.Key {
	return append([]shape.Key{
		{Name: "name", Doc: "What the case shows. It is shown where the case fails, and --run finds it."},
		{Name: "events", Doc: "Several events in order, in place of one, each with event or sample and with expect. They share one clock and one ledger, so that once_per, cooldown and limit can be tried. Those before the last may do without expect."},
	}, stepShape{}.Keys()...)
}

// Keys are those of an event with what is expected of it.
func (stepShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "event", Doc: "The event, as far as it matters. What is left out has a plain value."},
		{Name: "sample", Doc: "In place of event: the path of a notification as dry-run takes it, from the folder of this file. It must hold one event."},
		{Name: "expect", Doc: "What must come of it, at least one key. What isn't named may be anything."},
	}
}

// Keys are those of an event.
func (eventShape) Keys() []shape.Key {
	kinds := make([]string, 0, len(platform.Kinds()))
	for _, kind := range platform.Kinds() {
		kinds = append(kinds, string(kind))
	}
	return []shape.Key{
		{Name: "kind", Words: kinds, Doc: "What happened. In a rule's own cases the default is the first kind of its on, else comment."},
		{Name: "text", Doc: "The comment's text; for a caption_mention the caption."},
		{Name: "from", Doc: "The author; {} for an unknown one. Left out it is {id: \"2\", username: someone}."},
		{Name: "at", Default: "12:00", Doc: "When it happens: \"10:05\" is of Monday 2024-01-01 UTC; or with a date, 2024-01-02T10:05:00Z. Events stand in the order in which they happen."},
		{Name: "comment", Doc: "The comment. Left out it has an id of its own."},
		{Name: "media", Doc: "The media. Left out it has the id 1; it is your own but for mentions."},
		{Name: "account", Doc: "The account of yours. Left out it has the id 1 and no username."},
		{Name: "history", Doc: "What the account said before, in place of what the case's own events before have led to."},
		{Name: "story", Doc: "The figures of an ended story that came, for story_insights. Those left out didn't come."},
		{Name: "id", Doc: "The event's id. Left out each event has its own; two of a case can't have the same. Delays and replies are drawn from it."},
	}
}

// Keys are those of an author or an account.
func (whoShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "id", Doc: "The id."},
		{Name: "username", Doc: "The username."},
	}
}

// Keys are those of a comment.
func (commentShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "id", Doc: "The comment's id."},
		{Name: "parent_id", Doc: "The id of the comment to which it is a reply."},
		{Name: "is_reply", Default: "false", Doc: "Whether it is a reply to another comment; true where parent_id is given."},
		{Name: "like_count", Default: "0", Doc: "How many likes it has."},
	}
}

// Keys are those of a media.
func (mediaShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "id", Default: defaultMedia, Doc: "The media's id."},
		{Name: "type", Words: mediaTypes(), Doc: "The media's type."},
		{Name: "product_type", Words: productTypes(), Doc: "Where the media stands."},
		{Name: "caption", Doc: "The media's caption."},
		{Name: "permalink", Doc: "The media's address on the web."},
		{Name: "owner", Doc: "The owner's username; for your own media that of the account, for a caption_mention the author's."},
		{Name: "is_own", Doc: "Whether it is your own media. By default it is for all kinds but mentions."},
		{Name: "is_ad", Default: "false", Doc: "Whether it is an ad; true where product_type is AD or there is an original_id."},
		{Name: "original_id", Doc: "The id of the media that an ad was made from."},
	}
}

// Keys are those of a history.
func (historyShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "user_replies", Default: "0", Doc: "Replies to the author."},
		{Name: "media_replies", Default: "0", Doc: "Replies on the media."},
		{Name: "thread_replies", Default: "0", Doc: "Replies in the conversation."},
	}
}

// Keys are those of a story's figures.
func (storyShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "reach", Doc: "How many accounts saw it. As for all figures -1 is Meta's \"below 5\"."},
		{Name: "replies", Doc: "How many replies there were."},
		{Name: "exits", Doc: "How often somebody left the story."},
		{Name: "taps_forward", Doc: "How often somebody went on to the next."},
		{Name: "taps_back", Doc: "How often somebody went back."},
		{Name: "impressions", Doc: "How often it was shown."},
		{Name: "views", Doc: "How often it was viewed."},
	}
}

// Keys are those of what is expected.
func (expectShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "verdict", Words: verdicts(), Doc: "What comes of the event. reply: it is answered publicly. approve: what a rule does waits for a person. shadow: a rule in shadow would have done something. acted: something else is done, such as a private reply, but nothing is said publicly. skipped: a rule matched and keeps silent, or the event isn't judged. no_match: no rule matched. error: a rule failed."},
		{Name: "rule", Doc: "The name of the rule that decides."},
		{Name: "because", Words: reasons(), Doc: "The reason; see REASONS."},
		{Name: "mode", Words: []string{string(rules.Live), string(rules.Shadow), string(rules.Approve)}, Doc: "The mode of the rule that decides."},
		{Name: "reply", Doc: "The whole public reply."},
		{Name: "reply_contains", Doc: "A text that stands in the public reply, or a list of texts that all do."},
		{Name: "reply_matches", Doc: "A pattern (a regular expression) that is found in the public reply."},
		{Name: "private_reply", Doc: "The whole private reply."},
		{Name: "hide", Doc: "Whether the comment is hidden."},
		{Name: "notify", Doc: "A place that is notified, or a list of places that all are."},
	}
}
