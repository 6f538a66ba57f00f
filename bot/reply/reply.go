// Package reply says it, at most once. It takes deliveries that the ledger has as sending, posts each one time, and
// enters its fate: posted with Meta's id, refused, unknown where it can't be told whether it was said, or planned
// again where it surely wasn't. What is unknown it looks for, by reading the thread back. It paces each account by itself.
package reply

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// Ledger is where fates are entered.
type Ledger interface {
	Finish(ctx context.Context, id int64, fate ledger.Fate) error
}

// Options are what a sender needs.
type Options struct {
	Graph  instagram.Writer
	Ledger Ledger
	Pace   *Pace
	// Backoff spaces the attempts of a reply that surely wasn't sent.
	Backoff inbox.Backoff
	// SettleAfter is how long after a POST of unknown fate the reply is looked for.
	SettleAfter time.Duration
	// Recheck is asked before a delivery is posted whose turn has come; may be nil. See [Objection].
	Recheck func(ctx context.Context, account instagram.Account, d ledger.Delivery) (Objection, error)
	Log     logrus.FieldLogger
	Now     func() time.Time
	// Observe is told each fate; may be nil.
	Observe func(ledger.Delivery, ledger.State)
}

// Sender sends deliveries.
type Sender struct{ Options }

// NewSender makes a sender.
func NewSender(o Options) *Sender { return &Sender{o} }

// humanPause is how long a reply waits after an error that a person has to mend, before it is tried again.
const humanPause = 10 * time.Minute

// maxAttempts ends a delivery without an end of its own.
const maxAttempts = 500

// Send sends a delivery that stands in sending, once, and enters its fate. Without an account, because that was taken
// out of the configuration, the delivery is cancelled. The one error is [Unentered]: what was done is done, and only its
// fate is to be entered again.
func (s *Sender) Send(ctx context.Context, account instagram.Account, d ledger.Delivery) error {
	began := s.Now()
	fate, sent := s.hold(account, d, began), false
	if fate.State == "" {
		fate = s.recheck(ctx, account, d, began)
	}
	if fate.State == "" {
		sent, began = true, s.Now()
		id, err := s.write(ctx, account, d)
		s.Pace.Answered(d.Account, CallOf(d.Action, d.Live), err, began, s.Now())
		fate = s.fate(d, id, err)
		if fate.State == ledger.Unknown && d.Action == rules.ActionReply {
			s.doubt(&fate, err, began)
		}
	}
	return s.settle(ctx, d, fate, sent)
}

// Cancel ends a delivery that stands in sending without sending it; the reason is for people. The error is as Send's.
func (s *Sender) Cancel(ctx context.Context, d ledger.Delivery, because rules.Because, reason string) error {
	s.Pace.Forget(d.Account, d.ID)
	return s.settle(ctx, d, ledger.Fate{State: ledger.Cancelled, Because: because, Reason: reason, At: s.Now()}, false)
}

func (s *Sender) about(d ledger.Delivery) logrus.FieldLogger {
	return s.Log.WithFields(logrus.Fields{"delivery": d.ID, "event": d.Seq, "account": d.Account, "rule": d.Rule, "action": d.Action})
}

// write posts. A panic on the way leaves the fate unknown, as an error does that nobody has described.
func (s *Sender) write(ctx context.Context, account instagram.Account, d ledger.Delivery) (id string, err error) {
	err = guarded(func() (err error) {
		id, err = s.Graph.Write(ctx, account, d.Request)
		return err
	})
	return id, err
}

// hold says why a delivery isn't to be sent now; a fate without a state if it is.
func (s *Sender) hold(account instagram.Account, d ledger.Delivery, now time.Time) ledger.Fate {
	if account.ID == "" {
		return ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseAccount, Reason: "the account is not configured any more", At: now}
	}
	if !d.Expires.IsZero() && now.After(d.Expires) {
		s.Pace.Forget(d.Account, d.ID)
		fate := ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseMaxAge, Reason: "grew too old while it waited", At: now}
		if d.Action == rules.ActionPrivateReply { // Meta's own term may have ended it
			fate.Because = rules.BecauseExpired
		}
		return fate
	}
	if fate := unsayable(d); fate.State != "" {
		s.Pace.Forget(d.Account, d.ID)
		fate.At = now
		return fate
	}
	if due := s.Pace.Reserve(d.Account, CallOf(d.Action, d.Live), d.ID, now); due.After(now) {
		if !d.Expires.IsZero() && due.After(d.Expires) {
			s.Pace.Forget(d.Account, d.ID) // those behind it may still be in time
		}
		return ledger.Fate{State: ledger.Planned, Reason: PutOff, At: now, Due: inTime(due, d), Uncounted: true}
	}
	return ledger.Fate{}
}

// PutOff is why a reply waits whose account may not speak yet, for people.
const PutOff = "the account's pace"

// inTime is when a delivery that waits until due comes back. The ledger keeps times to the millisecond: cut down to
// that, it would come back before its time, over and over. It comes back no later than it grows too old, to be told so.
func inTime(due time.Time, d ledger.Delivery) time.Time {
	if !d.Expires.IsZero() && due.After(d.Expires) {
		due = d.Expires
	}
	return due.Add(time.Millisecond)
}

// fate is what an answer means for the delivery.
func (s *Sender) fate(d ledger.Delivery, id string, err error) ledger.Fate {
	now := s.Now()
	if err == nil {
		return ledger.Fate{State: ledger.Posted, PostedID: id, At: now}
	}
	fate := ledger.Fate{State: ledger.Unknown, Because: rules.BecauseFailed, Reason: err.Error(), At: now}
	var e *instagram.Error
	if !errors.As(err, &e) {
		return fate
	}
	switch e.Class {
	case instagram.ClassDone:
		fate.State, fate.Because = ledger.Posted, ""
	case instagram.ClassGone:
		fate.State, fate.Because = ledger.Refused, rules.BecauseGone
	case instagram.ClassPermanent:
		fate.State = ledger.Refused
	case instagram.ClassRetry, instagram.ClassWait, instagram.ClassHuman:
		s.again(&fate, d, e)
	case instagram.ClassUnknown:
		if d.Action == rules.ActionHide && d.Attempts < mostHides {
			s.again(&fate, d, e)
		}
	}
	return fate
}

// mostHides is how often a comment is hidden whose hiding has an unknown fate: to hide it twice is as good as once.
const mostHides = 5

// doubt has a reply looked for where that can tell what became of it.
func (s *Sender) doubt(fate *ledger.Fate, err error, began time.Time) {
	var e *instagram.Error
	if errors.As(err, &e) && (e.InDoubt() || e.Unnamed()) {
		fate.Due, fate.Accepted = began.Add(s.SettleAfter), e.Unnamed()
	}
}

// again plans one more attempt of what was surely not said, as long as the delivery isn't too old for it.
func (s *Sender) again(fate *ledger.Fate, d ledger.Delivery, e *instagram.Error) {
	pause := s.Backoff.Next(d.Attempts, uint64(d.ID))
	if e.Class == instagram.ClassHuman {
		pause = max(pause, humanPause, e.RetryAfter)
	}
	due := fate.At.Add(pause)
	next := s.Pace.Next(d.Account, CallOf(d.Action, d.Live), fate.At)
	switch {
	case next.After(fate.At) && e.Trouble() != "":
		// The account stands still. It may go again before its time, so nothing ends for that.
		fate.State, fate.Because, fate.Due, fate.Uncounted = ledger.Planned, "", inTime(next, d), true
		return
	case d.Attempts >= maxAttempts || !d.Expires.IsZero() && due.After(d.Expires):
		fate.State = ledger.Refused
		return
	}
	fate.State, fate.Because, fate.Due = ledger.Planned, "", due
}

// words are what an action is called in the log, and what it is called when it was done.
func words(action string) (noun, done string) {
	switch action {
	case rules.ActionPrivateReply:
		return "private reply", "replied privately"
	case rules.ActionHide:
		return "hiding of the comment", "hid the comment"
	default:
		return "reply", "replied"
	}
}

func (s *Sender) tell(log logrus.FieldLogger, d ledger.Delivery, fate ledger.Fate, sent bool) {
	noun, done := words(d.Action)
	log = log.WithField("fate", string(fate.State))
	if fate.Reason != "" {
		log = log.WithField("reason", fate.Reason)
	}
	switch fate.State {
	case ledger.Posted:
		log.WithField("id", fate.PostedID).Info(done)
	case ledger.Planned:
		if sent {
			log.WithField("due", fate.Due.Format(time.RFC3339)).Warn(noun + " not sent, it will be tried again")
		} else {
			log.WithField("due", fate.Due.Format(time.RFC3339)).Debug(noun + " waits")
		}
	case ledger.Unknown:
		if fate.Due.IsZero() {
			log.Error("it can't be told whether the " + noun + " was posted; it will not be sent again")
		} else {
			log.WithField("due", fate.Due.Format(time.RFC3339)).Warn("it can't be told yet whether the " + noun + " was posted; it is looked for")
		}
	default:
		log.Warn(noun + " not sent")
	}
}
