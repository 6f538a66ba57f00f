package notify

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// Poster posts notes, as [Client] does.
type Poster interface {
	Post(ctx context.Context, place string, note Note) error
}

// Ledger is where fates are entered.
type Ledger interface {
	Finish(ctx context.Context, id int64, fate ledger.Fate) error
}

// SenderOptions are what a sender needs.
type SenderOptions struct {
	Poster  Poster
	Ledger  Ledger
	Backoff inbox.Backoff // spaces the attempts, of posting and of entering what came of it
	Log     logrus.FieldLogger
	Now     func() time.Time
	// Observe is told each fate when it is entered; may be nil.
	Observe func(ledger.Delivery, ledger.State)
}

// Sender sends deliveries that notify people.
type Sender struct{ SenderOptions }

// NewSender makes a sender.
func NewSender(o SenderOptions) *Sender { return &Sender{o} }

// tryFor is for how long a place may not take a note before that is given up: the waits between the attempts come to
// that much.
const tryFor = 24 * time.Hour

// Send posts a delivery that stands in sending, once, and enters its fate. It returns when that is entered or ctx has
// ended; a fate that isn't entered leaves the delivery in sending, and the next start sends it again.
func (s *Sender) Send(ctx context.Context, d ledger.Delivery) {
	err := s.Poster.Post(ctx, d.To, Note{Text: d.Text, Rule: d.Rule, Event: strconv.FormatInt(d.Seq, 10), ID: strconv.FormatInt(d.ID, 10)})
	s.enter(ctx, d, s.fate(d, err))
}

// Cancel ends a delivery that stands in sending without sending it; the reason is for people. It returns as Send does.
func (s *Sender) Cancel(ctx context.Context, d ledger.Delivery, because rules.Because, reason string) {
	s.enter(ctx, d, ledger.Fate{State: ledger.Cancelled, Because: because, Reason: reason, At: s.Now()})
}

// fate is what an answer means for the delivery. That one may have been taken whose answer was lost is no matter: it is
// told again under the same id.
func (s *Sender) fate(d ledger.Delivery, err error) ledger.Fate {
	now := s.Now()
	if err == nil {
		return ledger.Fate{State: ledger.Posted, At: now}
	}
	fate := ledger.Fate{State: ledger.Planned, Reason: err.Error(), At: now}
	var e *Error
	switch {
	case errors.Is(err, ErrNoPlace):
		fate.State, fate.Because = ledger.Cancelled, rules.BecauseFailed
	case errors.As(err, &e) && e.Refused:
		fate.State, fate.Because = ledger.Refused, rules.BecauseFailed
	case s.waited(d) >= tryFor:
		fate.State, fate.Because, fate.Reason = ledger.Refused, rules.BecauseFailed, "given up after a day: "+fate.Reason
	default:
		pause := s.Backoff.Next(d.Attempts, uint64(d.ID))
		if e != nil {
			pause = max(pause, e.RetryAfter)
		}
		fate.Due = now.Add(pause)
	}
	return fate
}

// waited is what the waits before this attempt came to. A time would tell less: a pause, or a machine that slept, is no
// attempt.
func (s *Sender) waited(d ledger.Delivery) (sum time.Duration) {
	for attempt := 1; attempt < d.Attempts && sum < tryFor; attempt++ {
		sum += s.Backoff.Next(attempt, uint64(d.ID))
	}
	return sum
}

// enter enters a fate, again and again until the ledger takes it, and tells of it.
func (s *Sender) enter(ctx context.Context, d ledger.Delivery, fate ledger.Fate) {
	log := s.Log.WithFields(logrus.Fields{
		"delivery": d.ID, "event": d.Seq, "account": d.Account, "rule": d.Rule, "action": d.Action, "place": d.To, "fate": string(fate.State),
	})
	for attempt := 1; ; attempt++ {
		err := s.Ledger.Finish(context.WithoutCancel(ctx), d.ID, fate)
		if err == nil {
			break
		}
		if errors.Is(err, ledger.ErrNotSending) {
			log.WithError(err).Warn("the notification's fate stands already")
			break
		}
		log.WithError(err).Error("a notification's fate can't be entered; it is tried again until it is")
		if !wait(ctx, s.Backoff.Next(attempt, uint64(d.ID))) {
			return
		}
	}
	if s.Observe != nil {
		s.Observe(d, fate.State)
	}
	tell(log, fate)
}

// wait reports whether ctx has left so much time.
func wait(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func tell(log logrus.FieldLogger, fate ledger.Fate) {
	switch fate.State {
	case ledger.Posted:
		log.Info("notified")
	case ledger.Planned:
		log.WithFields(logrus.Fields{"reason": fate.Reason, "due": fate.Due.Format(time.RFC3339)}).Warn("notification not sent, it will be tried again")
	default:
		log.WithField("reason", fate.Reason).Error("notification not sent")
	}
}
