package instagram

import (
	"strconv"
	"time"
)

// graphTime is how the Graph API writes times: RFC 3339 without the colon. Source: reference "IG Comment".
const graphTime = "2006-01-02T15:04:05-0700"

func (c Comment) nodeID() string { return c.ID }
func (m Media) nodeID() string   { return m.ID }

// ParseComment reads an answer about a comment, as the Graph API gives it: the comment's node, or an account's node
// with mentioned_comment. An answer about something else gives a comment without id.
func ParseComment(answer []byte) (Comment, error) {
	return parseNode(answer, "mentioned_comment", (*walker).comment)
}

// ParseMedia reads an answer about a media: its node, or an account's node with mentioned_media.
func ParseMedia(answer []byte) (Media, error) {
	return parseNode(answer, "mentioned_media", (*walker).media)
}

func parseNode[T any](answer []byte, edge string, decode func(*walker) T) (T, error) {
	var node T
	text, err := validText(answer)
	if err != nil {
		return node, err
	}
	w, found := walker{s: text}, false
	for key := range w.members() {
		if key == edge {
			node, found = decode(&w), true
		}
	}
	if !found {
		node = decode(&walker{s: text})
	}
	return node, nil
}

// comment reads a comment's node. Ids that are none are left out: they would go into Graph paths.
func (w *walker) comment() Comment {
	var c Comment
	for key := range w.members() {
		switch key {
		case "id":
			c.ID = w.id()
		case "text":
			c.Text = cut(w.word(), maxText)
		case "username":
			c.Username = cut(w.word(), maxName)
		case "from":
			w.author(&c)
		case "parent_id":
			c.ParentID = w.id()
		case "timestamp":
			c.Timestamp = parseGraphTime(w.word())
		case "like_count":
			c.LikeCount, _ = strconv.Atoi(w.word())
		case "hidden":
			c.Hidden = w.at() == 't'
			w.skip()
		case "media":
			c.Media = w.media()
		}
	}
	return c
}

// author reads from{id,username}.
func (w *walker) author(c *Comment) {
	for key := range w.members() {
		switch key {
		case "id":
			c.FromID = w.id()
		case "username":
			if name := cut(w.word(), maxName); c.Username == "" {
				c.Username = name
			}
		}
	}
}

// media reads a media's node.
func (w *walker) media() Media {
	var m Media
	for key := range w.members() {
		switch key {
		case "id":
			m.ID = w.id()
		case "caption":
			m.Caption = cut(w.word(), maxText)
		case "media_type":
			m.Type = cut(w.word(), maxName)
		case "media_product_type":
			m.ProductType = cut(w.word(), maxName)
		case "permalink":
			m.Permalink = cut(w.word(), maxText)
		case "username":
			m.Username = cut(w.word(), maxName)
		case "timestamp":
			m.Timestamp = parseGraphTime(w.word())
		}
	}
	return m
}

func (w *walker) id() string {
	if s := w.word(); isID(s) {
		return s
	}
	return ""
}

// parseGraphTime reads a timestamp; the zero time if it is none, or absurd: max_age would take it for a real one.
func parseGraphTime(s string) time.Time {
	at, err := time.Parse(graphTime, s)
	if err != nil {
		at, err = time.Parse(time.RFC3339, s)
	}
	if err != nil {
		return time.Time{}
	}
	return believable(at)
}
