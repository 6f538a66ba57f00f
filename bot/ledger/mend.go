package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/rules"
)

// Mender is where a person puts right what ended badly. It works beside a daemon that has the same ledger open, and
// without one.
type Mender interface {
	// JudgeAgain asks for an event that ended in the verdict error to be judged again, by the rules of then and with
	// facts fetched anew. Until that has begun it stays as it ended; asked again before, it begins once. ErrNotFailed if
	// it ended otherwise or not yet, or if nothing is left of it to judge since its author was forgotten.
	JudgeAgain(ctx context.Context, seq int64, now time.Time) error
	// SendAgain plans a delivery that ended refused, due now, for one more try; its rule then counts it again. One that
	// is unknown may have been said: that takes evenIfSaid, else it is ErrMaybeSaid. ErrNotSettled if it is in another
	// state, ErrForgotten if its text was removed with a person's data, ErrExpired if it is too old to be said, a *PausedError if it would be held back by a pause; nothing has
	// changed then.
	SendAgain(ctx context.Context, id int64, evenIfSaid bool, now time.Time) error
	// Resolve settles an unknown delivery as a person has found it: Posted, or Refused, which has its rule forget it.
	// The note goes into its reason; it may be empty. ErrNotUnknown if it is in another state.
	Resolve(ctx context.Context, id int64, state State, note string, now time.Time) error
}

// What can't be put right is told by these errors.
var (
	ErrNotFailed  = errors.New("it didn't end in an error")
	ErrNotSettled = errors.New("its reply is neither refused nor unknown")
	ErrNotUnknown = errors.New("its reply is not unknown")
	ErrForgotten  = errors.New("its text was removed with a person's data")
	ErrMaybeSaid  = errors.New("its reply may have been said")
)

// Event is one as a person sees it in a list: decided, or open still.
type Event struct {
	Seq      int64
	Key      string // as inbox.Arrival has it
	Account  string // its id
	Received time.Time
	// Attempts counts the claims.
	Attempts int

	// Decided is when it was; zero while it is open, and then the rest of its fields are empty too.
	Decided time.Time
	Verdict Verdict
	Because rules.Because
	Rule    string
	// Reopened is when a person asked for it to be judged again, as long as that hasn't begun.
	Reopened time.Time

	// Due and Reason are of an open one: when it is tried next (zero while it waits for another of its thread), and why
	// the last try came to nothing.
	Due    time.Time
	Reason string

	Deliveries []Settled
}

// Filter says which events to list. What is empty or zero filters nothing.
type Filter struct {
	// Open are those that are undecided, Verdict those that ended so, Delivery those that have a delivery in the state.
	Open     bool
	Verdict  Verdict
	Delivery State
	Account  string // id
	Rule     string // the one that decided
	// Since and Until bound when it was received: at the first or later, before the second.
	Since, Until time.Time
	// Before leaves out the event with that number and later ones: the number of the last one listed leads on.
	Before int64
	// Limit is the most that are listed; 0: all.
	Limit int
}

// Browser lists what the ledger knows of events. It may be slow.
type Browser interface {
	// Events are those that the filter lets through, the last received first.
	Events(ctx context.Context, filter Filter) ([]Event, error)
	// Event is the one with the number. ErrNoEvent if there is none.
	Event(ctx context.Context, seq int64) (Event, error)
}

// ErrNoEvent says that the store holds no event with a number.
var ErrNoEvent = errors.New("there is no such event")
