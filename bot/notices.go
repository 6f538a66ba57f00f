package bot

import (
	"context"
	"maps"
	"runtime/debug"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

const (
	// mostNotices is how many notifications are being sent at once.
	mostNotices = 64
	// noticesEach is how many of them to one place: one that is slow must not stand in the way of the others.
	noticesEach = 4
)

// notices are the notifications that are being sent. They take no worker and no place of what speaks to Meta: people may
// be told by a server that answers in minutes.
type notices struct {
	send func(ledger.Delivery) // in a goroutine of its own

	mu     sync.Mutex
	inHand map[string]int // by place
	all    int
}

func (n *notices) add(place string, more int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all += more
	if n.inHand[place] += more; n.inHand[place] == 0 {
		delete(n.inHand, place)
	}
}

// room is what may be taken from the store. It is places that share it.
func (n *notices) room() share.Room {
	n.mu.Lock()
	defer n.mu.Unlock()
	return share.Room{Most: mostNotices - n.all, Each: noticesEach, InHand: maps.Clone(n.inHand)}
}

// fetchNotices takes notifications that are due and has them sent. It says when to look again; zero if only the end of
// one that is being sent, or a new one, changes anything. It is the dispatcher's.
func (b *Bot) fetchNotices(ctx context.Context) (next time.Time, err error) {
	if b.Mode == rules.Shadow {
		return time.Time{}, nil
	}
	now := b.Now()
	if next, err = b.noticed.next(ctx, b.Store.NextNotice, b.calm.written, now); err != nil || next.IsZero() || next.After(now) {
		return next, err
	}
	taken, err := b.Store.TakeNotices(ctx, b.notices.room(), now)
	if err != nil {
		b.noticed.changed()
		return next, err
	}
	if len(taken) == 0 {
		b.noticed.due = time.Time{} // those that are due wait for a place that has enough in hand
		return b.noticed.due, nil
	}
	b.noticed.changed()
	for _, d := range taken {
		b.notices.add(d.To, 1)
		b.notices.send(d)
	}
	return now, nil
}

// notify sends a notification, unless its rule wouldn't any more. A panic is that delivery's.
func (b *Bot) notify(ctx context.Context, d ledger.Delivery) {
	defer b.noticedLater()
	defer b.notices.add(d.To, -1)
	defer func() {
		if p := recover(); p != nil {
			b.Log.WithField("delivery", d.ID).Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if why := b.standing.objection(b.Rules(), &d); why != "" {
		b.notifier.Cancel(ctx, d, rules.BecauseDisabled, why)
		return
	}
	b.notifier.Send(ctx, d)
}

// noticedLater notes that a notification waits of which the dispatcher doesn't know, or that a place has room again.
func (b *Bot) noticedLater() {
	b.noticed.changed()
	b.nudge()
}
