package bot

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/reply"
)

// seat is a place to send that several hold: it is free when each of them has left.
type seat struct {
	holders atomic.Int32
	free    func()
}

// take gives a seat with one holder. free is called once, by the last who leaves.
func take(free func()) *seat {
	s := &seat{free: free}
	s.join()
	return s
}

func (s *seat) join() { s.holders.Add(1) }

func (s *seat) leave() {
	if s.holders.Add(-1) == 0 {
		s.free()
	}
}

// owedRetries is the schedule by which a fate that the ledger didn't take is entered again.
func owedRetries() inbox.Backoff {
	return inbox.Backoff{First: time.Second, Factor: 2, Cap: 10 * time.Second, Jitter: 0.2}
}

// owe sees to it that a fate which the ledger didn't take is entered as soon as it takes writes again. Lost, it makes a
// reply that was posted unknown. The worker goes on meanwhile; the seat stays taken, so that no more fates are owed than
// there are places to send.
func (b *Bot) owe(ctx context.Context, err error, s *seat) {
	var unentered *reply.Unentered
	if !errors.As(err, &unentered) {
		return
	}
	b.health.refuse(err, b.Now())
	b.health.owed.Add(1)
	b.Log.WithError(err).Error("a reply's fate can't be entered; it is tried again until it is")
	s.join()
	b.done.Go(func() {
		defer s.leave()
		defer b.health.owed.Add(-1)
		b.payOff(ctx, unentered)
		b.nudge() // somebody may wait for the place
	})
}

// payOff tries to enter a fate until it is, or ctx ends.
func (b *Bot) payOff(ctx context.Context, u *reply.Unentered) {
	for attempt, retries := 1, owedRetries(); ; attempt++ {
		if pause(ctx, retries.Next(attempt, uint64(u.Delivery()))) != nil {
			b.Log.WithError(u).Error("a reply's fate could not be entered; it stays in sending and is looked for after the next start")
			return
		}
		if err := b.sender.Enter(ctx, u); err == nil {
			return
		}
	}
}
