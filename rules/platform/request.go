package platform

import (
	"bytes"
	"encoding/json"
)

// Target is where a public reply goes.
type Target struct {
	Kind    Kind
	Account string // id of the account that answers
	Comment string // id of the comment; empty for a caption mention
	Parent  string // id of the comment's parent; empty where it is top-level or unknown
	Media   string // id of the media
}

// Request is a Graph API call that writes something. Path lacks host and version; the access token is added by the
// client, never here.
type Request struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Form   map[string]string `json:"form"`
}

// None reports whether there is no call.
func (r Request) None() bool { return r.Method == "" && r.Path == "" && len(r.Form) == 0 }

// MarshalJSON writes null where there is no call.
func (r Request) MarshalJSON() ([]byte, error) {
	if r.None() {
		return []byte("null"), nil
	}
	type plain Request
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // whoever writes the whole says whether it is escaped
	err := encoder.Encode(plain(r))
	return b.Bytes(), err
}

// ReplyRequest is the call that says text publicly. Mentions are answered on the account's mentions edge, which Meta
// serves only for media of others; a comment on own media on the comment's replies edge, where a reply to a reply
// goes to its top-level comment. Sources: references "IG User Mentions" and "IG Comment Replies".
func ReplyRequest(to Target, text string) Request {
	switch to.Kind {
	case CommentMention:
		return Request{Method: "POST", Path: "/" + to.Account + "/mentions",
			Form: map[string]string{"comment_id": to.Comment, "media_id": to.Media, "message": text}}
	case CaptionMention:
		return Request{Method: "POST", Path: "/" + to.Account + "/mentions",
			Form: map[string]string{"media_id": to.Media, "message": text}}
	default:
		return Request{Method: "POST", Path: "/" + to.Thread() + "/replies",
			Form: map[string]string{"message": text}}
	}
}

// Thread is the id of the top-level comment with what hangs on it; for a caption mention that of the media. A parent
// that is the media itself, as some notifications have it, doesn't count.
func (t Target) Thread() string {
	switch {
	case t.Kind == CaptionMention || t.Comment == "":
		return t.Media
	case t.Parent != "" && t.Parent != t.Media:
		return t.Parent
	default:
		return t.Comment
	}
}
