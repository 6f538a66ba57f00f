package storetest

import (
	"fmt"

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
			f.must(f.Hasten(f.Context(), account, after(1)))
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
			f.must(f.Hasten(f.Context(), account, after(1)))
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
			f.must(f.Hasten(f.Context(), account, after(1)))
			f.equal("taken", f.takeTexts(10, after(1)), []string{"b", "a", "c"})
			f.equal("later", f.takeTexts(10, after(50)), []string{"delayed"})
		}},
		{"tells why a reply waits", func(f *fixture) {
			delivery := f.plan("a", putOff("a", 60))
			f.equal("reason", f.settledOf(delivery).Fate.Reason, "the account waits")
		}},
	}
}
