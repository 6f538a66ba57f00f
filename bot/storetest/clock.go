package storetest

import (
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
)

// ahead is by how much the clock ran ahead in these tests.
const ahead = 400 * day

// aheadBy is a time of the clock that ran ahead, that many milliseconds after noon.
func aheadBy(ms int) time.Time { return after(ms).Add(ahead) }

// wronglyArrived is an arrival that came while the clock ran ahead.
func wronglyArrived(key string, received int) inbox.Arrival {
	a := inThread("wrong", key, received)
	a.Received = aheadBy(received)
	return a
}

// setBack has the clock put right: it shows noon.
func (f *fixture) setBack() {
	f.Helper()
	f.must(f.SetBack(f.Context(), noon(), ahead))
}

func clockCases() []testcase {
	return append(latestCases(), []testcase{
		{"set back gives back events that came in the future, one behind the other", func(f *fixture) {
			f.accept(wronglyArrived("a", 0), wronglyArrived("b", 5))
			f.equal("claimed before", f.claimKeys(10, noon()), []string{})
			f.setBack()
			item := f.claimOne(noon())
			f.equal("key", item.Key, "a")
			f.equal("received", item.Received, noon())
			f.enter(item.Seq, entryOf())
			f.equal("claimed behind it", f.claimKeys(10, noon()), []string{"b"})
		}},
		{"set back keeps what is left of an event's pause", func(f *fixture) {
			f.must(f.Retry(f.Context(), f.acceptOne("a").Seq, aheadBy(50), nil, "waits"))
			f.setBack()
			f.equal("claimed at once", f.claimKeys(10, after(49)), []string{})
			f.equal("claimed", f.claimKeys(10, after(50)), []string{"a"})
		}},
		{"set back ends leases that would have no end", func(f *fixture) {
			f.accept(arrival("a", 0))
			f.claim(1, aheadBy(0))
			f.setBack()
			f.equal("claimed at once", f.claimKeys(10, noon().Add(lease-time.Millisecond)), []string{})
			f.equal("claimed", f.claimKeys(10, noon().Add(lease)), []string{"a"})
		}},
		{"set back has replies due when their delay is over", func(f *fixture) {
			plan := planOf("late", 0)
			plan.Due = aheadBy(70)
			f.plan("a", plan)
			f.plan("b", planOf("in time", -10))
			f.setBack()
			f.nextDelivery("after it", after(-10))
			f.equal("taken at once", f.takeTexts(10, after(69)), []string{"in time"})
			f.equal("taken", f.takeTexts(10, after(70)), []string{"late"})
		}},
		{"set back looks for replies no earlier than it should have", func(f *fixture) {
			delivery := f.planAt("a", sendingNow("hello"), aheadBy(0))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Unknown, At: aheadBy(0), Due: aheadBy(60_000)})
			f.setBack()
			f.nextDoubt("after it", after(60_000))
			f.equal("began", f.takeDoubt(after(60_000)).Began, noon().Add(-time.Minute))
		}},
		{"set back has nothing happen in the future", func(f *fixture) {
			plan := marked("hash")
			plan.Now = true
			sent := f.planAt("a", plan, aheadBy(0))
			f.finish(sent.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: aheadBy(9)})
			f.setBack()
			f.marks("hash", noon())
			f.equal("sent", f.settledOf(sent).Fate.At, noon())
			f.sentTimes(account, noon().Add(-time.Hour), noon())
		}},
		{"set back lets marks be given back", func(f *fixture) {
			sent := f.planAt("a", marked("hash"), aheadBy(0))
			f.setBack()
			f.take(1, noon())
			f.finish(sent.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			f.marks("hash")
		}},
		{"set back leaves alone what is not in the future", func(f *fixture) {
			sent := f.planAt("b", sendingNow("hello"), after(-9))
			f.finish(sent.ID, ledger.Fate{State: ledger.Unknown, At: after(-8), Due: after(-7)})
			f.must(f.Retry(f.Context(), f.acceptOne("a").Seq, after(-5), nil, "waits"))
			f.setBack()
			f.nextDue("event", after(-5))
			f.nextDoubt("doubt", after(-7))
			doubt := f.takeDoubt(noon())
			f.equal("began", doubt.Began, after(-9))
			f.equal("expires", doubt.Expires, after(86_400_000))
		}},
		{"set back changes any number of deliveries", func(f *fixture) {
			const n = 450 // more than one transaction does
			want := make([]time.Time, n)
			for i := range n {
				f.planAt(time.Duration(i).String(), sendingNow("hello"), aheadBy(i))
				want[i] = noon().Add(-time.Minute + time.Duration(i)*time.Millisecond)
			}
			f.setBack()
			f.sentTimes(account, noon().Add(-time.Hour), want...)
		}},
		{"set back has what is old be found again, and no number given twice", func(f *fixture) {
			last := f.acceptOne("a").Seq
			f.enter(last, entryOf())
			f.equal("pruned", f.prune(aheadBy(-1000)), ledger.Pruned{}) // it saw a in the future
			f.setBack()
			f.equal("pruned in time", f.prune(noon().Add(day+2*time.Hour)), ledger.Pruned{Entries: 1})
			f.reopen()
			if seq := f.acceptOne("b").Seq; seq <= last {
				f.Errorf("b has number %d, a had %d", seq, last)
			}
		}},
	}...)
}

func latestCases() []testcase {
	is := func(f *fixture, want time.Time) {
		f.Helper()
		latest, err := f.Latest(f.Context())
		f.must(err)
		f.equal("latest", latest, want)
	}
	return []testcase{
		{"latest is nothing at first", func(f *fixture) { is(f, time.Time{}) }},
		{"latest is when an event came in", func(f *fixture) {
			f.accept(arrival("a", 70), arrival("b", 5))
			is(f, after(70))
		}},
		{"latest is when an event was decided", func(f *fixture) {
			entry := entryOf()
			entry.Now = after(90)
			f.enter(f.acceptOne("a").Seq, entry)
			is(f, after(90))
		}},
		{"latest is when a reply began to be sent, or ended", func(f *fixture) {
			delivery := f.plan("a", planOf("hello", 0))
			f.take(1, after(40))
			is(f, after(40))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: after(50)})
			is(f, after(50))
		}},
	}
}
