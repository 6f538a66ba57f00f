// Package bot is the order of things. A notification is verified and its events put in the inbox (webhook, inbox); a
// worker enriches an event with what the active rules ask for (enrich); the rules decide (rules); the decision is
// entered in the ledger (ledger); what is to be said or hidden goes to Meta (reply), what people are to know to them
// (notify), and its fate is entered too. handle.go is that sentence as code; the rest of this package keeps workers
// busy, starts and stops them.
//
// Two of the arrows are transactions: door to inbox, and decision to ledger. Whatever lies between may crash and be
// done again; what is said after is never said twice.
package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/notify"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// Store is inbox and ledger in one, so that a decision and the end of its event can be one transaction.
type Store interface {
	inbox.Store
	ledger.Store
}

// Graph is the platform, to read from and to speak to.
type Graph interface {
	instagram.Reader
	instagram.Writer
	instagram.ThreadReader
}

// Account is one that the bot answers for, with the caps on its replies; 0 is no cap.
type Account struct {
	instagram.Account
	PerHour, PerThread int
}

// Observer is told what happened, for metrics.
type Observer interface {
	Decided(verdict, because string)
	// Delivered tells what a delivery became. The action is empty for those that ended because they waited for too long.
	Delivered(action, fate string)
	Posted(sinceReceived time.Duration)
	// Story is called with the figures of a story that has ended, by Meta's names.
	Story(account string, figures map[string]int)
}

// Options are what a bot needs.
type Options struct {
	Store    Store
	Rules    func() *rules.Set // the active set
	Graph    Graph
	Accounts []Account
	// Notify posts what people are told; nil: there are no places to tell it.
	Notify notify.Poster
	// Mode shadow decides everything and posts nothing, not even what was planned before: that waits until the mode is
	// live again, or is cancelled then for having grown too old.
	Mode rules.Mode
	// Workers is how many events and deliveries are in work at once; at least 1. An account that would have none of them
	// gets one more, up to 16 such.
	Workers int
	// Retention is how far back history looks, and how long events are kept, but for a minimum of some days that other
	// promises need; 0: to the beginning, and for ever.
	Retention time.Duration
	// SettleAfter is how long after a POST of unknown fate the reply is looked for; 0: a minute.
	SettleAfter time.Duration
	// NotBefore is a time before which no right clock can be: as long as it shows an earlier one, as that of a machine
	// which has just come up may, nothing is decided or said. Zero: any clock is believed.
	NotBefore time.Time
	Log       logrus.FieldLogger
	// Now is the wall clock. It may leap, both ways. Times that also tell of a monotonic clock may not come from it: they
	// are compared with those that the store has kept.
	Now     func() time.Time
	Observe Observer
}

// lease is how long a claim holds without being renewed, so that a dead worker's events come back.
const lease = 30 * time.Second

// Bot works off the inbox and the planned deliveries.
type Bot struct {
	Options
	accounts atomic.Pointer[map[string]Account]
	pace     *reply.Pace
	sender   *reply.Sender
	looker   *reply.Looker
	notifier *notify.Sender
	retries  inbox.Backoff

	lines   *lines        // claimed, waiting for a worker
	wake    chan struct{} // holds a value when the dispatcher should look again
	short   atomic.Bool   // whether it waits for room or for a place to send, which a job's end makes
	places  *places
	held    held
	faults  faults
	health  health
	stories stories
	outage  outage // the dispatcher's
	planned planned
	odd     bool    // whether deliveries get the odd one of the room; the dispatcher's
	doubted planned // in doubt: when the next is to be looked for
	noticed planned // notifications
	notices notices
	talks   *talks
	looks   *looks
	expired time.Time // when what waits for approval was last looked through; the dispatcher's
	resumed resumed
	heeded  heeded // the dispatcher's
	clock   clock
	skew    skew
	// housekeeping knows when it may remove what is old.
	housekeeping trust
	calm         calm // the dispatcher's
	// standing is asked before what had to wait is sent.
	standing standing

	stopFetch context.CancelFunc
	cutWork   context.CancelCauseFunc
	done      sync.WaitGroup
}

// New makes a bot that does nothing until it is started.
func New(o Options) *Bot {
	if o.SettleAfter <= 0 {
		o.SettleAfter = settleAfter
	}
	o.Observe = onlooker{o.Observe, o.Log}
	b := &Bot{
		Options: o,
		pace:    reply.NewPace(),
		retries: inbox.Retries(),
		lines:   newLines(spare(len(o.Accounts))),
		wake:    make(chan struct{}, 1),
		places:  newPlaces(spare(len(o.Accounts))),
		talks:   newTalks(),
		looks:   newLooks(o.Workers),
		held:    held{seqs: map[int64]bool{}},
	}
	b.notices.inHand = map[string]int{}
	o.Now = b.clock.watch(o.Now)
	b.Now = o.Now
	b.pace.Watch(b.changed)
	b.SetAccounts(o.Accounts)
	b.sender = reply.NewSender(reply.Options{
		Graph: o.Graph, Ledger: o.Store, Pace: b.pace, Backoff: b.retries, Log: o.Log, Now: o.Now, Observe: b.fate,
		SettleAfter: o.SettleAfter, Recheck: b.recheck,
	})
	b.looker = reply.NewLooker(reply.LookerOptions{
		Graph: o.Graph, Ledger: o.Store, Pace: b.pace, SettleAfter: o.SettleAfter, Log: o.Log, Now: o.Now, Observe: b.lookedFor, Ahead: b.skew.now,
	})
	if o.Notify == nil {
		o.Notify = notify.New(notify.Options{})
	}
	b.notifier = notify.NewSender(notify.SenderOptions{
		Poster: o.Notify, Ledger: o.Store, Backoff: b.retries, Log: o.Log, Now: o.Now, Observe: b.fate,
	})
	return b
}

// SetAccounts puts accounts with new secrets in the place of those that the bot was made with. Their ids and caps must
// be the same. An account with another token or app secret need not wait any more for what the old one was refused.
func (b *Bot) SetAccounts(accounts []Account) {
	byID, renewed := map[string]Account{}, []string(nil)
	for _, a := range accounts {
		byID[a.ID] = a
		if former, ok := b.account(a.ID); ok && (former.AccessToken != a.AccessToken || former.AppSecret != a.AppSecret) {
			renewed = append(renewed, a.ID)
		}
	}
	b.accounts.Store(&byID)
	for _, id := range renewed {
		b.pace.Renewed(id, b.Now())
	}
}

// account finds a configured account.
func (b *Bot) account(id string) (Account, bool) {
	byID := b.accounts.Load()
	if byID == nil {
		return Account{}, false
	}
	a, ok := (*byID)[id]
	return a, ok
}

// Start takes over from a former run and sets the workers to work; it returns when they run. The context only bounds
// the start; Stop ends the work.
func (b *Bot) Start(ctx context.Context) error {
	now := b.Now()
	recovered, err := b.Store.Recover(ctx, now, b.SettleAfter)
	if err != nil {
		return fmt.Errorf("take over from the former run: %w", err)
	}
	if recovered.Leases+recovered.Unknown+recovered.Again > 0 {
		b.Log.WithFields(logrus.Fields{"events": recovered.Leases, "unknown": recovered.Unknown, "again": recovered.Again}).
			Warn("the former run ended in the middle of work; what it left in sending is done again where that does no harm, and else unknown: public replies are looked for")
	}
	if !b.unset(now) {
		if err := b.takeOver(ctx); err != nil {
			return err
		}
		b.expireInTime(ctx)
	}
	b.run(context.WithoutCancel(ctx))
	b.health.state.Store(running)
	return nil
}

func (b *Bot) run(base context.Context) {
	fetch, stopFetch := context.WithCancel(base)
	work, cutWork := context.WithCancelCause(base)
	renew, stopRenew := context.WithCancel(base)
	b.stopFetch, b.cutWork = stopFetch, cutWork

	var workers sync.WaitGroup
	for range b.Workers {
		workers.Go(func() { b.work(work, b.lines.next) })
	}
	b.notices.send = func(d ledger.Delivery) { b.done.Go(func() { b.notify(work, d) }) }
	b.lines.more = func() { workers.Go(func() { b.work(work, b.lines.nextSpare) }) }
	b.done.Go(func() {
		b.dispatch(fetch)
		b.lines.close()
	})
	b.done.Go(func() { b.renew(renew) })
	b.done.Go(func() { b.keepHouse(fetch) })
	b.done.Go(func() {
		workers.Wait()
		stopRenew()
	})
}

// errStopped is why work in hand was cut off.
var errStopped = errors.New("the daemon stops")

// cutPatience is how long a stop waits for work that was cut off; only a store that hangs takes so long.
const cutPatience = 5 * time.Second

// Stop ends the work: nothing new is claimed, what is in hand is finished; when ctx ends, the rest is cut off and given
// back. It may be called without Start.
func (b *Bot) Stop(ctx context.Context) error {
	if b.stopFetch == nil {
		return nil
	}
	b.stopFetch()
	ended := make(chan struct{})
	go func() {
		b.done.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		b.cutWork(nil)
		return nil
	case <-ctx.Done():
	}
	b.cutWork(errStopped)
	select {
	case <-ended:
		return errors.New("work in hand was cut off; it is taken up again at the next start")
	case <-time.After(cutPatience):
		return errors.New("work in hand doesn't end; it is left behind")
	}
}

func (b *Bot) fate(d ledger.Delivery, state ledger.State) {
	b.Observe.Delivered(d.Action, string(state))
	switch state {
	case ledger.Planned:
		b.entered(&d)
	case ledger.Unknown:
		b.doubted.changed()
		b.nudge()
	}
	if state == ledger.Posted && (d.Action == rules.ActionReply || d.Action == rules.ActionPrivateReply) {
		b.Observe.Posted(max(0, b.Now().Sub(d.Received)))
	}
}

// entered notes that a delivery waits of which the dispatcher doesn't know.
func (b *Bot) entered(d *ledger.Delivery) {
	if d.Action == rules.ActionNotify {
		b.noticedLater()
	} else {
		b.plannedLater()
	}
}
