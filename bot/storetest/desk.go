package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// waitingUntil is a plan that waits for a person and expires that many milliseconds after noon.
func waitingUntil(text string, expires int) ledger.Plan {
	plan := marked("of " + text)
	plan.Text, plan.Approve, plan.Expires = text, true, after(expires)
	plan.Request.Form = map[string]string{"message": text, "comment_id": "1"}
	return plan
}

// pending are the texts of what waits.
func (f *fixture) pending(now time.Time) []string {
	f.Helper()
	waiting, err := f.atDesk().Pending(f.Context(), now)
	f.must(err)
	texts := []string{}
	for _, delivery := range waiting {
		texts = append(texts, delivery.Text)
	}
	return texts
}

func (f *fixture) approve(id int64, text string, now time.Time) {
	f.Helper()
	f.must(f.atDesk().Approve(f.Context(), id, text, now))
}

// settledOf is the one delivery of the event.
func (f *fixture) settledOf(d ledger.Delivery) ledger.Settled {
	f.Helper()
	settled, err := f.Deliveries(f.Context(), d.Seq)
	f.must(err)
	if len(settled) != 1 {
		f.Fatalf("event %d has %d deliveries, want one", d.Seq, len(settled))
	}
	return settled[0]
}

func deskCases() []testcase {
	return []testcase{
		{"has nothing at first", func(f *fixture) { f.equal("pending", f.pending(noon()), []string{}) }},
		{"shows what waits as it was planned, oldest first", func(f *fixture) {
			var want []ledger.Delivery
			for i, received := range []int{3, 1, 2} {
				plan := waitingUntil(fmt.Sprint(i), 1000)
				plan.Received, plan.Variant = after(received), "first"
				plan.Author = rules.From{ID: "7", Username: "ada"}
				delivery := f.plan(plan.Text, plan)
				f.equal("state", delivery.State, ledger.Waiting)
				delivery.Approve, delivery.Marks = false, nil
				want = append(want, delivery)
			}
			f.plan("planned", planOf("planned", 0))
			f.plan("sending", sendingNow("sending"))
			got, err := f.atDesk().Pending(f.Context(), noon())
			f.must(err)
			f.equal("pending", got, []ledger.Delivery{want[1], want[2], want[0]})
		}},
		{"keeps what waits from being sent", func(f *fixture) {
			plan := waitingUntil("hello", 1000)
			plan.Now = true
			delivery := f.plan("a", plan)
			f.equal("state", delivery.State, ledger.Waiting)
			f.equal("to be sent at once", delivery.Now, false)
			f.equal("taken", f.takeTexts(10, noon().Add(enough)), []string{})
			f.nextDelivery("while it waits", time.Time{})
			f.sentTimes(account, time.Time{})
			f.recovered(ledger.Recovered{})
			if err := f.Finish(f.Context(), delivery.ID, ledger.Fate{State: ledger.Posted, At: noon()}); !errors.Is(err, ledger.ErrNotSending) {
				f.Errorf("finished while it waits: %v", err)
			}
			f.equal("pending", f.pending(noon()), []string{"hello"})
		}},
		{"has what is approved sent, from then on", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			f.approve(delivery.ID, "", after(5))
			f.equal("pending", f.pending(noon()), []string{})
			f.nextDelivery("after", after(5))
			f.equal("before", f.takeTexts(10, after(4)), []string{})
			want := delivery
			want.State, want.Attempts, want.Due = ledger.Sending, 1, after(5)
			want.Approved, want.Approve, want.Marks = true, false, nil
			f.equal("taken", f.take(10, after(5)), []ledger.Delivery{want})
			f.marks("of hello", noon())
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: after(6)})
			f.equal("approved", f.settledOf(delivery).Approved, true)
		}},
		{"puts another text everywhere it is said from", func(f *fixture) {
			const text = "hi 😀 \"there\""
			entry := entryOf(waitingUntil("hello", 1000))
			item := f.acceptOne("a")
			delivery := f.enter(item.Seq, entry)[0]
			f.approve(delivery.ID, text, noon())
			taken := f.take(1, noon())[0]
			f.equal("text", taken.Text, text)
			f.equal("form", taken.Request.Form, map[string]string{"message": text, "comment_id": "1"})
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, At: noon()})
			f.consult(func(book ledger.Book) {
				for said, want := range map[string]bool{text: true, "hello": false} {
					got, err := book.SaidOn(account, "media", said, noon())
					f.must(err)
					f.equal("said "+said, got, want)
				}
			})
			record, err := f.Record(f.Context(), item.Seq)
			f.must(err)
			f.equal("what the rules had said", record.Actions, entry.Record.Actions)
		}},
		{"refuses a text that is none", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			if err := f.atDesk().Approve(f.Context(), delivery.ID, "caf\xe9", noon()); err == nil {
				f.Error("approved what is not UTF-8")
			}
			f.equal("pending", f.pending(noon()), []string{"hello"})
		}},
		{"refuses another text where the request wouldn't bear it", func(f *fixture) {
			plan := waitingUntil("hello", 1000)
			plan.Request.Form = map[string]string{"message": "something else"}
			delivery := f.plan("a", plan)
			if err := f.atDesk().Approve(f.Context(), delivery.ID, "other", noon()); err == nil {
				f.Error("approved a text that would not be said")
			}
			f.equal("pending", f.pending(noon()), []string{"hello"})
		}},
		{"has what is rejected never sent", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			f.must(f.atDesk().Reject(f.Context(), delivery.ID, after(5)))
			f.equal("pending", f.pending(noon()), []string{})
			f.equal("taken", f.takeTexts(10, noon().Add(enough)), []string{})
			f.marks("of hello")
			settled := f.settledOf(delivery)
			f.equal("state", settled.State, ledger.Rejected)
			f.equal("ended", settled.Fate.At, after(5))
		}},
		{"decides once", func(f *fixture) {
			for i, first := range []func(int64){
				func(id int64) { f.approve(id, "", noon()) },
				func(id int64) { f.approve(id, "", noon()); f.take(1, noon()) },
				func(id int64) { f.must(f.atDesk().Reject(f.Context(), id, noon())) },
				func(int64) { f.expired(after(2000), 1) },
			} {
				delivery := f.plan(fmt.Sprint(i), waitingUntil("hello", 1000))
				first(delivery.ID)
				before := f.settledOf(delivery)
				f.notWaiting(delivery.ID)
				f.equal("after", f.settledOf(delivery), before)
			}
		}},
		{"decides only on what waits", func(f *fixture) {
			f.notWaiting(f.plan("planned", planOf("hello", 0)).ID)
			f.notWaiting(f.plan("sending", sendingNow("hello")).ID)
			f.notWaiting(12345)
			f.notWaiting(-1)
		}},
		{"approves at the last moment, not after it", func(f *fixture) {
			inTime, late := f.plan("a", waitingUntil("a", 1000)), f.plan("b", waitingUntil("b", 1000))
			f.equal("at it", f.pending(after(1000)), []string{"a", "b"})
			f.equal("after it", f.pending(after(1001)), []string{})
			f.approve(inTime.ID, "", after(1000))
			if err := f.atDesk().Approve(f.Context(), late.ID, "more", after(1001)); !errors.Is(err, ledger.ErrExpired) {
				f.Errorf("approved too late: got error %v", err)
			}
			settled := f.settledOf(late)
			f.equal("state", settled.State, ledger.Cancelled)
			f.equal("because", settled.Fate.Because, rules.BecauseExpired)
			f.equal("text", settled.Text, "b")
			f.marks("of a", noon())
			f.marks("of b")
			f.notWaiting(late.ID)
			f.expired(noon().Add(enough), 0)
		}},
		{"may wait for ever", func(f *fixture) {
			plan := waitingUntil("hello", 0)
			plan.Expires = time.Time{}
			delivery := f.plan("a", plan)
			century := noon().AddDate(100, 0, 0)
			f.expired(century, 0)
			f.equal("pending", f.pending(century), []string{"hello"})
			f.approve(delivery.ID, "", century)
		}},
		{"works with the store closed", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			f.must(f.Close())
			f.approve(delivery.ID, "other", after(5))
			f.open()
			f.equal("taken", f.takeTexts(10, after(5)), []string{"other"})
		}},
		{"reads the ledger", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			want, err := f.Record(f.Context(), delivery.Seq)
			f.must(err)
			got, err := f.atDesk().Record(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("record", got, want)
		}},
		{"with an ended context does nothing", func(f *fixture) {
			delivery := f.plan("a", waitingUntil("hello", 1000))
			desk := f.atDesk()
			ctx, cancel := context.WithCancel(f.Context())
			cancel()
			_, err := desk.Pending(ctx, noon())
			for name, err := range map[string]error{
				"Pending": err, "Approve": desk.Approve(ctx, delivery.ID, "", noon()), "Reject": desk.Reject(ctx, delivery.ID, noon()),
			} {
				if !errors.Is(err, context.Canceled) {
					f.Errorf("%s: got error %v", name, err)
				}
			}
			f.equal("state", f.settledOf(delivery).State, ledger.Waiting)
		}},
		{"of several people decides once", deciders},
	}
}

// notWaiting checks that there is nothing to decide.
func (f *fixture) notWaiting(id int64) {
	f.Helper()
	for name, err := range map[string]error{
		"approve": f.atDesk().Approve(f.Context(), id, "other", noon()),
		"reject":  f.atDesk().Reject(f.Context(), id, noon()),
	} {
		if !errors.Is(err, ledger.ErrNotWaiting) {
			f.Errorf("%s: got error %v, want ErrNotWaiting", name, err)
		}
	}
}

// deciders has some approve and some reject the same deliveries at once, while the store sends what it can: each is
// decided once, and what was rejected is not sent.
func deciders(f *fixture) {
	const n, people = 20, 6
	var ids []int64
	for i := range n {
		ids = append(ids, f.plan(fmt.Sprint(i), waitingUntil(fmt.Sprint(i), 1000)).ID)
	}
	var (
		all       sync.WaitGroup
		mu        sync.Mutex
		decisions = map[int64]int{}
		rejected  = map[int64]bool{}
	)
	for person := range people {
		desk, err := f.place.OpenDesk(f.Context())
		f.must(err)
		rejects := person%2 == 0
		all.Go(func() {
			defer desk.Close()
			for _, id := range ids {
				var err error
				if rejects {
					err = desk.Reject(f.Context(), id, noon())
				} else {
					err = desk.Approve(f.Context(), id, "", noon())
				}
				switch {
				case err == nil:
					mu.Lock()
					decisions[id]++
					rejected[id] = rejects
					mu.Unlock()
				case !errors.Is(err, ledger.ErrNotWaiting):
					f.Error(err)
				}
			}
		})
	}
	sent := map[int64]bool{}
	send := func() {
		for _, delivery := range f.take(n, noon()) {
			sent[delivery.ID] = true
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, At: noon()})
		}
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	for running := true; running; {
		select {
		case <-ended:
			running = false
		default:
			send()
		}
	}
	send()
	for _, id := range ids {
		if decisions[id] != 1 || sent[id] == rejected[id] {
			f.Errorf("delivery %d: decided %d times, rejected %v, sent %v", id, decisions[id], rejected[id], sent[id])
		}
	}
}
