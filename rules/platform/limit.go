package platform

import "unicode/utf16"

const (
	// MaxReply is the most that a comment may hold, in UTF-16 code units. Meta's reference states no number; 2200
	// characters is what the API was seen to refuse ("The message is too long"), and UTF-16 is the strictest way to count.
	MaxReply = 2200
	// MaxNotice is the most that a notification of people may hold, in UTF-16 code units: what chats show whole.
	MaxNotice = 4000
)

// Limit is the most that a text of one sort may hold.
type Limit struct {
	Max int
	// Bytes says that it counts bytes of UTF-8, else UTF-16 code units.
	Bytes bool
}

// ReplyLimit is that of a public reply.
func ReplyLimit() Limit { return Limit{Max: MaxReply} }

// PrivateReplyLimit is that of a private reply.
func PrivateReplyLimit() Limit { return Limit{Max: MaxPrivateReply, Bytes: true} }

// NoticeLimit is that of a notification of people.
func NoticeLimit() Limit { return Limit{Max: MaxNotice} }

// Length counts a text as the limit does.
func (l Limit) Length(text string) int {
	if l.Bytes {
		return len(text)
	}
	return Length(text)
}

// Unit is what the limit counts, for people.
func (l Limit) Unit() string {
	if l.Bytes {
		return "bytes"
	}
	return "characters"
}

// Length counts a text as MaxReply does.
func Length(text string) int {
	n := 0
	for _, r := range text {
		if l := utf16.RuneLen(r); l > 0 {
			n += l
		} else {
			n++
		}
	}
	return n
}
