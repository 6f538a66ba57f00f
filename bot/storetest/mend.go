package storetest

import (
	"errors"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// failed ends an event in the verdict.
func (f *fixture) failed(key string, verdict ledger.Verdict) int64 {
	f.Helper()
	item := f.acceptOne(key)
	entry := entryOf()
	entry.Record.Verdict, entry.Record.Because = verdict, rules.BecauseFailed
	f.enter(item.Seq, entry)
	return item.Seq
}

// reopened checks how many events come back.
func (f *fixture) reopened(want int) {
	f.Helper()
	n, err := f.Reopen(f.Context(), after(5))
	f.must(err)
	f.equal("reopened", n, want)
}

func (f *fixture) refuses(what string, err, want error) {
	f.Helper()
	if !errors.Is(err, want) {
		f.Errorf("%s: got error %v, want %v", what, err, want)
	}
}

// settledFates are those after which a delivery can be sent again.
func settledFates() []ledger.State { return []ledger.State{ledger.Refused, ledger.Unknown} }

func mendCases() []testcase {
	return []testcase{
		{"has a failed event judged again, once, as if it had just come", func(f *fixture) {
			seq := f.failed("a", ledger.VerdictError)
			f.reopened(0)
			f.must(f.atDesk().JudgeAgain(f.Context(), seq, after(1)))
			f.must(f.atDesk().JudgeAgain(f.Context(), seq, after(2)))
			_, err := f.Record(f.Context(), seq)
			f.must(err)
			f.reopened(1)
			f.reopened(0)
			_, err = f.Record(f.Context(), seq)
			f.refuses("record", err, ledger.ErrNoEntry)
			f.equal("open", f.counts().Open, 1)
			want := arrival("a", 0)
			want.Rank = 0
			item := f.claimOne(after(5))
			f.equal("arrival", item.Arrival, want)
			f.equal("facts and attempts", []int{len(item.Facts), item.Attempts}, []int{0, 1})
			f.accept(arrival("a", 7))
			f.enter(seq, entryOf(planOf("hello", 0)))
			f.equal("said", f.takeTexts(10, after(5)), []string{"hello"})
		}},
		{"judges again only what failed", func(f *fixture) {
			open := f.acceptOne("open").Seq
			f.refuses("open", f.atDesk().JudgeAgain(f.Context(), open, noon()), ledger.ErrNotFailed)
			f.refuses("none", f.atDesk().JudgeAgain(f.Context(), 12345, noon()), ledger.ErrNotFailed)
			for _, verdict := range []ledger.Verdict{ledger.VerdictSkipped, ledger.VerdictNoMatch, ledger.VerdictReply} {
				seq := f.failed(string(verdict), verdict)
				f.refuses(string(verdict), f.atDesk().JudgeAgain(f.Context(), seq, noon()), ledger.ErrNotFailed)
			}
			f.reopened(0)
		}},
		{"lets a reopened event wait for its thread, and its thread for it", func(f *fixture) {
			f.accept(inThread("t", "a", 0))
			a := f.claimOne(noon())
			entry := entryOf()
			entry.Record.Verdict = ledger.VerdictError
			f.enter(a.Seq, entry)
			f.accept(inThread("t", "b", 0))
			f.must(f.atDesk().JudgeAgain(f.Context(), a.Seq, noon()))
			f.reopened(1)
			f.accept(inThread("t", "c", 0))
			for _, key := range []string{"b", "a", "c"} {
				item := f.claimOne(after(10))
				f.equal("key", item.Key, key)
				f.enter(item.Seq, entryOf())
			}
		}},
		{"plans again what ended badly, and its rule counts it", func(f *fixture) {
			for _, state := range settledFates() {
				delivery := f.bring(string(state), marked("of "+string(state)), state)
				f.must(f.atDesk().SendAgain(f.Context(), delivery.ID, true, after(5)))
				f.marks("of "+string(state), noon())
				f.nextDelivery("then", after(5))
				taken := f.take(10, after(5))
				f.equal("taken", len(taken), 1)
				f.equal("attempts", taken[0].Attempts, 2)
				f.finish(delivery.ID, ledger.Fate{State: ledger.Refused, At: after(6)})
				f.marks("of " + string(state))
			}
		}},
		{"sends again what may have been said only if told so", func(f *fixture) {
			unknown, refused := f.bring("a", planOf("a", 0), ledger.Unknown), f.bring("b", planOf("b", 0), ledger.Refused)
			f.refuses("unknown", f.atDesk().SendAgain(f.Context(), unknown.ID, false, noon()), ledger.ErrMaybeSaid)
			f.equal("state", f.settledOf(unknown).State, ledger.Unknown)
			f.must(f.atDesk().SendAgain(f.Context(), refused.ID, false, noon()))
		}},
		{"sends again nothing else", func(f *fixture) {
			for _, state := range []ledger.State{ledger.Waiting, ledger.Rejected, ledger.Planned, ledger.Sending, ledger.Posted, ledger.Cancelled} {
				delivery := f.bring(string(state), planOf("a", 0), state)
				f.refuses(string(state), f.atDesk().SendAgain(f.Context(), delivery.ID, true, noon()), ledger.ErrNotSettled)
				f.equal("state", f.settledOf(delivery).State, state)
			}
			f.refuses("none", f.atDesk().SendAgain(f.Context(), 12345, true, noon()), ledger.ErrNotSettled)
		}},
		{"sends again nothing that is too old or paused", func(f *fixture) {
			plan := planOf("a", 0)
			plan.Expires = after(10)
			delivery := f.bring("a", plan, ledger.Unknown)
			f.refuses("old", f.atDesk().SendAgain(f.Context(), delivery.ID, true, after(11)), ledger.ErrExpired)
			f.pause(pauseOf(ledger.ScopeAll, "", 5))
			var paused *ledger.PausedError
			if err := f.atDesk().SendAgain(f.Context(), delivery.ID, true, noon()); !errors.As(err, &paused) {
				f.Errorf("paused: got error %v", err)
			}
			f.must(f.atDesk().SendAgain(f.Context(), delivery.ID, true, after(10)))
		}},
		{"settles what is unknown", func(f *fixture) {
			posted, refused := f.bring("a", marked("a"), ledger.Unknown), f.bring("b", marked("b"), ledger.Unknown)
			f.must(f.atDesk().Resolve(f.Context(), posted.ID, ledger.Posted, "seen", after(5)))
			f.must(f.atDesk().Resolve(f.Context(), refused.ID, ledger.Refused, "", after(6)))
			f.equal("posted", f.settledOf(posted).Fate, ledger.Fate{State: ledger.Posted, Reason: "settled by a person: seen", At: after(5)})
			f.equal("refused", f.settledOf(refused).Fate, ledger.Fate{State: ledger.Refused, Reason: "settled by a person", At: after(6)})
			f.marks("a", noon())
			f.marks("b")
			f.sentTimes(account, noon(), noon())
			for _, delivery := range []ledger.Delivery{posted, refused} {
				f.refuses("again", f.atDesk().Resolve(f.Context(), delivery.ID, ledger.Posted, "", noon()), ledger.ErrNotUnknown)
			}
		}},
		{"settles nothing else, and as nothing else", func(f *fixture) {
			for _, state := range []ledger.State{ledger.Waiting, ledger.Planned, ledger.Sending, ledger.Posted, ledger.Refused, ledger.Cancelled} {
				delivery := f.bring(string(state), planOf("a", 0), state)
				f.refuses(string(state), f.atDesk().Resolve(f.Context(), delivery.ID, ledger.Refused, "", noon()), ledger.ErrNotUnknown)
				f.equal("state", f.settledOf(delivery).State, state)
			}
			unknown := f.bring("unknown", planOf("a", 0), ledger.Unknown)
			if err := f.atDesk().Resolve(f.Context(), unknown.ID, ledger.Cancelled, "", noon()); err == nil {
				f.Error("resolved as cancelled")
			}
			f.equal("state", f.settledOf(unknown).State, ledger.Unknown)
		}},
	}
}
