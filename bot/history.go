package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/rules"
)

// remember adds to the event what the ledger knows, where rules read it, and gives the facts with it. It is asked anew
// at each attempt and left out of the item's facts: what was true an hour ago may have changed since.
func (b *Bot) remember(ctx context.Context, item *inbox.Item, event *rules.Event, reads []string) (facts []byte, err error) {
	event.History = rules.History{}
	if !slices.ContainsFunc(reads, func(field string) bool { return strings.HasPrefix(field, "history.") }) {
		return item.Facts, nil
	}
	var since time.Time
	if b.Retention > 0 {
		since = b.Now().Add(-b.Retention)
	}
	if event.History, err = b.Store.History(ctx, event, item.Seq, since); err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	if facts, err = json.Marshal(event); err != nil {
		return nil, fmt.Errorf("facts: %w", err)
	}
	return facts, nil
}
