package instagram

import (
	"strings"

	"github.com/answerback/answerback/rules/platform"
)

// The edges of writes as they are called in [Call]. To hide a comment is a write to the comment's own node.
const (
	edgeMessages = "messages"
	edgeHide     = "hide"
)

// edgeOf is what a write is called by. No id may be a part of it: it becomes a metric's label.
func edgeOf(request platform.Request) string {
	if _, hides := request.Form["hide"]; hides {
		return edgeHide
	}
	return request.Path[strings.LastIndexByte(request.Path, '/')+1:]
}

// made is what the answer to a write tells: the id of what was made, empty where nothing is. Sources: references "IG
// User Mentions", "IG Comment Replies" ({id}) and "IG Comment" ({success}), guide "Private Replies" ({recipient_id,
// message_id}).
func made(edge, answer string) (id string, _ *Error) {
	switch edge {
	case edgeHide:
		switch success(answer) {
		case 't':
			return "", nil
		case 'f':
			return "", &Error{Class: ClassPermanent, Message: "Meta says that it was not done"}
		}
		return "", &Error{Class: ClassUnknown, Message: "the answer doesn't say whether it was done"}
	case edgeMessages:
		id = member(answer, "message_id")
	default:
		id = member(answer, "id")
	}
	if id == "" {
		return "", &Error{Class: ClassUnknown, Message: "the answer has no id"}
	}
	return id, nil
}

// member is a word of the answer's object; "" where it isn't there.
func member(answer, name string) string {
	w := walker{s: answer}
	found := ""
	for key := range w.members() {
		if key == name {
			found = cut(w.word(), maxName)
		}
	}
	return found
}

// success is the first byte of that member of the answer's object, 't' or 'f'; 0 where it isn't there.
func success(answer string) (value byte) {
	w := walker{s: answer}
	for key := range w.members() {
		if key == "success" {
			value = w.at()
		}
	}
	return value
}

// capabilityLacks is the code of an app or a node without what was asked for.
const capabilityLacks = 3

// hintAtPage adds what a private reply that lacks the capability most often means: with Facebook Login it is sent from
// the Page's node. Source: what apps found; the guide names the account's.
func (e *Error) hintAtPage(edge string, account *Account) {
	if edge != edgeMessages || e.Code != capabilityLacks || account.Login == platform.InstagramLogin {
		return
	}
	hint := "is page_id that of the account's Page?"
	if account.PageID == "" {
		hint = "the account has no page_id"
	}
	e.Message = strings.TrimSuffix(e.Message, ".") + "; " + hint
}
