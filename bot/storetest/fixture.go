package storetest

import (
	"context"
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// The lease of the tests' claims.
const lease = 30 * time.Second

// fixture is a store with the words that the tests are written in. They end the test where the store fails.
type fixture struct {
	tester
	Store
	place Place
	desk  Desk // nil until it is asked for

	consultations int
}

// newFixture opens a store until the test ends.
func newFixture(t tester, place Place) *fixture {
	t.Helper()
	f := &fixture{tester: t, place: place}
	t.Cleanup(func() {
		if f.desk != nil {
			f.must(f.desk.Close())
		}
		if f.Store != nil {
			f.must(f.Store.Close())
		}
	})
	f.open()
	return f
}

func (f *fixture) open() {
	f.Helper()
	store, err := f.place.Open(f.Context())
	f.must(err)
	f.Store = store
}

// reopen closes the store and opens it again.
func (f *fixture) reopen() {
	f.Helper()
	f.must(f.Close())
	f.open()
}

// atDesk is a desk of the store, open until the test ends.
func (f *fixture) atDesk() Desk {
	f.Helper()
	if f.desk == nil {
		desk, err := f.place.OpenDesk(f.Context())
		f.must(err)
		f.desk = desk
	}
	return f.desk
}

// tester is what the words need of a test, one of package testing or of rapid.
type tester interface {
	Context() context.Context
	Helper()
	Cleanup(func())
	Error(...any)
	Errorf(string, ...any)
	Fatal(...any)
	Fatalf(string, ...any)
}

// must ends the test on an error.
func (f *fixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// equal reports a difference of what was got from what was wanted.
func (f *fixture) equal(what string, got, want any) {
	f.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		f.Errorf("%s: got + and want -:\n%s", what, diff)
	}
}

// arrival is an event with a thread of its own, received that many milliseconds after noon.
func arrival(key string, received int) inbox.Arrival {
	return inbox.Arrival{
		Key: key, Rank: 1, Account: "17841405726653026", Thread: "thread of " + key,
		Change: []byte(`{"field":"comments"}`), Notified: after(received - 1500), Received: after(received),
	}
}

// inThread is an arrival of the thread.
func inThread(thread, key string, received int) inbox.Arrival {
	a := arrival(key, received)
	a.Thread = thread
	return a
}

func (f *fixture) accept(arrivals ...inbox.Arrival) inbox.Accepted {
	f.Helper()
	accepted, err := f.Accept(f.Context(), arrivals)
	f.must(err)
	return accepted
}

func (f *fixture) claim(n int, now time.Time) []inbox.Item {
	f.Helper()
	items, err := f.Claim(f.Context(), share.Of(n), now, lease)
	f.must(err)
	return items
}

// claimKeys are the keys of the items that a claim gives.
func (f *fixture) claimKeys(n int, now time.Time) []string {
	f.Helper()
	keys := []string{}
	for _, item := range f.claim(n, now) {
		keys = append(keys, item.Key)
	}
	return keys
}

// claimOne claims the one event that is due.
func (f *fixture) claimOne(now time.Time) inbox.Item {
	f.Helper()
	items := f.claim(10, now)
	if len(items) != 1 {
		f.Fatalf("claimed %d events, want one", len(items))
	}
	return items[0]
}

// acceptOne accepts an event at noon and claims it.
func (f *fixture) acceptOne(key string) inbox.Item {
	f.Helper()
	f.accept(arrival(key, 0))
	return f.claimOne(noon())
}

// entryOf is an entry at noon that says what the plans say.
func entryOf(plans ...ledger.Plan) ledger.Entry {
	record := ledger.Record{
		Verdict: ledger.VerdictReply, Rule: "challenge", Mode: rules.Live, Revision: "3f2a",
		Rules: []rules.Outcome{
			{Name: "price", Outcome: rules.NoMatch, Because: rules.BecauseWhen},
			{Name: "challenge", Outcome: rules.Matched},
		},
	}
	if len(plans) == 0 {
		record.Verdict, record.Rule, record.Mode, record.Rules = ledger.VerdictNoMatch, "", "", nil
	}
	for _, plan := range plans {
		record.Actions = append(record.Actions, rules.Action{Action: plan.Action, Rule: plan.Rule, Text: plan.Text, To: plan.To, Request: plan.Request, Delay: "0s"})
	}
	return ledger.Entry{Record: record, Facts: []byte(`{"kind":"comment","text":"challenge?"}`), Now: noon(), Plans: plans}
}

// planOf is a plan of a reply, due that many milliseconds after noon.
func planOf(text string, due int) ledger.Plan {
	return ledger.Plan{
		Account: "17841405726653026", Media: "media", Conversation: "thread/1", Rule: "challenge",
		Action: rules.ActionReply, Text: text,
		Request:  platform.Request{Method: "POST", Path: "/1/replies", Form: map[string]string{"message": text}},
		Received: after(-500), Due: after(due), Expires: after(86_400_000),
	}
}

// sendingNow is a plan that is entered as sending.
func sendingNow(text string) ledger.Plan {
	plan := planOf(text, 0)
	plan.Now = true
	return plan
}

func (f *fixture) enter(seq int64, entry ledger.Entry) []ledger.Delivery {
	f.Helper()
	deliveries, err := f.Enter(f.Context(), seq, func(ledger.Book) (ledger.Entry, error) { return entry, nil })
	f.must(err)
	return deliveries
}

// plan accepts an event of its own and enters a delivery for it.
func (f *fixture) plan(key string, plan ledger.Plan) ledger.Delivery {
	f.Helper()
	return f.planAt(key, plan, noon())
}

// planAt is plan with the time of the entry.
func (f *fixture) planAt(key string, plan ledger.Plan, now time.Time) ledger.Delivery {
	f.Helper()
	item := f.acceptOne(key)
	entry := entryOf(plan)
	entry.Now = now
	deliveries := f.enter(item.Seq, entry)
	if len(deliveries) != 1 {
		f.Fatalf("entered %d deliveries, want one", len(deliveries))
	}
	return deliveries[0]
}

// take takes deliveries, and notifications of what room they leave.
func (f *fixture) take(n int, now time.Time) []ledger.Delivery {
	f.Helper()
	deliveries, err := f.TakeDeliveries(f.Context(), share.Of(n), now)
	f.must(err)
	notices, err := f.TakeNotices(f.Context(), share.Of(n-len(deliveries)), now)
	f.must(err)
	return append(deliveries, notices...)
}

// takeTexts are the texts of the deliveries that are taken.
func (f *fixture) takeTexts(n int, now time.Time) []string {
	f.Helper()
	texts := []string{}
	for _, delivery := range f.take(n, now) {
		texts = append(texts, delivery.Text)
	}
	return texts
}

func (f *fixture) finish(id int64, fate ledger.Fate) {
	f.Helper()
	f.must(f.Finish(f.Context(), id, fate))
}

func (f *fixture) counts() ledger.Counts {
	f.Helper()
	backlog, err := f.Backlog(f.Context())
	f.must(err)
	counts, err := f.Counts(f.Context())
	f.must(err)
	f.equal("backlog", backlog, counts.Open)
	return counts
}

// consult lets use look into the book as a conclusion does, and enters nothing.
func (f *fixture) consult(use func(ledger.Book)) {
	f.Helper()
	f.consultations++
	item := f.acceptOne(fmt.Sprint("of consultation ", f.consultations))
	_, err := f.Enter(f.Context(), item.Seq, func(book ledger.Book) (ledger.Entry, error) {
		use(book)
		return entryOf(), nil
	})
	f.must(err)
}
