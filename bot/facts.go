package bot

import (
	"context"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// complete asks for what the active rules read of the event: twice where the first answer shows that it is of another
// kind, of which they may read more.
func (b *Bot) complete(ctx context.Context, item *inbox.Item, account Account, set *rules.Set, event *rules.Event) error {
	graph, kind := &pacedReader{Bot: b, item: item}, event.Kind
	err := enrich.Complete(ctx, graph, account.Account, event, set.Reads(kind))
	if err == nil && kind == platform.CommentMention && event.Kind != kind { // the other way round it brought its words along
		err = enrich.Complete(ctx, graph, account.Account, event, set.Reads(event.Kind))
	}
	return err
}

// ownMention reports whether kept facts are of a mention, as the change has it, that turned out to be a comment on own
// media.
func ownMention(event, kept *rules.Event) bool {
	return event.Kind == platform.CommentMention && kept.Kind == platform.Comment && kept.ID == event.ID
}
