package instagramtest

import (
	"encoding/json"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/rules/platform"
)

// Message is a private reply that was sent.
type Message struct {
	ID        string
	Account   string // whose it is
	Node      string // in the path: the account's, its Page's, or "me"
	Comment   string // that it answers
	Recipient string // id of the comment's author
	Text      string
	At        time.Time
}

// messages are the private replies, by the comment that each answers: there can be one of each.
type messages struct {
	mu   sync.Mutex
	sent []Message
}

// Messages are the private replies so far, in the order in which they were sent.
func (f *Fake) Messages() []Message {
	f.messages.mu.Lock()
	defer f.messages.mu.Unlock()
	return slices.Clone(f.messages.sent)
}

// postMessage serves POST /{id}/messages, as private replies to comments. Sources: guide "Private Replies"; for the node,
// and the codes, what apps found.
func (f *Fake) postMessage(c *call) (answer, *refusal) {
	comment, text, refused := f.addressed(c)
	if refused != nil {
		return answer{}, refused
	}
	m := Message{
		ID: "aWdfZAG1faXRlbToxOk" + f.nextID(), Account: c.account.ID, Node: c.node, Comment: comment.ID,
		Recipient: comment.FromID, Text: text, At: c.At,
	}
	if !f.messages.add(m) {
		return answer{}, &refusal{code: 100, subcode: 2534025, message: "(#100) The comment was answered privately before"}
	}
	body, _ := json.Marshal(map[string]string{"recipient_id": m.Recipient, "message_id": m.ID}) // strings can't fail
	return answer{status: 200, body: body}, nil
}

// addressed is the comment that a message answers, and what it says.
func (f *Fake) addressed(c *call) (Comment, string, *refusal) {
	var recipient struct {
		Comment string `json:"comment_id"`
	}
	var message struct {
		Text string `json:"text"`
	}
	switch {
	case c.account.Login == platform.InstagramLogin && c.node != "me" && c.node != c.account.ID,
		c.account.Login != platform.InstagramLogin && c.node != c.account.PageID && c.node != c.account.ID:
		return Comment{}, "", ptr(missing("post", c.node))
	case c.account.Login != platform.InstagramLogin && c.node != c.account.PageID:
		return Comment{}, "", &refusal{code: 3, message: "(#3) Application does not have the capability to make this API call."}
	case json.Unmarshal([]byte(c.Form.Get("recipient")), &recipient) != nil || recipient.Comment == "":
		return Comment{}, "", ptr(invalid("The parameter recipient is required"))
	case json.Unmarshal([]byte(c.Form.Get("message")), &message) != nil || message.Text == "":
		return Comment{}, "", ptr(invalid("The parameter message is required"))
	case len(message.Text) > platform.MaxPrivateReply:
		return Comment{}, "", ptr(invalid("The message is too long"))
	}
	comment, ok := f.comment(recipient.Comment)
	if !ok || !f.owns(c.account, comment.MediaID) || c.At.Sub(comment.Timestamp) > platform.PrivateReplyWithin || f.isOver(comment.MediaID) {
		return Comment{}, "", &refusal{code: 100, subcode: 2534025, message: "(#100) The comment can't be answered privately"}
	}
	return comment, message.Text, nil
}

// add reports whether it is the first to its comment.
func (m *messages) add(message Message) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if slices.ContainsFunc(m.sent, func(other Message) bool { return other.Comment == message.Comment }) {
		return false
	}
	m.sent = append(m.sent, message)
	return true
}

// postComment serves POST /{ig-comment-id}?hide=true|false, on media of the account's own, but not while it is live.
// Source: reference "IG Comment", updating.
func (f *Fake) postComment(c *call) (answer, *refusal) {
	hide := c.Form.Get("hide")
	if hide == "" {
		hide = c.Query.Get("hide")
	}
	comment, ok := f.comment(c.node)
	if !ok || !f.owns(c.account, comment.MediaID) {
		return answer{}, ptr(missing("post", c.node))
	}
	media, _ := f.mediaOf(comment.MediaID)
	switch {
	case hide != "true" && hide != "false":
		return answer{}, ptr(invalid("The parameter hide is required"))
	case media.ProductType == "LIVE":
		return answer{}, ptr(invalid("A comment on a live video can't be hidden"))
	}
	comment.Hidden = hide == "true" && comment.FromID != c.account.ID // one's own stays visible
	f.AddComment(comment)
	return answer{status: 200, body: []byte(`{"success":true}`)}, nil
}

// Hidden reports whether there is a comment with the id, and it is hidden.
func (f *Fake) Hidden(commentID string) bool {
	comment, ok := f.comment(commentID)
	return ok && comment.Hidden
}
