package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/answerback/answerback/bot/enrich"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
)

const (
	// staleAfter is the age at which a notification is a replay: Meta gives up after 36 hours.
	staleAfter = 48 * time.Hour
	// giveUpAfter ends an event that could not be judged for so long, unless that is the account's trouble: its queue is
	// kept until it goes on, and what has grown too old is for the rules to say.
	giveUpAfter = 48 * time.Hour
	// leastTries is how often it must have been tried until then: a machine that slept has tried little.
	leastTries = 12
	// maxFaults ends an event that makes the bot itself fail so often in one run. That Meta had it wait doesn't count.
	maxFaults = 5
)

// handle is an event's way from the inbox to the reply.
func (b *Bot) handle(ctx context.Context, item *inbox.Item) error {
	account, known := b.account(item.Account)
	event, err := b.event(item, account)
	if err != nil {
		return err
	}
	set := b.Rules()
	if because := b.ended(item, known); because != "" {
		return b.enterEnd(ctx, item, &event, ledger.VerdictSkipped, because)
	}
	if item.Facts == nil {
		if err := b.complete(ctx, item, account, set, &event); err != nil {
			return b.unenriched(ctx, item, &event, err)
		}
		if item.Facts, err = json.Marshal(event); err != nil {
			return fmt.Errorf("facts: %w", err)
		}
	}
	facts, err := b.remember(ctx, item, &event, set.Reads(event.Kind))
	if err != nil {
		return err
	}
	decision := set.Decide(&event, b.Now())
	return b.enter(ctx, item, facts, account, &event, decision)
}

// event is the item's event: as its change alone tells it, or as an earlier attempt completed it. Facts that belong to a
// change which a better one has replaced since are dropped, and those that may have changed since.
func (b *Bot) event(item *inbox.Item, account Account) (rules.Event, error) {
	change, err := instagram.ParseChange(item.Change)
	if err != nil {
		return rules.Event{}, fmt.Errorf("kept change: %w", err)
	}
	change.Time = item.Notified
	event := enrich.Event(change, rules.Account{ID: item.Account, Username: account.Username}, b.received(item))
	if item.Facts == nil {
		return event, nil
	}
	var kept rules.Event
	if err := json.Unmarshal(item.Facts, &kept); err != nil {
		return event, fmt.Errorf("kept facts: %w", err)
	}
	if kept.Kind != event.Kind && !ownMention(&event, &kept) || staleFacts(&kept, b.received(item), b.Now()) {
		item.Facts = nil
		return event, nil
	}
	return kept, nil
}

// received is when the item came in. Of one that came in before the clock was set, the notification tells.
func (b *Bot) received(item *inbox.Item) time.Time {
	switch {
	case !item.Received.Before(b.NotBefore):
		return item.Received
	case item.Notified.Before(b.NotBefore):
		return b.Now()
	default:
		return item.Notified
	}
}

// ended says why an event is over before it is judged; "" if it isn't.
func (b *Bot) ended(item *inbox.Item, known bool) rules.Because {
	switch {
	case !known:
		return rules.BecauseAccount
	case b.stale(item):
		return rules.BecauseStale
	default:
		return ""
	}
}

// unenriched settles what an event becomes whose facts could not be fetched: over, or tried again later.
func (b *Bot) unenriched(ctx context.Context, item *inbox.Item, event *rules.Event, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if errors.Is(err, enrich.ErrHidden) {
		return b.enterEnd(ctx, item, event, ledger.VerdictSkipped, rules.BecauseGone)
	}
	var e *instagram.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Class {
	case instagram.ClassGone:
		return b.enterEnd(ctx, item, event, ledger.VerdictSkipped, rules.BecauseGone)
	case instagram.ClassPermanent:
		if wait := item.Received.Add(commentsPatience).Sub(b.Now()); e.Unsupported() && event.Kind == platform.CommentMention && wait > 0 {
			return later{pause: min(wait, commentsPatience), err: err}
		}
		if e.Unsupported() {
			b.log(item).WithError(err).WithField("kind", event.Kind).Warn(unreadable)
			return b.enterEnd(ctx, item, event, ledger.VerdictError, rules.BecauseUndecidable)
		}
		b.log(item).WithError(err).Error("Meta refuses to show what the event is about")
		return b.enterEnd(ctx, item, event, ledger.VerdictError, rules.BecauseFailed)
	}
	pause := max(b.retries.Next(item.Attempts, uint64(item.Seq)), e.RetryAfter)
	return later{pause: pause, err: err}
}

// commentsPatience is how long a mention that can't be read waits for a notification of the same comment that carries its
// words: with Instagram Login Meta may send that instead, or too.
const commentsPatience = 2 * time.Minute

// unreadable says what becomes of a mention that Meta doesn't show to the account's login.
const unreadable = "the event can't be judged: Meta doesn't tell an account with this login what a mention says; connect the account with Facebook Login to have its mentions answered"

// enter concludes the decision in the ledger's transaction, and sends what is to be sent now. facts are the event as it
// was judged.
func (b *Bot) enter(ctx context.Context, item *inbox.Item, facts []byte, account Account, event *rules.Event, decision rules.Decision) error {
	place := b.mayAct(event, decision.Candidates)
	leave := func() {}
	if place {
		var err error
		if leave, err = b.places.take(ctx, account.ID); err != nil {
			return err
		}
	}
	seat := take(leave)
	defer seat.leave()
	thread := item.Account + " " + item.Thread
	me := b.talks.join(thread)
	defer b.talks.leave(thread, me)
	terms := ledger.Terms{
		Mode: b.Mode, PerThread: account.PerThread, Aliases: account.Aliases,
		MessageNode: account.Login.MessageNode(account.ID, account.PageID),
	}
	var record ledger.Record
	deliveries, err := b.Store.Enter(ctx, item.Seq, func(book ledger.Book) (ledger.Entry, error) {
		now := b.Now()
		err := upToDate(item, book)
		if err != nil {
			return ledger.Entry{}, err
		}
		if record, err = ledger.Conclude(event, decision, now, terms, book); err != nil {
			return ledger.Entry{}, err
		}
		plans, err := ledger.Plans(&record, decision, item.Received, now)
		b.schedule(plans, place && !late(event, now, now), now)
		return ledger.Entry{Record: record, Facts: facts, Now: now, Plans: plans}, err
	})
	if err != nil {
		return err
	}
	b.tell(item, &record)
	b.tellStory(item, &record)
	for _, d := range deliveries {
		switch d.State {
		case ledger.Sending:
			me.await(ctx)
			b.send(ctx, d, seat)
		case ledger.Waiting:
			b.log(item).WithFields(logrus.Fields{"delivery": d.ID, "action": d.Action, "rule": d.Rule}).Info("an action waits for a person's approval")
		case ledger.Unknown:
			b.fate(d, d.State)
		default:
			b.entered(&d)
		}
	}
	return nil
}

// enterEnd ends an event that isn't judged.
func (b *Bot) enterEnd(ctx context.Context, item *inbox.Item, event *rules.Event, verdict ledger.Verdict, because rules.Because) error {
	record := ledger.Unjudged(event, verdict, because)
	facts, err := json.Marshal(event)
	if err != nil {
		return fmt.Errorf("facts: %w", err)
	}
	_, err = b.Store.Enter(ctx, item.Seq, func(book ledger.Book) (ledger.Entry, error) {
		return ledger.Entry{Record: record, Facts: facts, Now: b.Now()}, upToDate(item, book)
	})
	if err == nil {
		b.tell(item, &record)
	}
	return err
}

// errReplaced says that a change which knows more has come in while the event was in work: it is judged anew by that.
var errReplaced = errors.New("a better change has come in")

// upToDate looks, within the transaction that would end the event, whether it was judged by the best that is known.
func upToDate(item *inbox.Item, book ledger.Book) error {
	rank, err := book.Rank()
	if err == nil && rank > item.Rank {
		err = errReplaced
	}
	return err
}

// later is an error that only means: not now.
type later struct {
	pause time.Duration
	err   error
}

func (l later) Error() string { return l.err.Error() }
func (l later) Unwrap() error { return l.err }

// attempt handles an item and settles how the attempt ended. A panic is that event's error.
func (b *Bot) attempt(ctx context.Context, item *inbox.Item) {
	err := b.guarded(ctx, item)
	var wait later
	switch {
	case err == nil || errors.Is(err, ledger.ErrDecided):
		b.faults.forget(item.Seq)
	case ctx.Err() != nil || errors.Is(err, errReplaced):
		b.settle(item, b.Store.Release(context.WithoutCancel(ctx), []int64{item.Seq}))
		b.nudge()
	case errors.Is(err, inbox.ErrUnavailable): // no fault of the event's, which may not be given up for it
		b.log(item).WithError(err).Warn("event not judged yet for want of the store, it is tried again")
		b.retry(ctx, item, owedRetries().Next(item.Attempts, uint64(item.Seq)), err)
	case errors.As(err, &wait) && (accountsTrouble(err) || item.Attempts < leastTries || b.Now().Sub(item.Received) < giveUpAfter):
		tell := b.log(item).WithError(err).WithField("again", wait.pause.String()).Warn
		if errors.Is(err, errAccountWaits) {
			tell = b.log(item).Debug // why it waits was said by the event that Meta refused, and many may wait
		}
		tell("event not judged yet, it is tried again")
		b.retry(ctx, item, wait.pause, err)
	case !errors.As(err, &wait) && b.faults.add(item.Seq) < maxFaults:
		b.log(item).WithError(err).Error("event not judged")
		b.retry(ctx, item, b.retries.Next(item.Attempts, uint64(item.Seq)), err)
	default:
		b.log(item).WithError(err).Error("event given up")
		b.faults.forget(item.Seq)
		account, _ := b.account(item.Account)
		event, err := b.event(item, account)
		if err != nil {
			event = rules.Event{ID: item.Key, Account: rules.Account{ID: item.Account}}
		}
		b.settle(item, b.enterEnd(ctx, item, &event, ledger.VerdictError, rules.BecauseFailed))
	}
}

// retry has the item come back after the pause.
func (b *Bot) retry(ctx context.Context, item *inbox.Item, pause time.Duration, err error) {
	b.settle(item, b.Store.Retry(ctx, item.Seq, b.Now().Add(pause), item.Facts, err.Error()))
	b.nudge()
}

func (b *Bot) guarded(ctx context.Context, item *inbox.Item) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return b.handle(ctx, item)
}

// settle notes that even the end of an attempt could not be stored: the lease brings the event back.
func (b *Bot) settle(item *inbox.Item, err error) {
	if err != nil && !errors.Is(err, ledger.ErrDecided) {
		b.log(item).WithError(err).Error("the attempt's end could not be stored; the event comes back when its lease ends")
	}
}

// tell logs what was decided. A reply says so itself when it is posted or waits for approval, and that no rule matched
// is nothing to read of each time.
func (b *Bot) tell(item *inbox.Item, record *ledger.Record) {
	b.Observe.Decided(string(record.Verdict), string(record.Because))
	log := b.log(item).WithFields(logrus.Fields{
		"kind": record.Event.Kind, "verdict": record.Verdict, "because": record.Because, "rule": record.Rule,
	})
	switch record.Verdict {
	case ledger.VerdictReply, ledger.VerdictApprove, ledger.VerdictNoMatch:
		log.Debug("decided")
	default:
		log.Info("decided")
	}
}

func (b *Bot) log(item *inbox.Item) logrus.FieldLogger {
	return b.Log.WithFields(logrus.Fields{"event": item.Seq, "account": item.Account})
}
