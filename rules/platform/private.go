package platform

import (
	"encoding/json"
	"maps"
	"time"
)

const (
	// MaxPrivateReply is the most that a private reply may hold, in bytes of UTF-8. Source: guide "Private Replies".
	MaxPrivateReply = 1000
	// PrivateReplyWithin is how long after a comment it can be answered privately, and that once. A comment on a live
	// broadcast can be only while that goes on. Source: guide "Private Replies".
	PrivateReplyWithin = 7 * 24 * time.Hour
)

// CanReplyPrivately reports whether the author of an event of the kind can be sent a message: whoever commented on media
// of the account's own. Source: guide "Private Replies".
func (k Kind) CanReplyPrivately() bool { return k == Comment || k == LiveComment }

// MessageNode is the node on whose messages edge an account sends private replies. With Facebook Login it is that of the
// account's Page, as apps found: on the account's own, which the guide names, Meta answers that the capability lacks
// (code 3). page may be empty, where it isn't known.
func (l Login) MessageNode(account, page string) string {
	if l != InstagramLogin && page != "" {
		return page
	}
	return account
}

// PrivateReplyRequest is the call that sends text to the inbox of the comment's author. Meta takes the two JSON objects
// of its guide as the values of a form too.
func PrivateReplyRequest(node, comment, text string) Request {
	return Request{Method: "POST", Path: "/" + node + "/messages",
		Form: map[string]string{"recipient": object("comment_id", comment), "message": object("text", text)}}
}

// Says is what the request says; empty if it says nothing.
func (r Request) Says() string {
	if _, private := r.Form["recipient"]; !private {
		return r.Form["message"]
	}
	var message struct {
		Text string `json:"text"`
	}
	_ = json.Unmarshal([]byte(r.Form["message"]), &message) // then it says nothing
	return message.Text
}

// Saying is the request with another text.
func (r Request) Saying(text string) Request {
	form := maps.Clone(r.Form)
	if _, private := form["recipient"]; private {
		text = object("text", text)
	}
	form["message"] = text
	r.Form = form
	return r
}

// object is a JSON object with one key.
func object(key, value string) string {
	text, _ := json.Marshal(map[string]string{key: value}) // strings can't fail
	return string(text)
}
