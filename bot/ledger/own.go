package ledger

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
)

// echo is how long after a reply an event without an author is taken for that reply when it says the same on the same
// media.
const echo = 24 * time.Hour

// isOwn reports whether the bot itself is the author: by the author's id or username, by the id of a reply that was
// sent, and where the event has no author at all by its text. An author that stays unknown is somebody else.
func isOwn(event *rules.Event, now time.Time, terms Terms, book Book) (bool, error) {
	account, from := event.Account, event.From
	if from.ID != "" && (from.ID == account.ID || slices.Contains(terms.Aliases, from.ID)) {
		return true, nil
	}
	if from.Username != "" && strings.EqualFold(from.Username, account.Username) {
		return true, nil
	}
	if book == nil {
		return false, nil
	}
	if event.Comment.ID != "" {
		sent, err := book.SentID(account.ID, event.Comment.ID)
		if err != nil {
			return false, fmt.Errorf("sent id %q: %w", event.Comment.ID, err)
		}
		if sent {
			return true, nil
		}
	}
	if from.ID != "" || from.Username != "" || event.Text == "" {
		return false, nil
	}
	said, err := book.SaidOn(account.ID, event.Media.ID, event.Text, now.Add(-echo))
	if err != nil {
		return false, fmt.Errorf("said on media %q: %w", event.Media.ID, err)
	}
	return said, nil
}
