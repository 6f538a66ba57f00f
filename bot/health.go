package bot

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/reply"
)

// probeEvery is how often a store that has failed is tried unbidden: whoever goes by readiness sends nothing meanwhile
// that would show that it works again.
const probeEvery = 5 * time.Second

// health is what the bot remembers to tell how it is.
type health struct {
	state   atomic.Int32
	refused atomic.Pointer[refusal]
	owed    atomic.Int32 // fates that could not be entered yet
}

// The states of a bot.
const (
	starting = iota
	running
	draining
)

// refusal is what the store failed at, and hasn't made good since.
type refusal struct {
	at  time.Time
	err error
}

func (h *health) refuse(err error, now time.Time) { h.refused.Store(&refusal{at: now, err: err}) }

// probe tries whether a store that has failed takes writes again. It is the dispatcher's.
func (b *Bot) probe(ctx context.Context) {
	refused := b.health.refused.Load()
	if refused == nil || !elapsed(refused.at, b.Now(), probeEvery) {
		return
	}
	switch err := b.Store.Probe(ctx); {
	case err == nil:
		b.health.refused.CompareAndSwap(refused, nil)
	case ctx.Err() == nil:
		b.health.refused.CompareAndSwap(refused, &refusal{at: b.Now(), err: err})
	}
}

// Accept stores what came in at the door, and remembers whether that went well.
func (b *Bot) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	for i := range arrivals {
		b.clock.note(arrivals[i].Received)
	}
	accepted, err := b.Store.Accept(ctx, arrivals)
	switch {
	case err == nil:
		b.health.refused.Store(nil)
	case ctx.Err() == nil:
		b.health.refuse(err, b.Now())
	}
	return accepted, err
}

// Drain says that the daemon is about to stop: it is not ready any more, and goes on working until Stop.
func (b *Bot) Drain() { b.health.state.Store(draining) }

// Health gives the reasons why the bot can't take in events now, none if it can, and notes on what else an operator
// should know: pauses, and accounts that stand still.
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
	if r := b.health.refused.Load(); r != nil {
		reasons = append(reasons, fmt.Sprintf("the store fails: %v", r.err))
	}
	if n := b.health.owed.Load(); n > 0 {
		notes = append(notes, fmt.Sprintf("%d replies were sent and can't be recorded yet: after a restart now their fate would be unknown", n))
	}
	notes = append(notes, b.clockNotes()...)
	if pauses, err := b.Store.Pauses(ctx, b.Now()); err == nil {
		for _, pause := range pauses {
			notes = append(notes, pause.String())
		}
	}
	for _, a := range b.Accounts {
		for _, stop := range b.pace.Stops(a.ID, b.Now()) {
			notes = append(notes, note(a, stop, b.Now()))
		}
		if n, suspect := b.pace.Missing(a.ID); suspect != "" {
			notes = append(notes, fmt.Sprintf("account %s (%s): %s. %d times in a row, the last answer: %s", a.ID, a.Username, suspicion, n, suspect))
		}
	}
	return reasons, notes
}

// note says of an account that stands still why, since when, and what comes next.
func note(a Account, stop reply.Stop, now time.Time) string {
	next := "tries again with the next call"
	if stop.Until.After(now) {
		next = "tries again at " + stop.Until.UTC().Format(time.RFC3339)
	}
	trouble := string(stop.Trouble)
	if stop.Of == reply.Messages || stop.Of == reply.Hides {
		trouble += ", for calls of the sort " + string(stop.Of) + " alone"
	}
	return fmt.Sprintf("account %s (%s) is stopped since %s (%s): %s; %s. Last answer: %s",
		a.ID, a.Username, stop.Since.UTC().Format(time.RFC3339), trouble, remedy(stop), next, stop.Reason)
}

// Stopped tells for each account for what trouble it stands still, "" if it doesn't.
func (b *Bot) Stopped() map[string]string {
	stopped := map[string]string{}
	for _, a := range b.Accounts {
		stopped[a.ID] = ""
		if stops := b.pace.Stops(a.ID, b.Now()); len(stops) > 0 {
			stopped[a.ID] = string(stops[0].Trouble)
		}
	}
	return stopped
}

// Usage is how much of Meta's limits each account has used up, in percent, as its last answers told it.
func (b *Bot) Usage() map[string]float64 {
	usage := map[string]float64{}
	for _, a := range b.Accounts {
		usage[a.ID] = b.pace.Usage(a.ID)
	}
	return usage
}

// Missing is how many of each account's last answers in a row said that what was asked for doesn't exist or isn't for us.
func (b *Bot) Missing() map[string]int {
	missing := map[string]int{}
	for _, a := range b.Accounts {
		missing[a.ID], _ = b.pace.Missing(a.ID)
	}
	return missing
}
