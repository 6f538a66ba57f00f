package sqlite

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const (
	// What rules see of the past: public replies that were said or may have been, less the event's own. A person is
	// known by the id; by the name (?3) only where the event (?2 is empty) or the delivery has no id.
	history = `SELECT
		(SELECT count(*) FROM deliveries WHERE author = ?2 AND author <> '' AND ` + saidBefore + `)
		+ (SELECT count(*) FROM deliveries WHERE username = ?3 AND username <> '' AND (?2 = '' OR author = '') AND ` + saidBefore + `),
		(SELECT count(*) FROM deliveries WHERE media = ?4 AND media <> '' AND ` + saidBefore + `),
		(SELECT count(*) FROM deliveries WHERE conversation = ?5 AND ` + saidBefore + `)`

	saidBefore = `state IN ('posted', 'unknown') AND entered >= ?6 AND account = ?1 AND id % 16 = 0 AND id <> ?7`
)

// History implements [ledger.Store].
func (s *Store) History(ctx context.Context, event *rules.Event, seq int64, since time.Time) (rules.History, error) {
	var h rules.History
	conversation, _ := ledger.Conversation(event)
	err := s.db.QueryRowContext(ctx, history, event.Account.ID, event.From.ID, strings.ToLower(event.From.Username),
		event.Media.ID, conversation, millis(since), seq*perEvent).
		Scan(&h.UserReplies, &h.MediaReplies, &h.ThreadReplies)
	if err != nil {
		return rules.History{}, fmt.Errorf("history of event %d: %w", seq, err)
	}
	return h, nil
}
