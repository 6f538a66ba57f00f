package enrich

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// ErrHidden says that a comment is hidden, be it by the account or, where its author is restricted, until it is approved:
// nobody sees it, and Meta takes no reply to it. Source: references "IG Comment" and "IG Comment Replies".
var ErrHidden = errors.New("the comment is hidden")

// Complete asks the Graph API for what the rules read and the event lacks. A mention is always looked up: its
// notification has neither text nor author, and the author is what keeps the bot from answering itself. One that turns
// out to be on own media becomes a comment (see [AddComment]), for which rules may read more: then it is to be completed
// again. A comment that came with text and author costs a call only where a rule reads more. The error is the reader's,
// unwrapped: its class says what to do; or it is ErrHidden. With Instagram Login it may find that a comment is a mention:
// its kind changes.
func Complete(ctx context.Context, graph instagram.Reader, account instagram.Account, e *rules.Event, reads []string) error {
	switch e.Kind {
	case platform.CommentMention:
		c, err := graph.MentionedComment(ctx, account, e.Comment.ID, commentFields(true, reads))
		if err != nil {
			return err
		}
		AddComment(e, c)
	case platform.CaptionMention:
		m, err := graph.MentionedMedia(ctx, account, e.Media.ID, mediaFields([]string{"id", "caption", "timestamp", "username"}, reads))
		if err != nil {
			return err
		}
		AddMedia(e, m)
	case platform.Comment, platform.LiveComment:
		if maybeMention(account, e) {
			if err := settleWhose(ctx, graph, account, e, reads); err != nil || e.Kind != platform.Comment {
				return err
			}
		}
		return completeComment(ctx, graph, account, e, reads)
	}
	return nil
}

// completeComment reads the comment's node where text or author lack or its likes are asked for (the media's fields
// come along), and only the media's where nothing else is needed.
func completeComment(ctx context.Context, graph instagram.Reader, account instagram.Account, e *rules.Event, reads []string) error {
	reads = Lacking(e, reads)
	mediaAsked := mediaFields(nil, reads)
	authorless := e.From.Username == "" && (e.From.ID == "" || slices.Contains(reads, "from.username"))
	if e.Text == "" || authorless || slices.Contains(reads, "comment.like_count") {
		c, err := graph.Comment(ctx, account, e.Comment.ID, commentFields(false, reads))
		switch {
		case err == nil && c.Hidden:
			return ErrHidden
		case err == nil:
			AddComment(e, c)
			return nil
		}
		// Comments on ads, stickers and comments of restricted people can't always be read; what the notification
		// told is then all there is, and a comment whose text came along can still be judged.
		if e.Text == "" || !unreadable(err) {
			return err
		}
	}
	if len(mediaAsked) == 0 || e.Media.ID == "" {
		return nil
	}
	m, err := graph.Media(ctx, account, e.Media.ID, append([]string{"id"}, mediaAsked...))
	if err != nil {
		return err
	}
	AddMedia(e, m)
	return nil
}

var (
	mentionFields = []string{"id", "text", "timestamp", "username"}
	nodeFields    = []string{"id", "text", "timestamp", "username", "from", "parent_id", "hidden"}
)

// commentFields are the Graph fields of a comment that give what is read. Sources: references "IG User Mentioned
// Comment" (username is answered though it isn't listed) and "IG Comment".
func commentFields(mention bool, reads []string) []string {
	fields := slices.Clone(nodeFields)
	if mention {
		fields = slices.Clone(mentionFields)
	}
	if slices.Contains(reads, "comment.like_count") {
		fields = append(fields, "like_count")
	}
	if !slices.Contains(fields, "parent_id") && (slices.Contains(reads, "comment.parent_id") || slices.Contains(reads, "comment.is_reply")) {
		fields = append(fields, "parent_id")
	}
	media := mediaFields(nil, reads)
	if mention && !slices.Contains(media, "username") {
		media = append(media, "username") // whose it is decides where it can be answered
	}
	if len(media) > 0 {
		fields = append(fields, fmt.Sprintf("media{%s}", strings.Join(append([]string{"id"}, media...), ",")))
	}
	return fields
}

// graphMedia names the Graph field that each field of the event comes from, in the order in which they are asked.
var graphMedia = []struct{ read, field string }{
	{"media.caption", "caption"},
	{"media.hashtags", "caption"},
	{"media.type", "media_type"},
	{"media.product_type", "media_product_type"},
	{"media.permalink", "permalink"},
	{"media.owner", "username"},
}

func mediaFields(base, reads []string) []string {
	fields := slices.Clone(base)
	for _, g := range graphMedia {
		if slices.Contains(reads, g.read) && !slices.Contains(fields, g.field) {
			fields = append(fields, g.field)
		}
	}
	return fields
}

// Lacking lists which of the facts that rules read the event doesn't hold, as far as an empty value can tell.
func Lacking(e *rules.Event, reads []string) []string {
	known := map[string]bool{
		"text":               e.Text != "",
		"from.id":            e.From.ID != "",
		"from.username":      e.From.Username != "",
		"media.caption":      e.Media.Caption != "",
		"media.hashtags":     e.Media.Caption != "",
		"media.type":         e.Media.Type != "",
		"media.product_type": e.Media.ProductType != "",
		"media.permalink":    e.Media.Permalink != "",
		"media.owner":        e.Media.Owner != "",
		"comment.like_count": e.Comment.LikeCount != 0,
	}
	var lacking []string
	for _, name := range reads {
		if held, fact := known[name]; fact && !held {
			lacking = append(lacking, name)
		}
	}
	return lacking
}

// unreadable reports whether Meta refused to show something, for good, rather than failed to.
func unreadable(err error) bool {
	var e *instagram.Error
	return errors.As(err, &e) && (e.Class == instagram.ClassGone || e.Class == instagram.ClassPermanent)
}
