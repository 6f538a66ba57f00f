package bot

import (
	"context"
	"fmt"

	"github.com/answerback/answerback/bot/instagram"
)

// Leisure reads what can wait: only while an account has room for it, and behind all that came in by itself.
type Leisure struct {
	bot   *Bot
	graph instagram.Lister
}

// Leisure reads by graph at the bot's leisure.
func (b *Bot) Leisure(graph instagram.Lister) *Leisure { return &Leisure{b, graph} }

// Room reports whether now is a time to read for the account: the bot works by a clock that can be believed and a store
// that takes what comes in, no event waits to be judged, and the account's pace has room.
func (l *Leisure) Room(ctx context.Context, account string) bool {
	b, now := l.bot, l.bot.Now()
	if b.health.state.Load() != running || b.health.refused.Load() != nil {
		return false
	}
	if now.Before(b.NotBefore) || b.clock.unset.Load() || b.skew.now().Abs() >= skewTooFar {
		return false
	}
	if !b.pace.Spare(account, now) {
		return false
	}
	due, err := b.Store.NextDue(ctx)
	return err == nil && (due.IsZero() || due.After(now))
}

// atLeisure makes a call for an account and tells its pace what came of it.
func atLeisure[T any](l *Leisure, id string, call func(instagram.Account) (T, error)) (T, error) {
	b := l.bot
	account, ok := b.account(id)
	if !ok {
		var none T
		return none, fmt.Errorf("no account %q", id)
	}
	began := b.Now()
	b.pace.Spend(id, began)
	got, err := call(account.Account)
	b.pace.Spent(id, err, began, b.Now())
	return got, err
}

// OwnMedia is [instagram.Lister]'s.
func (l *Leisure) OwnMedia(ctx context.Context, account string) ([]instagram.Post, error) {
	return atLeisure(l, account, func(a instagram.Account) ([]instagram.Post, error) { return l.graph.OwnMedia(ctx, a) })
}

// CommentsOn is [instagram.Lister]'s.
func (l *Leisure) CommentsOn(ctx context.Context, account, mediaID, after string) (instagram.Page, error) {
	return atLeisure(l, account, func(a instagram.Account) (instagram.Page, error) { return l.graph.CommentsOn(ctx, a, mediaID, after) })
}

// RepliesTo is [instagram.Lister]'s.
func (l *Leisure) RepliesTo(ctx context.Context, account, commentID, after string) (instagram.Page, error) {
	return atLeisure(l, account, func(a instagram.Account) (instagram.Page, error) { return l.graph.RepliesTo(ctx, a, commentID, after) })
}
