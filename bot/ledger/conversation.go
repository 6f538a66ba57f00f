package ledger

import (
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Conversation is what replies_per_thread counts by: the thread, over all time (window 0); for a mention in a comment,
// whose parent Meta doesn't tell, the media and author (the media alone if the author is unknown) over the last 24
// hours.
func Conversation(event *rules.Event) (key string, window time.Duration) {
	if event.Kind != platform.CommentMention {
		return "thread/" + event.Target().Thread(), 0
	}
	key = "media/" + event.Media.ID
	switch {
	case event.From.ID != "":
		key += "/id/" + event.From.ID
	case event.From.Username != "":
		key += "/username/" + strings.ToLower(event.From.Username)
	}
	return key, 24 * time.Hour
}
