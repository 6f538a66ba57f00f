package bot

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
)

// settleAfter is how long after a POST of unknown fate it is looked for, where the options don't say.
const settleAfter = time.Minute

// lookLease is for how long a delivery is taken to be looked for: longer than all the calls of a look may take.
const lookLease = 5 * time.Minute

// looks is how many deliveries are being looked for. Workers have better to do first.
type looks struct {
	most   int32
	inHand atomic.Int32
}

// newLooks leaves most of the workers to what comes in.
func newLooks(workers int) looks { return looks{most: int32(max(1, workers/4))} }

func (l *looks) room() int { return int(l.most - l.inHand.Load()) }

// fetchDoubts takes deliveries of unknown fate that are to be looked for, and says when the next one is. It is the
// dispatcher's.
func (b *Bot) fetchDoubts(ctx context.Context, room int) (taken int, next time.Time, err error) {
	now := b.Now()
	if next, err = b.doubted.next(ctx, b.Store.NextDoubt, now); err != nil || next.IsZero() || next.After(now) {
		return 0, next, err
	}
	if now.Before(b.clock.lookFrom) {
		return 0, b.clock.lookFrom, nil
	}
	room = min(room, b.looks.room())
	if room <= 0 {
		return 0, next, nil
	}
	b.doubted.changed()
	doubts, err := b.Store.TakeDoubts(ctx, share.Of(room), now, now.Add(lookLease))
	b.looks.inHand.Add(int32(len(doubts)))
	for i := range doubts {
		b.queue <- job{doubt: &doubts[i]}
	}
	return len(doubts), next, err
}

// look finds out what became of a delivery.
func (b *Bot) look(ctx context.Context, d ledger.Doubt) {
	defer b.looks.inHand.Add(-1)
	if err := b.guardedLook(ctx, d); err != nil && ctx.Err() == nil {
		b.Log.WithError(err).WithField("delivery", d.ID).Error("a reply's unknown fate could not be settled; it is looked for again later")
	}
	b.doubted.changed()
	b.nudge()
}

// guardedLook has a panic be that look's error.
func (b *Bot) guardedLook(ctx context.Context, d ledger.Doubt) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	account, _ := b.account(d.Account)
	return b.looker.Look(ctx, account.Account, d)
}

// lookedFor tells what a delivery became whose fate was unknown.
func (b *Bot) lookedFor(state ledger.State) {
	b.Observe.Delivered(string(state))
	if state == ledger.Planned {
		b.plannedLater()
	}
}

// earlier is the earlier of two times of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
