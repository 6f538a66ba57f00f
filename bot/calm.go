package bot

import (
	"context"
	"time"

	"github.com/answerback/answerback/rules"
)

// calm is what the dispatcher knows after a look that found nothing to do: there is nothing until a given time, as long
// as nobody writes to the store. A bot has nothing to do most of the time, and to ask whether somebody wrote is much
// cheaper than another look.
type calm struct {
	lasts bool
	until time.Time // zero: for ever
	// written tells what was written last when the look under way began; unknown if nobody asked.
	written written
	// undisturbed is whether the wait before the look ended by itself. If not there is much to do, and no calm near.
	undisturbed bool
}

// written is a version of the store.
type written struct {
	version int64
	known   bool
}

// since reports whether anything may have been written since it was asked before.
func (w written) since(asked written) bool { return !w.known || w != asked }

// beginLook ends the calm.
func (b *Bot) beginLook(ctx context.Context) {
	b.calm.lasts, b.calm.written = false, written{}
	if b.calm.undisturbed {
		b.calm.written = b.written(ctx)
	}
}

func (b *Bot) written(ctx context.Context) written {
	version, err := b.Store.Version(ctx)
	return written{version, err == nil}
}

// rest waits until there may be something to do. While it is calm, no more is looked at than whether anybody wrote.
func (b *Bot) rest(ctx context.Context, pause time.Duration) {
	for {
		b.calm.undisturbed = b.await(ctx, pause)
		if !b.calm.undisturbed || !b.stillCalm(ctx) {
			return
		}
		pause = idle
		if !b.calm.until.IsZero() {
			pause = min(pause, b.calm.until.Sub(b.Now()))
		}
	}
}

func (b *Bot) stillCalm(ctx context.Context) bool {
	if b.clock.stepped(b.Now()) || b.health.refused.Load() != nil || !b.calm.lasts || !b.calm.until.IsZero() && !b.calm.until.After(b.Now()) {
		return false
	}
	b.expireInTime(ctx)
	if !b.written(ctx).since(b.calm.written) {
		return true
	}
	// Whoever wrote may have planned something, or want something heeded.
	b.planned.changed()
	b.doubted.changed()
	b.noticed.changed()
	b.heeded.at = time.Time{}
	return false
}

// calmDown notes that nothing is to be done before the given time, zero for never, if all that was looked at is known as
// it was when the look began.
func (b *Bot) calmDown(due time.Time) {
	now := b.calm.written
	if now.since(b.heeded.written) || now.since(b.doubted.written) || b.Mode != rules.Shadow && (now.since(b.planned.written) || now.since(b.noticed.written)) {
		return
	}
	for _, pause := range b.heeded.pauses {
		due = earlier(due, pause.Until)
	}
	b.calm.lasts, b.calm.until = true, due
}
