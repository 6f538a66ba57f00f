package event

import (
	"fmt"
	"reflect"
	"time"

	"github.com/answerback/answerback/rules/platform"
)

// Field is one of the things that an expression may look at.
type Field struct {
	Name string // as an expression names it: "from.username"
	Type string // in an author's words: "text"
	Doc  string // what it is, in plain sentences
}

// Fields are all that an expression may look at, in the order of [Event].
func Fields() []Field {
	docs := fieldDocs()
	var all []Field
	add := func(name string, t reflect.Type) {
		if docs[name] == "" {
			panic(fmt.Sprintf("event: nothing is said of %s", name))
		}
		all = append(all, Field{name, typeName(t), docs[name]})
	}
	for f := range reflect.TypeFor[Event]().Fields() {
		name := f.Tag.Get("expr")
		if f.Type.Kind() != reflect.Struct || f.Type == reflect.TypeFor[time.Time]() {
			add(name, f.Type)
			continue
		}
		for inner := range f.Type.Fields() {
			add(name+"."+inner.Tag.Get("expr"), inner.Type)
		}
	}
	if len(all) != len(docs) {
		panic("event: more is said than there is")
	}
	return all
}

// typeName is what authors call a type.
func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "time"
	case reflect.TypeFor[[]string]():
		return "list of texts"
	case reflect.TypeFor[string](), reflect.TypeFor[platform.Kind]():
		return "text"
	case reflect.TypeFor[bool]():
		return "true or false"
	case reflect.TypeFor[int]():
		return "whole number"
	}
	panic(fmt.Sprintf("event: authors have no word for %s", t))
}

func fieldDocs() map[string]string {
	return map[string]string{
		"kind":        "What happened: comment_mention, caption_mention, comment, live_comment or story_insights.",
		"id":          "The event's own id, which is the same whenever Meta tells of it again.",
		"time":        `When it happened, in UTC: the comment's own time where Meta tells it, else the notification's. It knows time.Hour() and time.Format("Mon").`,
		"text":        "The comment's text; for a caption_mention the caption.",
		"words":       "The words of the text as they are written, without @ and #.",
		"hashtags":    "The hashtags of the text without #, in lower case and without accents.",
		"mentions":    "The usernames that the text mentions, without @ and in lower case.",
		"urls":        "The links in the text.",
		"emojis":      "The emoji in the text.",
		"mentions_me": "Whether your account is mentioned: by the event's kind, or by its username in the text.",

		"from.id":       "The id of who wrote it; empty where Meta doesn't tell.",
		"from.username": "The username of who wrote it, without @; empty where Meta doesn't tell.",

		"comment.id":         "The comment's id; empty for a caption_mention.",
		"comment.parent_id":  "The id of the comment that it is a reply to; empty where it is none, or Meta doesn't tell.",
		"comment.is_reply":   "Whether it is a reply to another comment.",
		"comment.like_count": "How many likes the comment had when it came in.",

		"media.id":           "The id of the media under or in which it happened.",
		"media.type":         "IMAGE, VIDEO or CAROUSEL_ALBUM; empty where Meta doesn't tell.",
		"media.product_type": "FEED, REELS, STORY, AD or LIVE; empty where Meta doesn't tell.",
		"media.caption":      "The media's caption.",
		"media.permalink":    "The media's address on the web.",
		"media.owner":        "The username of the media's owner.",
		"media.is_own":       "Whether it is your own media.",
		"media.is_ad":        "Whether it is an ad.",
		"media.original_id":  "The id of the media that an ad was made from; else empty.",
		"media.hashtags":     "The hashtags of the caption without #, in lower case and without accents.",

		"account.id":       "The id of your account that the event came to.",
		"account.username": "The username of your account that the event came to.",

		"history.user_replies":   "How many public replies your account gave this author before, as far back as the configuration's retention; 0 where the author is unknown.",
		"history.media_replies":  "How many it gave on this media.",
		"history.thread_replies": "How many it gave in this conversation: under the same top-level comment.",

		"story.known":        "Which figures of the story Meta told, as they are called here, as in \"reach\" in story.known. For story_insights, as all of story.",
		"story.reach":        "How many accounts saw the story. As for all figures -1 is Meta's \"below 5\", and 0 also what Meta didn't tell.",
		"story.replies":      "How many replies there were.",
		"story.exits":        "How often somebody left the story.",
		"story.taps_forward": "How often somebody went on to the next.",
		"story.taps_back":    "How often somebody went back.",
		"story.impressions":  "How often the story was shown.",
		"story.views":        "How often the story was viewed.",
	}
}
