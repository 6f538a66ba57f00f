package platform

import "unicode/utf16"

// MaxReply is the most that a comment may hold, in UTF-16 code units. Meta's reference states no number; 2200
// characters is what the API was seen to refuse ("The message is too long"), and UTF-16 is the strictest way to count.
const MaxReply = 2200

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
