// Package inbox is what has come in and is still owed work: nothing accepted is lost, nothing is tried for ever. The
// door puts events in, workers claim them under a lease, and what fails is tried again later or ended. How it is
// stored is the business of the packages that implement [Store].
package inbox

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/share"
)

// Arrival is one event as the door saw it, not yet stored.
type Arrival struct {
	// Key names the event for good: account, class (comment, caption, insights) and comment or media id. Two arrivals
	// with one key are the same event, however often and in whatever notification they come.
	Key string
	// Rank tells which of two arrivals with one key knows more: as long as the event is undecided, the higher one's
	// Change replaces the other's, and its facts are dropped. A `comments` value has text and author, a `mentions` value for the same comment not.
	Rank int
	// Account is the id of the configured account that the event came to.
	Account string
	// Thread names the conversation. Events of one thread are claimed in the order in which they came.
	Thread string
	// Media is the id of the media that it is about; empty if that isn't known. Where many events wait, an account's media
	// take turns.
	Media string
	// Change is Meta's JSON of the change ("field" and "value"), as it came. The worker parses it, so that a parsing
	// bug is mended by a new version and a retry.
	Change []byte
	// Notified is the notification's own time; zero if it had none. Received is when it came in.
	Notified, Received time.Time
}

// Accepted says what became of arrivals, in number.
type Accepted struct{ New, Duplicate int }

// Item is an event in work.
type Item struct {
	Arrival
	// Seq is the event's number in the order of arrival.
	Seq int64
	// Attempts counts the claims so far, this one included.
	Attempts int
	// Facts are what enrichment has fetched in an earlier attempt, as it gave them to Retry; nil at first.
	Facts []byte
}

// ErrUnavailable is in the errors of a store that takes nothing from anybody now, as when the disk is full or somebody
// else keeps it locked: it is no fault of what was to be stored, and goes when somebody mends it.
var ErrUnavailable = errors.New("the store is unavailable")

// Store keeps the inbox. Times are kept to the millisecond. All methods may be called concurrently.
type Store interface {
	// Accept stores arrivals and their keys in one transaction, together with those of concurrent calls; when it
	// returns without an error they are on disk. An arrival whose key is known, be it from the same call, is a
	// duplicate.
	Accept(ctx context.Context, arrivals []Arrival) (Accepted, error)
	// Claim leases due events, as many as there is room for, within a thread oldest first, and one of a thread at a
	// time. Until the lease ends nobody else gets them. Each claim counts as an attempt.
	//
	// Accounts share the room as [share.Room.Deal] says; of those that have equally much in hand, who gets what is too
	// little for all goes round. Within an account media go round: before an event that came in to a media of which
	// nothing else waits, at most two of each other media are claimed, however many wait. A media's events
	// are claimed in the order in which they came in; one that was put off joins behind those that wait when it is due
	// again. An account's events are returned in that order.
	Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]Item, error)
	// Renew extends the leases of events in work to until.
	Renew(ctx context.Context, seqs []int64, until time.Time) error
	// Retry ends a claim: the event is due again at the given time. Facts, if not nil, are kept for the next attempt;
	// reason is for people. It is an error if the event is not in work.
	Retry(ctx context.Context, seq int64, due time.Time, facts []byte, reason string) error
	// Release gives claimed events back untried: due at once, the attempt not counted. What is not in work stays as it
	// is, as it does with Renew.
	Release(ctx context.Context, seqs []int64) error
	// Probe finds out whether the store takes writes, by one that changes nothing and is on disk when it returns.
	Probe(ctx context.Context) error
	// NextDue is the earliest time at which an event may be claimed: when it is due, or, of one in work, when its
	// lease ends; zero if there is none. Where some may be claimed already it is any time that has passed.
	NextDue(ctx context.Context) (time.Time, error)
	// Arrived receives a value, never blocking the sender, after Accept has stored something new, and after the end of
	// an event let the next of its thread come up.
	Arrived() <-chan struct{}
	// Version is a number that is another one whenever anything in inbox or ledger was written since it was last asked
	// for, by whomever: a way to find out cheaply that nothing was. It says nothing else, and may change without that.
	Version(ctx context.Context) (int64, error)
}
