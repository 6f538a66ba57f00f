// Package ledger is what was decided and said, and why. It concludes what the rules decided (what may really be said,
// given what was said before), in the same transaction in which verdict, planned deliveries and the inbox item's end
// are written, and it keeps the fate of every delivery. How it is stored is the business of the packages that
// implement [Store]; [Memory] tries rules out without one.
package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// Verdict is what became of an event.
type Verdict string

// The verdicts.
const (
	VerdictReply   Verdict = "reply"
	VerdictApprove Verdict = "approve"
	VerdictShadow  Verdict = "shadow"
	VerdictActed   Verdict = "acted" // something was done, but no public reply
	VerdictSkipped Verdict = "skipped"
	VerdictNoMatch Verdict = "no_match"
	VerdictError   Verdict = "error"
)

// Entry is what Enter writes.
type Entry struct {
	Record Record
	// Facts are the event as it was judged, for replay; JSON of rules.Event less what is derived.
	Facts []byte
	Now   time.Time
	Plans []Plan // in the order of [rules.Actions], at most one of each action but for [MaxNotices] notifications
}

// ErrDecided says that the event already has its entry: somebody else was faster, and there is nothing left to do.
var ErrDecided = errors.New("event is already decided")

// ErrNoEntry says that the ledger has no entry of the event: it is undecided, or there is no such event.
var ErrNoEntry = errors.New("event has no entry")

// ErrNotSending says that a fate can't be entered because the delivery isn't in sending: it has its fate, or there is
// no such delivery. Asking again changes nothing.
var ErrNotSending = errors.New("delivery is not being sent")

// Book is what a conclusion may look up, within the transaction that enters it.
type Book interface {
	// SentID reports whether a reply of ours on that account bears the id.
	SentID(account, id string) (bool, error)
	// SaidOn reports whether the account has a reply with this text on the media, posted, in sending or unknown, that
	// began to be sent since the given time. It may have been entered long before, and have waited.
	SaidOn(account, media, text string, since time.Time) (bool, error)
	// RepliesIn counts the account's replies in a conversation entered since the given time, less those refused,
	// cancelled or rejected.
	RepliesIn(account, conversation string, since time.Time) (int, error)
	// Marked is when the nth latest (from 1) of the events whose deliveries bear the mark was entered; zero if there are
	// fewer. Deliveries that ended refused, cancelled or rejected bear no marks any more.
	Marked(mark Mark, nth int) (time.Time, error)
	// LastVariant is the variant of the rule's last delivery on the account and media that has one, whatever became of
	// it; empty if there is none.
	LastVariant(account, media, rule string) (string, error)
	// Paused is the pause that holds back at the given time what the rule would say on the account, of several the one
	// that lasts longest; none if it may speak.
	Paused(account, rule string, now time.Time) (Pause, error)
	// Rank is that of the event's change as the inbox has it now, 0 if the event is decided. It is higher than that of
	// the claimed item if something that knows more has come in since.
	Rank() (int, error)
}

// Recovered says what a start found.
type Recovered struct {
	Leases  int // events taken back from a former run
	Unknown int // deliveries left in sending, now unknown
	Again   int // deliveries left in sending that may be repeated, planned again
}

// Store keeps the ledger. Times are kept to the millisecond. All methods may be called concurrently, and each is one
// transaction, on disk when it returns without an error.
type Store interface {
	Doubts
	Clocked
	// Enter concludes an event and writes the entry, the planned deliveries and the end of the inbox item. conclude
	// runs inside the transaction; its error aborts it and is returned as it is, a panic of it is an error. conclude
	// may be called more than once, also for an event that is decided, and must ask the book only, never the store.
	// ErrDecided if the event has its entry.
	Enter(ctx context.Context, seq int64, conclude func(Book) (Entry, error)) ([]Delivery, error)
	// TakeDeliveries moves planned deliveries that are due, and that no pause holds back, to sending, as many as there is
	// room for, and returns them; of all but notifications. Accounts share the room as with inbox.Store's Claim; of an account those longest due
	// come first.
	TakeDeliveries(ctx context.Context, room share.Room, now time.Time) ([]Delivery, error)
	// TakeNotices is TakeDeliveries of notifications. It is places, and not accounts, that share the room.
	TakeNotices(ctx context.Context, room share.Room, now time.Time) ([]Delivery, error)
	// Finish writes the fate of a delivery in sending. It is an error if the delivery is in another state.
	Finish(ctx context.Context, id int64, fate Fate) error
	// SentTimes are when the account's deliveries of an action that were sent or may have been (sending, posted, unknown)
	// began to be sent, since the given time, in order: those that answer live comments, or the others. Notifications are
	// no action of an account's.
	SentTimes(ctx context.Context, account, action string, live bool, since time.Time) ([]time.Time, error)
	// NextDelivery is the earliest time at which a planned delivery, other than a notification, is due and the pauses that
	// hold it back have ended; zero if there is none, or none whose pauses end by themselves.
	NextDelivery(ctx context.Context) (time.Time, error)
	// NextNotice is NextDelivery of notifications.
	NextNotice(ctx context.Context) (time.Time, error)
	// Hasten makes due at the given time what of an account was put off to a later one: undecided events, and planned
	// deliveries, other than notifications, that wait for another reason than their rule's delay. Deliveries of unknown
	// fate that nobody is looking for are looked for then too, but no sooner than settleAfter after they began to be sent,
	// and half of it after the last look or its refusal. It may be several transactions; after an error, asking again does
	// the rest.
	Hasten(ctx context.Context, account string, now time.Time, settleAfter time.Duration) error
	// History counts the account's public replies that were posted or are unknown and were entered since the given
	// time, as rules see them: to the event's author, on its media, in its conversation; less the event's own, which
	// has the number seq.
	History(ctx context.Context, event *rules.Event, seq int64, since time.Time) (rules.History, error)
	// Judged is the event as it was judged, less what [Desk.Forget] took, and when. ErrNoEntry if it has no entry.
	Judged(ctx context.Context, seq int64) (event rules.Event, at time.Time, err error)
	// Expire cancels, because expired, the deliveries that waited for a person, or for the end of a pause, beyond their
	// time, and returns how many. It also clears away pauses that have ended.
	Expire(ctx context.Context, now time.Time) (int, error)
	// Reopen takes the events that a person wants judged again, as [Mender] says, back into the inbox: without the entry,
	// without the facts, due now. It returns how many.
	Reopen(ctx context.Context, now time.Time) (int, error)
	// Pauses are those that last, as [Switch] has them.
	Pauses(ctx context.Context, now time.Time) ([]Holding, error)
	// Prune removes what has grown old, in transactions so small that nobody waits for one, and calls pause between them;
	// an error of pause ends it. What it can't date to the hour it keeps an hour longer, and what it saw first when it
	// was first called counts as having come in then. Gone are: entries with their deliveries, unless one of these is
	// planned, sending, waiting or unknown; marks past their until; keys of events that are gone; rule sets by which
	// nothing was decided that is kept, but for the last activated. Numbers of events are never given again. It returns
	// what it removed also with an error. History, RepliesIn, LastVariant and SentID know only what is kept.
	Prune(ctx context.Context, old Pruning, pause func(context.Context) error) (Pruned, error)
	// Recover takes over from a former run that is surely dead: its leases end. Of what it left in sending, a public reply
	// becomes unknown, to be looked for that long after it began to be sent; a private one too, for a person, since it can't
	// be looked for; what may be done twice, to hide a comment or to notify people, is planned again, due now.
	Recover(ctx context.Context, now time.Time, settleAfter time.Duration) (Recovered, error)
	// Activate keeps a rule set's source under its revision and marks it as the last active one.
	Activate(ctx context.Context, revision string, source []byte, now time.Time) error
	// LastSet is the source of the last activated set; empty revision if there never was one.
	LastSet(ctx context.Context) (revision string, source []byte, err error)
}

// Desk is where a person decides on what waits. It works beside a daemon that has the same ledger open, and without
// one.
type Desk interface {
	// Pending are the deliveries that wait for a person, oldest first, less those that have expired by now.
	Pending(ctx context.Context, now time.Time) ([]Delivery, error)
	// Approve plans a waiting delivery, due now, with another text if text isn't empty (its request then bears that).
	// ErrNotWaiting if it isn't waiting, ErrExpired (and it ends so) if its time is over, a *PausedError if it would be
	// held back by a pause.
	Approve(ctx context.Context, id int64, text string, now time.Time) error
	// Reject ends a waiting delivery. ErrNotWaiting if it isn't waiting.
	Reject(ctx context.Context, id int64, now time.Time) error
	// Forget removes what is known of a person, by id or username (with or without @, in any case), in small
	// transactions: texts, names, ids, and the texts of replies to them or naming them. What counts stays: that an event
	// came, by the hash of its key, was decided, and was answered under an id of ours; marks, which are hashes. An open
	// event of theirs ends, a reply to them that waits is cancelled and keeps its marks. With try nothing is changed and
	// the counts are what would be. ErrLogged if it is done, but for the log.
	Forget(ctx context.Context, user string, now time.Time, try bool) (Forgotten, error)
}

// ErrNotWaiting says that a delivery doesn't wait for a person: it was decided before, or there is no such delivery.
var ErrNotWaiting = errors.New("it doesn't wait for approval")

// ErrExpired says that a delivery waited for a person until it was too old to be said.
var ErrExpired = errors.New("it has waited too long and expired")

// Reader reads the ledger back, for people and for tests. It may be slow; nothing in an event's way waits for it.
type Reader interface {
	// Record is the entry of an event, as [Record.Kept], its event as the facts have it. ErrNoEntry if it has none.
	Record(ctx context.Context, seq int64) (Record, error)
	// Deliveries are the event's, each with the fate of its last attempt, in the order of its plans.
	Deliveries(ctx context.Context, seq int64) ([]Settled, error)
	// Backlog is how many events have no entry yet. It costs little, however much the store holds.
	Backlog(ctx context.Context) (int, error)
	// Counts are the sums over all that the store holds. It reads all of it.
	Counts(ctx context.Context) (Counts, error)
}

// Settled is a delivery with the fate of the last attempt that ended; that of one never finished has no state. The due
// time of one planned again is the delivery's.
type Settled struct {
	Delivery
	Fate Fate
}

// Counts are sums over all that a store holds. Every accepted event is either open or has one verdict.
type Counts struct {
	Open       int // events that have no entry yet
	Verdicts   map[Verdict]int
	Deliveries map[State]int
}
