package storetest

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
)

// putOff is a plan that waits because the account has to.
func putOff(text string, due int) ledger.Plan {
	plan := planOf(text, due)
	plan.PutOff = "the account waits"
	return plan
}

func hastenCases() []testcase {
	return []testcase{
		{"brings events back in the order in which they came", func(f *fixture) {
			const n = 1200 // more than one transaction takes
			arrivals := make([]inbox.Arrival, n)
			want := make([]string, n)
			for i := range arrivals {
				want[i] = fmt.Sprint(i)
				arrivals[i] = arrival(want[i], 0)
			}
			f.accept(arrivals...)
			for i, item := range f.claim(n, noon()) {
				f.must(f.Retry(f.Context(), item.Seq, after(5000-i), nil, "the account waits"))
			}
			f.must(f.Hasten(f.Context(), account, after(1), settleAfter))
			f.equal("claimed", f.claimKeys(n, after(1)), want)
		}},
		{"leaves other accounts and what is in work alone", func(f *fixture) {
			other := arrival("other", 0)
			other.Account = "2"
			f.accept(other)
			f.must(f.Retry(f.Context(), f.claimOne(noon()).Seq, after(50), nil, "waits"))
			plan := putOff("other", 50)
			plan.Account = "2"
			f.plan("other reply", plan)
			f.acceptOne("in work")
			f.must(f.Hasten(f.Context(), account, after(1), settleAfter))
			f.equal("claimed", f.claimKeys(10, after(1)), []string{})
			f.equal("taken", f.takeTexts(10, after(1)), []string{})
			f.equal("claimed later", f.claimKeys(10, after(50)), []string{"other"})
		}},
		{"brings replies back that were put off, by any reason but their rule's delay", func(f *fixture) {
			f.plan("delayed", planOf("delayed", 50))
			f.plan("b", putOff("b", 40))
			f.plan("a", putOff("a", 60))
			again := f.plan("c", sendingNow("c"))
			f.finish(again.ID, ledger.Fate{State: ledger.Planned, At: noon(), Due: after(30), Reason: "refused connection"})
			f.must(f.Hasten(f.Context(), account, after(1), settleAfter))
			f.equal("taken", f.takeTexts(10, after(1)), []string{"b", "a", "c"})
			f.equal("later", f.takeTexts(10, after(50)), []string{"delayed"})
		}},
		{"brings looks back that were put off, and none before its time", func(f *fixture) {
			const settle = 10 * time.Millisecond
			refused := func(name string, looks int) {
				f.inDoubt(name, 10)
				doubt := f.takeDoubt(after(10))
				doubt.Looks = looks
				f.must(f.Settle(f.Context(), doubt, ledger.Fate{State: ledger.Unknown, At: after(12), Due: after(5000)}))
			}
			refused("never looked for", 0)
			f.must(f.Hasten(f.Context(), account, after(13), settle))
			f.nextDoubt("half the time after it was refused", after(17))
			f.must(f.Hasten(f.Context(), "2", after(13), settle))
			f.takeDoubt(after(17))
			f.must(f.Hasten(f.Context(), account, after(20), settle))
			f.nextDoubt("not while somebody looks", after(17).Add(2*time.Hour))

			refused("looked for once", 1)
			f.must(f.Hasten(f.Context(), account, after(40), settle))
			f.nextDoubt("now", after(40))
		}},
		{"leaves a first look to its time", func(f *fixture) {
			f.inDoubt("a", 10)
			f.must(f.Hasten(f.Context(), account, after(1), 10*time.Millisecond))
			f.nextDoubt("not before", after(10))
		}},
		{"tells why a reply waits", func(f *fixture) {
			delivery := f.plan("a", putOff("a", 60))
			f.equal("reason", f.settledOf(delivery).Fate.Reason, "the account waits")
		}},
	}
}
