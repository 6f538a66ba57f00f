package instagramtest

import (
	"net/url"
	"unicode/utf16"
)

// maxMessage is the most that a comment may hold. Meta's reference doesn't say; this is what was seen.
const maxMessage = 2200

// postMention serves POST /{ig-user-id}/mentions: answers to mentions, on media of others only. Source: reference "IG
// User Mentions".
func (f *Fake) postMention(c *call) (answer, *refusal) {
	mediaID, commentID := c.Form.Get("media_id"), c.Form.Get("comment_id")
	switch {
	case c.node != c.account.ID:
		return answer{}, ptr(missing("post", c.node))
	case mediaID == "":
		return answer{}, ptr(invalid("The parameter media_id is required"))
	case f.owns(c.account, mediaID):
		return answer{}, ptr(invalid("The media must not be owned by the account that was mentioned"))
	}
	if media, _ := f.mediaOf(mediaID); media.ProductType == "STORY" {
		return answer{}, ptr(invalid("A mention in a story can't be answered"))
	}
	if commentID != "" {
		comment, ok := f.comment(commentID)
		if !ok || comment.MediaID != mediaID || !mentions(comment.Text, c.account.Username) {
			return answer{}, ptr(missing("post", commentID))
		}
	} else if media, ok := f.mediaOf(mediaID); !ok || !mentions(media.Caption, c.account.Username) {
		return answer{}, ptr(missing("post", mediaID))
	}
	return f.say(c, mediaID, commentID)
}

// postReply serves POST /{ig-comment-id}/replies, on the account's own media. Source: reference "IG Comment Replies".
func (f *Fake) postReply(c *call) (answer, *refusal) {
	comment, ok := f.comment(c.node)
	if !ok || !f.owns(c.account, comment.MediaID) {
		return answer{}, ptr(missing("post", c.node))
	}
	media, _ := f.mediaOf(comment.MediaID)
	switch {
	case comment.Hidden:
		return answer{}, ptr(invalid("A hidden comment can't be answered"))
	case media.ProductType == "LIVE":
		return answer{}, ptr(invalid("A comment on a live video can't be answered"))
	}
	parent := comment.ID
	if comment.ParentID != "" && comment.ParentID != comment.MediaID {
		parent = comment.ParentID
	}
	return f.say(c, comment.MediaID, parent)
}

// say makes a reply under a comment, or under a media where there is none.
func (f *Fake) say(c *call, mediaID, parent string) (answer, *refusal) {
	text := c.Form.Get("message")
	switch {
	case text == "":
		return answer{}, ptr(invalid("The parameter message is required"))
	case len(text) > maxMessage && len(utf16.Encode([]rune(text))) > maxMessage:
		return answer{}, ptr(invalid("The message is too long"))
	}
	reply := Reply{
		ID: f.nextID(), Account: c.account.ID, Media: mediaID, Comment: parent, Text: text,
		Edge: c.edge, Path: c.Path, Form: flat(c.Form), At: c.At,
	}
	f.publish(c, reply)
	if c.Form.Has("fields") || c.Query.Has("fields") {
		return answer{}, &refusal{code: 20, subcode: 1772107, message: "The comment was made, but its fields can't be read"}
	}
	return created(reply.ID), nil
}

// publish makes a reply known to everyone.
func (f *Fake) publish(c *call, reply Reply) {
	if !f.o.Lean {
		f.AddComment(Comment{
			ID: reply.ID, MediaID: reply.Media, ParentID: reply.Comment, FromID: c.account.ID,
			Username: c.account.Username, Text: reply.Text, Timestamp: reply.At,
		})
	}
	f.journal.count.Add(1)
	if f.o.OnReply != nil {
		f.o.OnReply(reply)
	}
	if !f.o.Lean {
		f.journal.addReply(reply)
	}
	if url := f.echo.Load(); url != nil && f.owns(c.account, reply.Media) {
		f.work.Go(func() { _ = f.Notify(f.ctx, *url, f.CommentChange(c.account.ID, reply.ID)) })
	}
}

// EchoReplies has the account's replies on its own media come back as notifications about comments, as Meta does; an
// empty address ends it.
func (f *Fake) EchoReplies(webhook string) {
	if webhook == "" {
		f.echo.Store(nil)
		return
	}
	f.echo.Store(&webhook)
}

func flat(form url.Values) map[string]string {
	m := make(map[string]string, len(form))
	for key, values := range form {
		m[key] = values[0]
	}
	return m
}
