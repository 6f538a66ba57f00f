package storetest

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// expired checks how many deliveries expire.
func (f *fixture) expired(now time.Time, want int) {
	f.Helper()
	n, err := f.Expire(f.Context(), now)
	f.must(err)
	f.equal(fmt.Sprint("expired at ", now), n, want)
}

func expireCases() []testcase {
	return []testcase{
		{"ends what waited beyond its time, and gives its marks back", func(f *fixture) {
			a, b := f.plan("a", waitingUntil("a", 10)), f.plan("b", waitingUntil("b", 11))
			f.expired(after(10), 0)
			f.equal("waiting", f.counts().Deliveries, map[ledger.State]int{ledger.Waiting: 2})
			f.expired(after(11), 1)
			f.expired(after(11), 0)
			settled := f.settledOf(a)
			f.equal("state", settled.State, ledger.Cancelled)
			settled.Fate.Reason = ""
			f.equal("fate", settled.Fate, ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseExpired, At: after(11)})
			f.marks("of a")
			f.marks("of b", noon())
			f.equal("other", f.settledOf(b).State, ledger.Waiting)
			f.expired(after(12), 1)
			f.marks("of b")
		}},
		{"leaves alone what doesn't wait", func(f *fixture) {
			for _, state := range []ledger.State{ledger.Planned, ledger.Sending, ledger.Posted, ledger.Unknown} {
				plan := marked("a")
				plan.Expires = after(10)
				f.bring(string(state), plan, state)
			}
			approved := f.plan("approved", waitingUntil("a", 10))
			f.approve(approved.ID, "", noon())
			f.expired(noon().Add(enough), 0)
			f.marks("a", noon(), noon(), noon(), noon())
			f.equal("approved", f.settledOf(approved).State, ledger.Planned)
		}},
	}
}
