package bot

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// settleAfter is how long after a POST of unknown fate it is looked for, where the options don't say.
const settleAfter = time.Minute

// lookLease is for how long a delivery is taken to be looked for: longer than all the calls of a look may take.
const lookLease = 5 * time.Minute

// looks is how many deliveries of each account are being looked for. Workers have better to do first.
type looks struct {
	most   int // of an account
	mu     sync.Mutex
	inHand map[string]int
}

// newLooks leaves most of the workers to what comes in.
func newLooks(workers int) *looks { return &looks{most: max(1, workers/4), inHand: map[string]int{}} }

func (l *looks) add(account string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.inHand[account] += n; l.inHand[account] == 0 {
		delete(l.inHand, account)
	}
}

// room is what of some room is for looks.
func (l *looks) room(room share.Room) share.Room {
	if room.Most = half(room.Most, true); room.Each > 0 {
		return room
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	room.Each, room.InHand = l.most, maps.Clone(l.inHand)
	return room
}

// fetchDoubts takes deliveries of unknown fate that are to be looked for. It says what of the room is left, and when
// the next one is. It is the dispatcher's.
func (b *Bot) fetchDoubts(ctx context.Context, room share.Room) (left share.Room, next time.Time, err error) {
	now := b.Now()
	if next, err = b.doubted.next(ctx, b.Store.NextDoubt, b.calm.written, now); err != nil || next.IsZero() || next.After(now) {
		return room, next, err
	}
	if now.Before(b.clock.lookFrom) {
		return room, b.clock.lookFrom, nil
	}
	b.doubted.changed()
	doubts, err := b.Store.TakeDoubts(ctx, b.looks.room(room), now, now.Add(lookLease))
	for i := range doubts {
		b.looks.add(doubts[i].Account, 1)
		room = room.Less(doubts[i].Account, 1)
		b.lines.put(job{doubt: &doubts[i]})
	}
	return room, next, err
}

// look finds out what became of a delivery.
func (b *Bot) look(ctx context.Context, d ledger.Doubt) {
	defer b.looks.add(d.Account, -1)
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
	b.Observe.Delivered(rules.ActionReply, string(state))
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
