package instagramtest

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// graphTime is how the Graph API writes times.
const graphTime = "2006-01-02T15:04:05-0700"

// get serves what can be read.
func (f *Fake) get(c *call) (answer, *refusal) {
	fields, err := parseFields(c.Query.Get("fields"))
	if err != nil {
		return answer{}, &refusal{code: 2500, message: "Syntax error \"" + err.Error() + "\" at character 0: fields"}
	}
	var b []byte
	var refused *refusal
	switch {
	case c.edge == "replies":
		b, refused = f.getReplies(c, fields)
	case c.edge == "media":
		b, refused = f.getMedia(c, fields)
	case c.edge == "comments":
		b, refused = f.getComments(c, fields)
	case c.edge != "":
		refused = ptr(refusal{code: 2500, message: "Unknown path components: /" + c.edge})
	case c.node == c.account.ID:
		b, refused = f.getAccount(c, fields)
	default:
		b, refused = f.getNode(c, fields)
	}
	if refused != nil {
		return answer{}, refused
	}
	return answer{status: 200, body: b}, nil
}

func ptr[T any](v T) *T { return &v }

// getAccount serves the node of the account, with its mentioned_comment and mentioned_media.
func (f *Fake) getAccount(c *call, fields []field) ([]byte, *refusal) {
	b := []byte{'{'}
	for _, fd := range fields {
		var node []byte
		var refused *refusal
		if f.lacks(c.account, fd.name) {
			return nil, nonexisting(fd.name, "IGUser")
		}
		switch fd.name {
		case "id":
			continue
		case "username":
			node = appendString(nil, c.account.Username)
		case "mentioned_comment":
			node, refused = f.mentionedComment(c, fd)
		case "mentioned_media":
			node, refused = f.mentionedMedia(c, fd)
		default:
			refused = nonexisting(fd.name, "IGUser")
		}
		if refused != nil {
			return nil, refused
		}
		b = append(appendKey(b, fd.name), node...)
	}
	b = appendString(appendKey(b, "id"), c.account.ID)
	return append(b, '}'), nil
}

// mentionedComment is served only for comments that mention the account.
func (f *Fake) mentionedComment(c *call, fd field) ([]byte, *refusal) {
	id, ok := fd.arguments["comment_id"]
	if !ok {
		return nil, ptr(invalid("The parameter comment_id is required"))
	}
	comment, ok := f.comment(id)
	if !ok || !mentions(comment.Text, c.account.Username) {
		return nil, ptr(missing("get", id))
	}
	// from and parent_id are documented for comments on own media only.
	return f.renderComment(comment, fd.subs, "from", "parent_id", "hidden", "replies", "user")
}

// mentionedMedia is served only for media whose caption mentions the account.
func (f *Fake) mentionedMedia(c *call, fd field) ([]byte, *refusal) {
	id, ok := fd.arguments["media_id"]
	if !ok {
		return nil, ptr(invalid("The parameter media_id is required"))
	}
	media, ok := f.mediaOf(id)
	if !ok || !mentions(media.Caption, c.account.Username) {
		return nil, ptr(missing("get", id))
	}
	if f.o.StripMentions {
		media.Caption = strings.ReplaceAll(media.Caption, "@"+c.account.Username, c.account.Username)
	}
	return f.renderMedia(media, fd.subs)
}

// getNode serves a comment on the account's own media, or one of its media.
func (f *Fake) getNode(c *call, fields []field) ([]byte, *refusal) {
	if comment, ok := f.comment(c.node); ok && f.owns(c.account, comment.MediaID) {
		return f.renderComment(comment, fields)
	}
	if media, ok := f.mediaOf(c.node); ok && f.owns(c.account, c.node) {
		return f.renderMedia(media, fields)
	}
	return nil, ptr(missing("get", c.node))
}

// renderComment writes a comment's node. Source of the fields: reference "IG Comment".
func (f *Fake) renderComment(c Comment, fields []field, without ...string) ([]byte, *refusal) {
	if len(fields) == 0 {
		fields = []field{{name: "timestamp"}, {name: "text"}}
	}
	b := []byte{'{'}
	for _, fd := range fields {
		if slices.Contains(without, fd.name) || slices.Contains(f.o.RefuseFields, fd.name) {
			return nil, nonexisting(fd.name, "IGComment")
		}
		switch fd.name {
		case "id":
		case "text":
			b = appendString(appendKey(b, "text"), c.Text)
		case "timestamp":
			b = appendTime(appendKey(b, "timestamp"), c.Timestamp)
		case "username":
			b = appendOptional(b, "username", c.Username)
		case "like_count":
			b = strconv.AppendInt(appendKey(b, "like_count"), int64(c.LikeCount), 10)
		case "hidden":
			b = strconv.AppendBool(appendKey(b, "hidden"), c.Hidden)
		case "parent_id":
			b = appendOptional(b, "parent_id", c.ParentID)
		case "from":
			b = appendAuthor(b, c)
		case "replies":
			var refused *refusal
			if b, refused = f.appendList(b, fd, f.repliesTo(c.ID), without...); refused != nil {
				return nil, refused
			}
		case "media":
			m, ok := f.mediaOf(c.MediaID)
			if !ok {
				m = Media{ID: c.MediaID, Type: "IMAGE", ProductType: "FEED", Timestamp: c.Timestamp}
			}
			node, refused := f.renderMedia(m, fd.subs)
			if refused != nil {
				return nil, refused
			}
			b = append(appendKey(b, "media"), node...)
		default:
			return nil, nonexisting(fd.name, "IGComment")
		}
	}
	return append(appendString(appendKey(b, "id"), c.ID), '}'), nil
}

// renderMedia writes a media's node. Source of the fields: reference "IG Media".
func (f *Fake) renderMedia(m Media, fields []field) ([]byte, *refusal) {
	b := []byte{'{'}
	for _, fd := range fields {
		if slices.Contains(f.o.RefuseFields, "media."+fd.name) {
			return nil, nonexisting(fd.name, "IGMedia")
		}
		switch fd.name {
		case "id":
		case "comments":
			// from and parent_id are documented for comments on own media only.
			var refused *refusal
			if b, refused = f.appendList(b, fd, f.commentsOn(m.ID), "from", "parent_id", "hidden", "user"); refused != nil {
				return nil, refused
			}
		case "caption":
			b = appendOptional(b, "caption", m.Caption)
		case "media_type":
			b = appendString(appendKey(b, "media_type"), m.Type)
		case "media_product_type":
			b = appendString(appendKey(b, "media_product_type"), m.ProductType)
		case "permalink":
			b = appendOptional(b, "permalink", m.Permalink)
		case "username":
			b = appendOptional(b, "username", m.Owner)
		case "timestamp":
			b = appendTime(appendKey(b, "timestamp"), m.Timestamp)
		case "like_count":
			b = strconv.AppendInt(appendKey(b, "like_count"), int64(m.LikeCount), 10)
		case "comments_count":
			b = strconv.AppendInt(appendKey(b, "comments_count"), int64(f.countComments(m.ID)), 10)
		default:
			return nil, nonexisting(fd.name, "IGMedia")
		}
	}
	return append(appendString(appendKey(b, "id"), m.ID), '}'), nil
}

func nonexisting(name, nodeType string) *refusal {
	return ptr(invalid("Tried accessing nonexisting field (" + name + ") on node type (" + nodeType + ")"))
}

func appendKey(b []byte, key string) []byte {
	if len(b) > 1 {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, key...)
	return append(b, '"', ':')
}

// appendOptional writes a member that Meta leaves out where there is nothing to tell.
func appendOptional(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendString(appendKey(b, key), value)
}

func appendTime(b []byte, at time.Time) []byte {
	b = append(b, '"')
	b = at.UTC().AppendFormat(b, graphTime)
	return append(b, '"')
}

// appendAuthor writes from{id,username}, which Meta leaves out where it may not tell.
func appendAuthor(b []byte, c Comment) []byte {
	if c.FromID == "" && c.Username == "" {
		return b
	}
	from := appendOptional(appendOptional([]byte{'{'}, "id", c.FromID), "username", c.Username)
	return append(append(appendKey(b, "from"), from...), '}')
}
