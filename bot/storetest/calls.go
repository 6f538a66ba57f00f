package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

func callCases() []testcase {
	return []testcase{
		{"with an ended context do nothing", func(f *fixture) {
			item := f.acceptOne("a")
			delivery := f.plan("b", sendingNow("hello"))
			ctx, cancel := context.WithCancel(f.Context())
			cancel()
			for name, call := range f.everyCall(ctx, item.Seq, delivery.ID) {
				if err := call(); !errors.Is(err, context.Canceled) {
					f.Errorf("%s: got error %v", name, err)
				}
			}
			f.equal("counts", f.counts(), ledger.Counts{
				Open: 1, Verdicts: map[ledger.Verdict]int{ledger.VerdictReply: 1}, Deliveries: map[ledger.State]int{ledger.Sending: 1},
			})
			f.equal("attempts", f.claimOne(noon().Add(lease)).Attempts, 2)
		}},
		{"after Close fail", func(f *fixture) {
			item := f.acceptOne("a")
			delivery := f.plan("b", sendingNow("hello"))
			f.must(f.Close())
			f.must(f.Close())
			for name, call := range f.everyCall(f.Context(), item.Seq, delivery.ID) {
				if err := call(); err == nil {
					f.Errorf("%s: no error", name)
				}
			}
		}},
		{"that fail leave others alone", func(f *fixture) {
			const n = 200
			for i := range n {
				f.accept(arrival(fmt.Sprint(i), 0))
			}
			items := f.claim(n, noon())
			var all sync.WaitGroup
			for i, item := range items {
				all.Go(func() {
					_, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) {
						return badly(i, sendingNow(item.Key))
					})
					if good := i%5 == 0; good != (err == nil) {
						f.Errorf("event %d: got error %v", i, err)
					}
				})
			}
			all.Wait()
			f.equal("counts", f.counts(), ledger.Counts{
				Open: n * 4 / 5, Verdicts: map[ledger.Verdict]int{ledger.VerdictReply: n / 5},
				Deliveries: map[ledger.State]int{ledger.Sending: n / 5},
			})
		}},
	}
}

// badly is a conclusion that fails in another way for each number, but for every fifth.
func badly(i int, plan ledger.Plan) (ledger.Entry, error) {
	switch i % 5 {
	case 1:
		return ledger.Entry{}, errors.New("concluded nothing")
	case 2:
		panic("concluded nothing")
	case 3:
		return entryOf(plan, plan), nil
	case 4:
		plan.Action = "shout"
	}
	return entryOf(plan), nil
}

// everyCall is each of the store's methods that can fail, ready to be called.
func (f *fixture) everyCall(ctx context.Context, seq, id int64) map[string]func() error {
	return map[string]func() error{
		"Latest":  func() error { _, err := f.Latest(ctx); return err },
		"SetBack": func() error { return f.SetBack(ctx, noon(), time.Hour) },
		"Accept":  func() error { _, err := f.Accept(ctx, []inbox.Arrival{arrival("new", 0)}); return err },
		"Claim":   func() error { _, err := f.Claim(ctx, share.Of(1), noon().Add(enough), lease); return err },
		"Renew":   func() error { return f.Renew(ctx, []int64{seq}, noon().Add(enough)) },
		"Retry":   func() error { return f.Retry(ctx, seq, noon(), nil, "") },
		"Release": func() error { return f.Release(ctx, []int64{seq}) },
		"Probe":   func() error { return f.Probe(ctx) },
		"NextDue": func() error { _, err := f.NextDue(ctx); return err },
		"Version": func() error { _, err := f.Version(ctx); return err },
		"Enter": func() error {
			_, err := f.Enter(ctx, seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(), nil })
			return err
		},
		"TakeDeliveries": func() error { _, err := f.TakeDeliveries(ctx, share.Of(1), noon()); return err },
		"TakeNotices":    func() error { _, err := f.TakeNotices(ctx, share.Of(1), noon()); return err },
		"NextNotice":     func() error { _, err := f.NextNotice(ctx); return err },
		"Finish":         func() error { return f.Finish(ctx, id, ledger.Fate{State: ledger.Posted, At: noon()}) },
		"SentTimes":      func() error { _, err := f.SentTimes(ctx, account, rules.ActionReply, false, noon()); return err },
		"NextDelivery":   func() error { _, err := f.NextDelivery(ctx); return err },
		"History":        func() error { _, err := f.History(ctx, eventOf("1"), 0, noon()); return err },
		"Expire":         func() error { _, err := f.Expire(ctx, noon()); return err },
		"Hasten":         func() error { return f.Hasten(ctx, account, noon(), settleAfter) },
		"Reopen":         func() error { _, err := f.Reopen(ctx, noon()); return err },
		"Pauses":         func() error { _, err := f.Pauses(ctx, noon()); return err },
		"Recover":        func() error { _, err := f.Recover(ctx, noon(), settleAfter); return err },
		"TakeDoubts":     func() error { _, err := f.TakeDoubts(ctx, share.Of(1), noon(), noon()); return err },
		"NextDoubt":      func() error { _, err := f.NextDoubt(ctx); return err },
		"SentIDs":        func() error { _, err := f.SentIDs(ctx, account, []string{"1"}); return err },
		"Settle": func() error {
			return f.Settle(ctx, ledger.Doubt{Delivery: ledger.Delivery{ID: id}}, ledger.Fate{State: ledger.Unknown})
		},
		"Prune": func() error {
			_, err := f.Prune(ctx, ledger.Prune(noon(), enough), func(context.Context) error { return nil })
			return err
		},
		"Activate":   func() error { return f.Activate(ctx, "1a", nil, noon()) },
		"LastSet":    func() error { _, _, err := f.LastSet(ctx); return err },
		"KeepToken":  func() error { return f.KeepToken(ctx, ledger.KeptToken{Account: account}) },
		"KeptToken":  func() error { _, err := f.KeptToken(ctx, account); return err },
		"Record":     func() error { _, err := f.Record(ctx, seq); return err },
		"Deliveries": func() error { _, err := f.Deliveries(ctx, seq); return err },
		"Backlog":    func() error { _, err := f.Backlog(ctx); return err },
		"Judged":     func() error { _, _, err := f.Judged(ctx, seq); return err },
		"Counts":     func() error { _, err := f.Counts(ctx); return err },
	}
}

const (
	crowd  = 64   // goroutines
	events = 2000 // each accepted twice
)

// atOnce has a crowd accept, claim, enter, take and finish, all at once: each event ends once, with one reply posted.
func atOnce(f *fixture) {
	var (
		next, ended, posted atomic.Int64
		entries, finishes   sync.Map
		all                 sync.WaitGroup
	)
	work := func() error {
		for i := next.Add(1); i <= 2*events; i = next.Add(1) {
			a := inThread(fmt.Sprint("thread ", i%events/3), fmt.Sprint(i%events), int(i))
			if _, err := f.Accept(f.Context(), []inbox.Arrival{a}); err != nil {
				return err
			}
		}
		for ended.Load() < events || posted.Load() < events {
			if err := f.answerSome(&ended, &posted, &entries); err != nil {
				return err
			}
			if err := f.postSome(&posted, &finishes); err != nil {
				return err
			}
		}
		return nil
	}
	for range crowd {
		all.Go(func() {
			if err := work(); err != nil {
				f.Error(err)
				ended.Store(events) // lets the others end
				posted.Store(events)
			}
		})
	}
	all.Wait()
	f.equal("counts", f.counts(), ledger.Counts{
		Verdicts: map[ledger.Verdict]int{ledger.VerdictReply: events}, Deliveries: map[ledger.State]int{ledger.Posted: events},
	})
}

// late is a time at which all of atOnce's events are due.
func late() time.Time { return noon().Add(enough) }

func (f *fixture) answerSome(ended, posted *atomic.Int64, entries *sync.Map) error {
	items, err := f.Claim(f.Context(), share.Of(7), late(), enough)
	if err != nil {
		return err
	}
	for _, item := range items {
		if _, twice := entries.LoadOrStore(item.Key, true); twice {
			f.Errorf("event %q was claimed twice", item.Key)
		}
		plan := planOf(item.Key, 0)
		plan.Now = item.Seq%2 == 0
		deliveries, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(plan), nil })
		if err != nil {
			return err
		}
		ended.Add(1)
		if plan.Now {
			if err := f.Finish(f.Context(), deliveries[0].ID, ledger.Fate{State: ledger.Posted, At: late()}); err != nil {
				return err
			}
			posted.Add(1)
		}
	}
	return nil
}

func (f *fixture) postSome(posted *atomic.Int64, finishes *sync.Map) error {
	deliveries, err := f.TakeDeliveries(f.Context(), share.Of(5), late())
	if err != nil {
		return err
	}
	for _, delivery := range deliveries {
		if _, twice := finishes.LoadOrStore(delivery.ID, true); twice {
			f.Errorf("delivery %d was taken twice", delivery.ID)
		}
		if err := f.Finish(f.Context(), delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: delivery.Text, At: late()}); err != nil {
			return err
		}
		posted.Add(1)
	}
	return nil
}
