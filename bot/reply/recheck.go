package reply

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// Objection is why a delivery isn't to be sent any more, by its short name and for people. The zero Objection is none.
type Objection struct {
	Because rules.Because
	Reason  string
}

// recheck asks whether there is an objection to what has its turn at that time: a fate with a state if it isn't sent.
// That it can't be told yet has it tried again, that it can't be told for good ends it: in doubt nothing is said.
func (s *Sender) recheck(ctx context.Context, account instagram.Account, d ledger.Delivery, turn time.Time) ledger.Fate {
	if s.Recheck == nil {
		return ledger.Fate{}
	}
	var found Objection
	known := false
	err := guarded(func() (err error) {
		found, err = s.Recheck(ctx, account, d)
		known = true
		return err
	})
	if err == nil && found.Because == "" {
		return ledger.Fate{}
	}
	s.Pace.Return(d.Account, CallOf(d.Action, d.Live), turn)
	fate := ledger.Fate{State: ledger.Cancelled, Because: found.Because, Reason: found.Reason, At: s.Now()}
	if err == nil {
		return fate
	}
	fate.State, fate.Because, fate.Reason = ledger.Refused, rules.BecauseFailed, err.Error()
	var e *instagram.Error
	switch {
	case !known: // a panic
	case !errors.As(err, &e):
		s.again(&fate, d, &instagram.Error{Class: instagram.ClassRetry})
	case e.Class == instagram.ClassRetry, e.Class == instagram.ClassWait, e.Class == instagram.ClassHuman:
		s.again(&fate, d, e)
	}
	return fate
}
