package storetest

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

func deliveryCases() []testcase {
	return []testcase{
		{"is taken when due, longest due first", func(f *fixture) {
			for _, c := range []struct {
				text string
				due  int
			}{{"c", 3}, {"a", 1}, {"d", 4}, {"b", 2}} {
				f.plan(c.text, planOf(c.text, c.due))
			}
			f.equal("before", f.takeTexts(10, noon()), []string{})
			f.equal("two", f.takeTexts(2, after(3)), []string{"a", "b"})
			f.equal("the next", f.takeTexts(10, after(3)), []string{"c"})
			f.equal("none", f.takeTexts(0, after(9)), []string{})
			f.equal("the last", f.takeTexts(10, after(9)), []string{"d"})
		}},
		{"is taken as it was planned", func(f *fixture) {
			planned := f.plan("a", planOf("hello \U0001F600", 7))
			taken := f.take(1, after(7))
			planned.State, planned.Attempts = ledger.Sending, 1
			f.equal("taken", taken, []ledger.Delivery{planned})
		}},
		{"that never expires says so", func(f *fixture) {
			plan := planOf("hello", 0)
			plan.Expires = time.Time{}
			f.plan("a", plan)
			if got := f.take(1, noon())[0].Expires; !got.IsZero() {
				f.Errorf("expires %v", got)
			}
		}},
		{"that answers a live comment says so, to all who ask", func(f *fixture) {
			plan := planTo(rules.ActionPrivateReply, "psst")
			plan.Live = true
			waits := plan
			waits.Approve = true
			d := f.plan("a", waits)
			pending, err := f.atDesk().Pending(f.Context(), noon())
			f.must(err)
			f.equal("pending", []bool{d.Live, pending[0].Live}, []bool{true, true})
			f.plan("b", plan)
			f.equal("taken", f.take(1, after(9))[0].Live, true)
			settled, err := f.Deliveries(f.Context(), d.Seq)
			f.must(err)
			f.equal("settled", settled[0].Live, true)
			reply := planOf("looked for", 0)
			reply.Live, reply.Now = true, true
			f.finish(f.plan("c", reply).ID, ledger.Fate{State: ledger.Unknown, At: noon(), Due: after(5)})
			f.equal("in doubt", f.takeDoubt(after(5)).Live, true)
		}},
		{"to a live comment was sent apart from others", func(f *fixture) {
			for i := range 4 {
				plan := planTo(rules.ActionPrivateReply, "psst")
				plan.Live, plan.Now = i%2 == 0, true
				f.planAt(fmt.Sprint(i), plan, after(i))
			}
			for live, want := range map[bool][]time.Time{true: {noon(), after(2)}, false: {after(1), after(3)}} {
				times, err := f.SentTimes(f.Context(), account, rules.ActionPrivateReply, live, noon())
				f.must(err)
				f.equal(fmt.Sprint("live: ", live), times, want)
			}
		}},
		{"ends with its fate", func(f *fixture) {
			for _, state := range []ledger.State{ledger.Posted, ledger.Refused, ledger.Unknown, ledger.Cancelled} {
				delivery := f.plan(string(state), sendingNow("hello"))
				fate := ledger.Fate{State: state, Reason: "code 100, trace Ab1", Because: rules.BecauseGone, At: after(5)}
				if state == ledger.Posted {
					fate.PostedID = "18001"
				}
				f.finish(delivery.ID, fate)
				settled, err := f.Deliveries(f.Context(), delivery.Seq)
				f.must(err)
				delivery.State = state
				delivery.Now = false
				f.equal(string(state), settled, []ledger.Settled{{Delivery: delivery, Fate: fate}})
				f.equal("taken", f.takeTexts(10, noon().Add(enough)), []string{})
			}
		}},
		{"that its account held back was not tried", func(f *fixture) {
			delivery := f.plan("a", sendingNow("hello"))
			for i := range 3 {
				f.finish(delivery.ID, ledger.Fate{State: ledger.Planned, At: noon(), Due: after(5 + i), Reason: "pace", Uncounted: true})
				f.equal("attempts", f.take(1, after(5+i))[0].Attempts, 1)
			}
			f.finish(delivery.ID, ledger.Fate{State: ledger.Refused, At: after(9), Uncounted: true})
			f.equal("attempts in the end", f.settledOf(delivery).Attempts, 1)
		}},
		{"that was surely not sent is planned again", func(f *fixture) {
			delivery := f.plan("a", sendingNow("hello"))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Planned, At: noon(), Due: after(5), Reason: "refused connection"})
			f.equal("before", f.takeTexts(1, after(4)), []string{})
			again := f.take(1, after(5))
			f.equal("attempts", again[0].Attempts, 2)
			settled, err := f.Deliveries(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("fate of the first attempt", settled[0].Fate, ledger.Fate{State: ledger.Planned, At: noon(), Reason: "refused connection"})
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: after(6)})
		}},
		{"is finished only while it is being sent", func(f *fixture) {
			planned := f.plan("a", planOf("hello", 0))
			posted := f.plan("b", sendingNow("hello"))
			f.finish(posted.ID, ledger.Fate{State: ledger.Posted, At: noon()})
			for _, id := range []int64{planned.ID, posted.ID, 12345} {
				if err := f.Finish(f.Context(), id, ledger.Fate{State: ledger.Refused, At: noon()}); err == nil {
					f.Errorf("finished delivery %d", id)
				}
			}
			f.equal("states", f.counts().Deliveries, map[ledger.State]int{ledger.Planned: 1, ledger.Posted: 1})
		}},
		{"has no other fates", func(f *fixture) {
			delivery := f.plan("a", sendingNow("hello"))
			for _, state := range []ledger.State{ledger.Sending, "", "lost"} {
				if err := f.Finish(f.Context(), delivery.ID, ledger.Fate{State: state, At: noon()}); err == nil {
					f.Errorf("finished as %q", state)
				}
			}
		}},
		{"is due next", func(f *fixture) {
			f.nextDelivery("none", time.Time{})
			f.plan("a", sendingNow("a"))
			f.nextDelivery("one in sending", time.Time{})
			f.plan("c", planOf("c", 7))
			f.plan("b", planOf("b", 5))
			f.nextDelivery("two planned", after(5))
			f.take(1, after(5))
			f.nextDelivery("one taken", after(7))
		}},
		{"was sent at a time", func(f *fixture) {
			for i, state := range []ledger.State{ledger.Posted, ledger.Unknown, ledger.Refused, ledger.Cancelled, ledger.Sending} {
				plan := sendingNow("hello")
				if state == ledger.Refused {
					plan.Account = "1"
				}
				delivery := f.planAt(string(state), plan, after(10-i))
				if state != ledger.Sending {
					f.finish(delivery.ID, ledger.Fate{State: state, At: after(100)})
				}
			}
			f.plan("planned", planOf("hello", 0))
			f.sentTimes(account, noon(), after(6), after(9), after(10))
			f.sentTimes(account, after(9), after(9), after(10))
			f.sentTimes(account, after(11))
			f.sentTimes("1", noon())
		}},
		{"was sent when it last began", func(f *fixture) {
			f.plan("a", planOf("a", 1))
			delivery := f.take(1, after(2))[0]
			f.sentTimes(account, noon(), after(2))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Planned, At: after(3), Due: after(3)})
			f.sentTimes(account, noon())
			f.take(1, after(4))
			f.sentTimes(account, noon(), after(4))
		}},
	}
}

func (f *fixture) nextDelivery(when string, want time.Time) {
	f.Helper()
	got, err := f.NextDelivery(f.Context())
	f.must(err)
	if !got.Equal(want) {
		f.Errorf("%s: next delivery %v, want %v", when, got, want)
	}
}

func (f *fixture) sentTimes(account string, since time.Time, want ...time.Time) {
	f.Helper()
	got, err := f.SentTimes(f.Context(), account, rules.ActionReply, false, since)
	f.must(err)
	f.equal("sent times of "+account, append([]time.Time{}, got...), append([]time.Time{}, want...))
}

func recoverCases() []testcase {
	return []testcase{
		{"finds nothing in peace", func(f *fixture) {
			f.plan("a", planOf("hello", 0))
			f.accept(arrival("b", 0))
			f.recovered(ledger.Recovered{})
		}},
		{"takes leases back and keeps their attempts", func(f *fixture) {
			f.accept(arrival("a", 0), inThread("thread of a", "b", 0), arrival("c", 0))
			f.claim(1, noon())
			f.recovered(ledger.Recovered{Leases: 1})
			items := f.claim(10, noon())
			f.equal("claimed", len(items), 2)
			for _, item := range items {
				f.equal("attempts of "+item.Key, item.Attempts, map[string]int{"a": 2, "c": 1}[item.Key])
			}
		}},
		{"does not end the wait of what is to be tried again", func(f *fixture) {
			item := f.acceptOne("a")
			f.must(f.Retry(f.Context(), item.Seq, after(5), nil, ""))
			f.recovered(ledger.Recovered{})
			f.equal("claimed", f.claimKeys(1, after(4)), []string{})
		}},
		{"doubts what was being sent", func(f *fixture) {
			f.plan("a", sendingNow("a"))
			f.plan("b", planOf("b", 0))
			f.take(1, noon())
			planned := f.plan("c", planOf("c", 0))
			f.recovered(ledger.Recovered{Unknown: 2})
			f.equal("states", f.counts().Deliveries, map[ledger.State]int{ledger.Unknown: 2, ledger.Planned: 1})
			f.equal("taken", f.take(10, noon())[0].ID, planned.ID)
			f.sentTimes(account, noon(), noon(), noon(), noon())
		}},
	}
}

func (f *fixture) recovered(want ledger.Recovered) {
	f.Helper()
	got, err := f.Recover(f.Context(), noon(), settleAfter)
	f.must(err)
	f.equal("recovered", got, want)
}
