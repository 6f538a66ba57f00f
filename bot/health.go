package bot

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
)

// storeTrouble is how long a failed write counts against readiness, unless one goes well before.
const storeTrouble = time.Minute

// health is what the bot remembers to tell how it is.
type health struct {
	state   atomic.Int32
	refused atomic.Pointer[refusal]
}

// The states of a bot.
const (
	starting = iota
	running
	draining
)

// refusal is a write that the store failed at.
type refusal struct {
	at  time.Time
	err error
}

// Accept stores what came in at the door, and remembers whether that went well.
func (b *Bot) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	accepted, err := b.Store.Accept(ctx, arrivals)
	switch {
	case err == nil:
		b.health.refused.Store(nil)
	case ctx.Err() == nil:
		b.health.refused.Store(&refusal{at: b.Now(), err: err})
	}
	return accepted, err
}

// Drain says that the daemon is about to stop: it is not ready any more, and goes on working until Stop.
func (b *Bot) Drain() { b.health.state.Store(draining) }

// Health gives the reasons why the bot can't take in events now, none if it can, and notes on what else an operator
// should know: accounts that stand still.
func (b *Bot) Health(ctx context.Context) (reasons, notes []string) {
	switch b.health.state.Load() {
	case starting:
		reasons = append(reasons, "starting")
	case draining:
		reasons = append(reasons, "draining: the daemon stops")
	}
	if _, err := b.Store.NextDue(ctx); err != nil {
		reasons = append(reasons, fmt.Sprintf("the store can't be read: %v", err))
	}
	if r := b.health.refused.Load(); r != nil && b.Now().Sub(r.at) < storeTrouble {
		reasons = append(reasons, fmt.Sprintf("the store can't be written: %v", r.err))
	}
	for _, a := range b.Accounts {
		if until := b.pace.Blocked(a.ID, b.Now()); !until.IsZero() {
			notes = append(notes, fmt.Sprintf("account %s (%s) waits until %s", a.ID, a.Username, until.Format(time.RFC3339)))
		}
	}
	return reasons, notes
}

// Stopped tells for each account whether Meta has it wait.
func (b *Bot) Stopped() map[string]bool {
	stopped := map[string]bool{}
	for _, a := range b.Accounts {
		stopped[a.ID] = !b.pace.Blocked(a.ID, b.Now()).IsZero()
	}
	return stopped
}
