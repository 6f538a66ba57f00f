package storetest

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// pauseOf is a pause of that until so many milliseconds after noon; 0: for ever.
func pauseOf(scope ledger.Scope, name string, until int) ledger.Pause {
	p := ledger.Pause{Scope: scope, Name: name, Reason: "a wrong price", By: "ada", Since: after(-1)}
	if until != 0 {
		p.Until = after(until)
	}
	return p
}

func (f *fixture) pause(pause ledger.Pause) {
	f.Helper()
	f.must(f.atDesk().Pause(f.Context(), pause))
}

func (f *fixture) resume(scope ledger.Scope, name string, now time.Time) {
	f.Helper()
	f.must(f.atDesk().Resume(f.Context(), scope, name, now))
}

// pauses checks what desk and store say of the pauses.
func (f *fixture) pauses(now time.Time, want ...ledger.Holding) {
	f.Helper()
	for name, who := range map[string]interface {
		Pauses(context.Context, time.Time) ([]ledger.Holding, error)
	}{"desk": f.atDesk(), "store": f.Store} {
		got, err := who.Pauses(f.Context(), now)
		f.must(err)
		f.equal("pauses of the "+name, append([]ledger.Holding{}, got...), append([]ledger.Holding{}, want...))
	}
}

// allScopes are pauses of every scope that hold back the fixture's deliveries.
func allScopes(until int) []ledger.Pause {
	return []ledger.Pause{
		pauseOf(ledger.ScopeAll, "", until), pauseOf(ledger.ScopeAccount, account, until), pauseOf(ledger.ScopeRule, "challenge", until),
	}
}

// others are pauses that hold back nothing of the fixture's.
func others() []ledger.Pause {
	return []ledger.Pause{
		pauseOf(ledger.ScopeAccount, "challenge", 0), pauseOf(ledger.ScopeAccount, "1", 0), pauseOf(ledger.ScopeRule, account, 0),
		pauseOf(ledger.ScopeRule, "Challenge", 0), pauseOf(ledger.ScopeRule, "all", 0),
	}
}

func pauseCases() []testcase {
	return []testcase{
		{"is told as it was made, with what waits for its end", func(f *fixture) {
			f.pauses(noon())
			elsewhere := planOf("other", 0)
			elsewhere.Account, elsewhere.Rule = "1", "price"
			f.plan("a", planOf("hello", 0))
			f.plan("b", elsewhere)
			f.bring("c", planOf("posted", 0), ledger.Posted)
			scopes := allScopes(10)
			for _, i := range []int{2, 0, 1} {
				f.pause(scopes[i])
			}
			f.pauses(after(9), ledger.Holding{Pause: scopes[0], Planned: 2}, ledger.Holding{Pause: scopes[1], Planned: 1},
				ledger.Holding{Pause: scopes[2], Planned: 1})
			f.pauses(after(10))
		}},
		{"takes the place of another of the same", func(f *fixture) {
			f.pause(pauseOf(ledger.ScopeRule, "challenge", 10))
			again := ledger.Pause{Scope: ledger.ScopeRule, Name: "challenge", Reason: "other", Since: after(5)}
			f.pause(again)
			f.pauses(after(11), ledger.Holding{Pause: again})
			f.resume(ledger.ScopeRule, "challenge", after(12))
			f.pauses(after(12))
		}},
		{"is of something", func(f *fixture) {
			for _, p := range []ledger.Pause{pauseOf(ledger.ScopeAll, "1", 0), pauseOf(ledger.ScopeRule, "", 0), pauseOf(ledger.ScopeAccount, "", 0), pauseOf("media", "1", 0), pauseOf(ledger.ScopeRule, "caf\xe9", 0)} {
				if err := f.atDesk().Pause(f.Context(), p); err == nil {
					f.Errorf("paused %+v", p)
				}
			}
			f.pauses(noon())
		}},
		{"ends only if there is one", func(f *fixture) {
			f.pause(pauseOf(ledger.ScopeRule, "challenge", 10))
			for name, err := range map[string]error{
				"another scope": f.atDesk().Resume(f.Context(), ledger.ScopeAccount, "challenge", noon()),
				"another name":  f.atDesk().Resume(f.Context(), ledger.ScopeRule, "price", noon()),
				"over":          f.atDesk().Resume(f.Context(), ledger.ScopeRule, "challenge", after(10)),
			} {
				if !errors.Is(err, ledger.ErrNotPaused) {
					f.Errorf("%s: got error %v", name, err)
				}
			}
			f.pauses(noon(), ledger.Holding{Pause: pauseOf(ledger.ScopeRule, "challenge", 10)})
		}},
		{"is known to a conclusion, the longest first", func(f *fixture) {
			paused := func(now time.Time, want ledger.Pause) {
				f.Helper()
				f.consult(func(book ledger.Book) {
					got, err := book.Paused(account, "challenge", now)
					f.must(err)
					f.equal("paused", got, want)
				})
			}
			for _, p := range others() {
				f.pause(p)
			}
			paused(noon(), ledger.Pause{})
			long := pauseOf(ledger.ScopeAccount, account, 20)
			f.pause(pauseOf(ledger.ScopeAll, "", 10))
			f.pause(long)
			f.pause(pauseOf(ledger.ScopeRule, "challenge", 15))
			paused(after(19), long)
			paused(after(20), ledger.Pause{})
			f.pause(pauseOf(ledger.ScopeRule, "challenge", 0))
			paused(noon(), pauseOf(ledger.ScopeRule, "challenge", 0))
		}},
		{"keeps what was planned from being sent, until it ends", func(f *fixture) {
			for _, p := range allScopes(10) {
				f.plan(string(p.Scope), planOf(string(p.Scope), 0))
				f.pause(p)
				f.nextDelivery("until it ends", after(10))
				f.equal("taken", f.takeTexts(10, after(9)), []string{})
				f.equal("taken at its end", f.takeTexts(10, after(10)), []string{string(p.Scope)})
				f.resume(p.Scope, p.Name, noon())
			}
		}},
		{"for ever leaves nothing to send", func(f *fixture) {
			for _, p := range allScopes(0) {
				f.plan(string(p.Scope), planOf(string(p.Scope), 3))
				f.pause(p)
				f.nextDelivery("for ever", time.Time{})
				f.equal("taken", f.takeTexts(10, noon().Add(enough)), []string{})
				f.resume(p.Scope, p.Name, noon().Add(enough))
				f.nextDelivery("when it is over", after(3))
				f.equal("taken when it is over", f.takeTexts(10, after(3)), []string{string(p.Scope)})
			}
		}},
		{"of something else holds nothing back", func(f *fixture) {
			f.plan("a", planOf("hello", 3))
			for _, p := range others() {
				f.pause(p)
			}
			f.nextDelivery("of something else", after(3))
			f.equal("taken", f.takeTexts(10, after(3)), []string{"hello"})
		}},
		{"keeps others going", func(f *fixture) {
			f.pause(pauseOf(ledger.ScopeRule, "challenge", 0))
			f.plan("a", planOf("held back", 0))
			other := planOf("price", 5)
			other.Rule = "price"
			f.plan("b", other)
			f.nextDelivery("of the other", after(5))
			f.equal("taken", f.takeTexts(1, after(5)), []string{"price"})
		}},
		{"has what grows too old meanwhile expire", func(f *fixture) {
			plan := marked("a")
			plan.Expires = after(10)
			delivery := f.plan("a", plan)
			f.pause(pauseOf(ledger.ScopeRule, plan.Rule, 0))
			f.expired(after(10), 0)
			f.expired(after(11), 1)
			settled := f.settledOf(delivery)
			f.equal("state", settled.State, ledger.Cancelled)
			f.equal("because", settled.Fate.Because, rules.BecauseExpired)
			f.marks("a")
		}},
		{"that has ended is cleared away, no other", func(f *fixture) {
			f.pause(pauseOf(ledger.ScopeRule, "a", 10))
			f.pause(pauseOf(ledger.ScopeRule, "b", 11))
			f.pause(pauseOf(ledger.ScopeRule, "c", 0))
			f.expired(after(10), 0)
			f.pauses(noon(), ledger.Holding{Pause: pauseOf(ledger.ScopeRule, "b", 11)}, ledger.Holding{Pause: pauseOf(ledger.ScopeRule, "c", 0)})
		}},
		{"keeps what waits for a person from being approved, not from being rejected", func(f *fixture) {
			for _, p := range allScopes(10) {
				delivery := f.plan(string(p.Scope), waitingUntil("hello", 1000))
				f.pause(p)
				var paused *ledger.PausedError
				if err := f.atDesk().Approve(f.Context(), delivery.ID, "", noon()); !errors.As(err, &paused) || paused.Pause != p {
					f.Errorf("approved: got error %v", err)
				}
				f.equal("pending", f.pending(noon()), []string{"hello"})
				f.approve(delivery.ID, "", after(10))
				other := f.plan("other "+string(p.Scope), waitingUntil("hello", 1000))
				f.must(f.atDesk().Reject(f.Context(), other.ID, noon()))
				f.resume(p.Scope, p.Name, noon())
			}
		}},
		{"lasts beyond the end of the store", func(f *fixture) {
			f.must(f.Close())
			f.pause(pauseOf(ledger.ScopeAll, "", 0))
			f.open()
			f.pauses(noon(), ledger.Holding{Pause: pauseOf(ledger.ScopeAll, "", 0)})
		}},
	}
}
