package reply

import (
	"context"
	"errors"
	"fmt"

	"github.com/answerback/answerback/bot/ledger"
)

// Unentered is the error of a fate that the ledger didn't take. The delivery stays in sending until [Sender.Enter] has
// entered it; where nobody does, the next start calls it unknown.
type Unentered struct {
	delivery ledger.Delivery
	fate     ledger.Fate
	sent     bool
	err      error
}

// Delivery is the number of the delivery.
func (u *Unentered) Delivery() int64 { return u.delivery.ID }

func (u *Unentered) Error() string {
	return fmt.Sprintf("enter the fate %s of delivery %d: %v", u.fate.State, u.delivery.ID, u.err)
}

func (u *Unentered) Unwrap() error { return u.err }

// Enter tries once more to enter a fate and tells of it. It sends nothing. The error is another Unentered.
func (s *Sender) Enter(ctx context.Context, u *Unentered) error {
	return s.settle(ctx, u.delivery, u.fate, u.sent)
}

func (s *Sender) observe(fate ledger.Fate, d ledger.Delivery) {
	if s.Observe != nil {
		s.Observe(d, fate.State)
	}
}

// settle enters a fate and tells of it. A panic of the ledger's is an error like any other.
func (s *Sender) settle(ctx context.Context, d ledger.Delivery, fate ledger.Fate, sent bool) error {
	log := s.about(d)
	err := guarded(func() error { return s.Ledger.Finish(context.WithoutCancel(ctx), d.ID, fate) })
	if errors.Is(err, ledger.ErrNotSending) {
		// A write that was answered with an error and happened all the same looks like this when it is repeated.
		log.WithError(err).Warn("the reply's fate stands already")
		err = nil
	}
	if err != nil {
		return &Unentered{delivery: d, fate: fate, sent: sent, err: err}
	}
	if err := guarded(func() error { s.observe(fate, d); return nil }); err != nil {
		log.WithError(err).Error("nobody could be told of the reply's fate")
	}
	s.tell(log, d, fate, sent)
	return nil
}
