package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// settleAfter is how long after it began to be sent a delivery of unknown fate is looked for.
const settleAfter = 60 * time.Second

// lookUntil is when the tests' looks, taken at noon or soon after, have to be done.
func lookUntil() time.Time { return noon().Add(2 * time.Hour) }

// inDoubt is a delivery that began to be sent at noon and is looked for that many milliseconds later.
func (f *fixture) inDoubt(text string, settle int) ledger.Delivery {
	f.Helper()
	d := f.plan("of "+text, sendingNow(text))
	f.finish(d.ID, ledger.Fate{State: ledger.Unknown, Because: rules.BecauseFailed, Reason: "no answer", At: after(1), Due: after(settle)})
	return d
}

func (f *fixture) takeDoubts(n int, now time.Time) []ledger.Doubt {
	f.Helper()
	doubts, err := f.TakeDoubts(f.Context(), share.Of(n), now, now.Add(2*time.Hour))
	f.must(err)
	return doubts
}

// takeDoubt takes the one that is due.
func (f *fixture) takeDoubt(now time.Time) ledger.Doubt {
	f.Helper()
	doubts := f.takeDoubts(10, now)
	if len(doubts) != 1 {
		f.Fatalf("took %d doubts, want one", len(doubts))
	}
	return doubts[0]
}

func (f *fixture) nextDoubt(when string, want time.Time) {
	f.Helper()
	got, err := f.NextDoubt(f.Context())
	f.must(err)
	if !got.Equal(want) {
		f.Errorf("%s: next doubt %v, want %v", when, got, want)
	}
}

// settleFails settles and wants the error.
func (f *fixture) settleFails(d ledger.Doubt, fate ledger.Fate, want error) {
	f.Helper()
	if err := f.Settle(f.Context(), d, fate); !errors.Is(err, want) {
		f.Errorf("settled as %q: %v, want %v", fate.State, err, want)
	}
}

func doubtCases() []testcase {
	found := ledger.Fate{State: ledger.Posted, PostedID: "18001", Reason: "found", At: after(9)}
	return []testcase{
		{"is taken when it is to be looked for, longest due first, as it was planned", func(f *fixture) {
			f.nextDoubt("none", time.Time{})
			second, first := f.inDoubt("b", 7), f.inDoubt("a", 5)
			f.nextDoubt("two", after(5))
			f.equal("before", len(f.takeDoubts(10, after(4))), 0)
			f.equal("none", len(f.takeDoubts(0, after(9))), 0)
			for _, want := range []ledger.Delivery{first, second} {
				want.State, want.Now = ledger.Unknown, false
				doubts := f.takeDoubts(1, after(9))
				f.equal("taken", doubts, []ledger.Doubt{{Delivery: want, Began: noon(), Reason: "no answer"}})
			}
			f.equal("taken already", len(f.takeDoubts(10, after(9))), 0)
		}},
		{"comes back when who looks for it is dead", func(f *fixture) {
			f.inDoubt("a", 5)
			f.takeDoubt(after(5))
			f.nextDoubt("meanwhile", after(5).Add(2*time.Hour))
			f.takeDoubt(after(5).Add(2 * time.Hour))
		}},
		{"comes back at once after a crash", func(f *fixture) {
			f.inDoubt("a", 5)
			f.takeDoubt(after(5))
			_, err := f.Recover(f.Context(), after(8), settleAfter)
			f.must(err)
			f.nextDoubt("after the start", after(8))
			f.takeDoubt(after(8))
		}},
		{"keeps its time through a crash while nobody looks", func(f *fixture) {
			f.inDoubt("a", 5000)
			f.recovered(ledger.Recovered{})
			f.nextDoubt("after the start", after(5000))
		}},
		{"is what a crash left in sending", func(f *fixture) {
			d := f.planAt("a", sendingNow("a"), after(3))
			_, err := f.Recover(f.Context(), after(9), settleAfter)
			f.must(err)
			f.nextDoubt("after the start", after(3).Add(settleAfter))
			doubt := f.takeDoubt(after(3).Add(settleAfter))
			f.equal("id", doubt.ID, d.ID)
			f.equal("began", doubt.Began, after(3))
		}},
		{"for good is nobody's to look for", func(f *fixture) {
			d := f.plan("a", sendingNow("a"))
			f.finish(d.ID, ledger.Fate{State: ledger.Unknown, At: noon()})
			f.nextDoubt("for good", time.Time{})
			f.equal("taken", len(f.takeDoubts(10, lookUntil())), 0)
		}},
		{"that is found is posted", func(f *fixture) {
			d := f.inDoubt("a", 5)
			doubt := f.takeDoubt(after(5))
			f.must(f.Settle(f.Context(), doubt, found))
			f.equal("fate", f.settledOf(d).Fate, found)
			f.nextDoubt("after", time.Time{})
			f.sentTimes(account, noon(), noon())
			sent, err := f.SentIDs(f.Context(), account, []string{"18001", "18002"})
			f.must(err)
			f.equal("sent", sent, map[string]bool{"18001": true})
			sent, err = f.SentIDs(f.Context(), "1", []string{"18001"})
			f.must(err)
			f.equal("sent by another account", sent, map[string]bool{})
			f.settleFails(doubt, found, ledger.ErrNotInDoubt)
		}},
		{"that was surely not said is planned once more", func(f *fixture) {
			f.inDoubt("a", 5)
			fate := ledger.Fate{State: ledger.Planned, Reason: "not there", At: after(9), Due: after(10)}
			f.must(f.Settle(f.Context(), f.takeDoubt(after(5)), fate))
			f.nextDoubt("after", time.Time{})
			f.nextDelivery("after", after(10))
			f.sentTimes(account, noon())
			again := f.take(1, after(11))[0]
			f.equal("attempts", again.Attempts, 2)
			f.finish(again.ID, ledger.Fate{State: ledger.Unknown, At: after(12), Due: after(20)})
			doubt := f.takeDoubt(after(20))
			f.equal("again", doubt.Again, true)
			f.equal("began", doubt.Began, after(11))
		}},
		{"that Meta accepted is never planned again by who looks for it", func(f *fixture) {
			d := f.plan("a", sendingNow("a"))
			f.finish(d.ID, ledger.Fate{State: ledger.Unknown, At: noon(), Due: after(5), Accepted: true})
			doubt := f.takeDoubt(after(5))
			f.equal("accepted", doubt.Accepted, true)
			f.settleFails(doubt, ledger.Fate{State: ledger.Planned, At: after(6), Due: after(6)}, ledger.ErrNotInDoubt)
			f.must(f.Settle(f.Context(), doubt, ledger.Fate{State: ledger.Unknown, At: after(6), Due: after(8)}))
			f.equal("later", f.takeDoubt(after(8)).Accepted, true)
			// What a person has sent again is in doubt by its own answer.
			f.must(f.atDesk().SendAgain(f.Context(), d.ID, true, after(9)))
			f.finish(f.take(1, after(9))[0].ID, ledger.Fate{State: ledger.Unknown, At: after(9), Due: after(10)})
			doubt = f.takeDoubt(after(10))
			f.equal("sent again", doubt.Accepted, false)
			f.must(f.Settle(f.Context(), doubt, ledger.Fate{State: ledger.Planned, At: after(11), Due: after(11)}))
		}},
		{"that Meta accepted may be posted", func(f *fixture) {
			d := f.plan("a", sendingNow("a"))
			f.finish(d.ID, ledger.Fate{State: ledger.Unknown, At: noon(), Due: after(5), Accepted: true})
			f.must(f.Settle(f.Context(), f.takeDoubt(after(5)), found))
			f.equal("fate", f.settledOf(d).Fate, found)
		}},
		{"is looked for again, or given up", func(f *fixture) {
			d := f.inDoubt("a", 5)
			doubt := f.takeDoubt(after(5))
			doubt.Looks = 1
			f.must(f.Settle(f.Context(), doubt, ledger.Fate{State: ledger.Unknown, Reason: "not seen", At: after(6), Due: after(8)}))
			f.nextDoubt("again", after(8))
			doubt = f.takeDoubt(after(8))
			f.equal("looks", doubt.Looks, 1)
			f.equal("reason", doubt.Reason, "not seen")
			given := ledger.Fate{State: ledger.Unknown, Because: rules.BecauseFailed, Reason: "never seen", At: after(9)}
			f.must(f.Settle(f.Context(), doubt, given))
			f.nextDoubt("given up", time.Time{})
			f.equal("fate", f.settledOf(d).Fate, given)
		}},
		{"is not settled by what was found out before it was sent again", func(f *fixture) {
			f.inDoubt("a", 5)
			old := f.takeDoubt(after(5))
			f.must(f.Settle(f.Context(), old, ledger.Fate{State: ledger.Planned, At: after(6), Due: after(6)}))
			f.settleFails(old, found, ledger.ErrNotInDoubt)
			again := f.take(1, after(7))[0]
			f.settleFails(old, found, ledger.ErrNotInDoubt)
			f.finish(again.ID, ledger.Fate{State: ledger.Unknown, At: after(8), Due: after(9)})
			for _, fate := range []ledger.Fate{found, {State: ledger.Planned, Due: after(9)}, {State: ledger.Unknown}} {
				f.settleFails(old, fate, ledger.ErrNotInDoubt)
			}
		}},
		{"doesn't get what another delivery was posted with", func(f *fixture) {
			other := f.plan("a", sendingNow("the other"))
			f.inDoubt("b", 5)
			f.finish(other.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: after(2)})
			f.settleFails(f.takeDoubt(after(5)), found, ledger.ErrContested)
		}},
		{"doesn't get what may be that of another being sent", func(f *fixture) {
			f.inDoubt("same", 5)
			other := f.plan("b", sendingNow("same"))
			doubt := f.takeDoubt(after(5))
			f.settleFails(doubt, found, ledger.ErrContested)
			f.finish(other.ID, ledger.Fate{State: ledger.Refused, At: after(6)})
			f.must(f.Settle(f.Context(), doubt, found))
		}},
		{"has no other ends", func(f *fixture) {
			f.inDoubt("a", 5)
			doubt := f.takeDoubt(after(5))
			for _, state := range []ledger.State{"", ledger.Sending, ledger.Refused, ledger.Cancelled, ledger.Waiting} {
				if err := f.Settle(f.Context(), doubt, ledger.Fate{State: state}); err == nil {
					f.Errorf("settled as %q", state)
				}
			}
		}},
	}
}

// nextDoubt is when the model's next doubt is to be looked for.
func (m *model) nextDoubt() time.Time {
	var next time.Time
	for _, d := range m.deliveries {
		if d.doubted() && (next.IsZero() || d.settle.Before(next)) {
			next = d.settle
		}
	}
	return next
}

func (d *modelDelivery) doubted() bool { return d.state == ledger.Unknown && !d.settle.IsZero() }

func (m *model) look(t *rapid.T) {
	n := rapid.IntRange(0, 3).Draw(t, "n")
	due := slices.DeleteFunc(slices.Clone(m.deliveries), func(d *modelDelivery) bool {
		return !d.doubted() || d.settle.After(m.now)
	})
	slices.SortFunc(due, func(a, b *modelDelivery) int {
		if c := a.settle.Compare(b.settle); c != 0 {
			return c
		}
		return int(a.id - b.id)
	})
	until := m.now.Add(time.Minute)
	want, got := map[int64]ledger.Doubt{}, map[int64]ledger.Doubt{}
	for _, d := range due[:min(n, len(due))] {
		d.settle, d.looking = until, true
		want[d.id] = ledger.Doubt{Began: d.began, Looks: d.looks, Again: d.again, Accepted: d.accepted}
	}
	taken, err := m.store.TakeDoubts(m.store.Context(), share.Of(n), m.now, until)
	m.store.must(err)
	for _, d := range taken {
		got[d.ID] = ledger.Doubt{Began: d.Began, Looks: d.Looks, Again: d.Again, Accepted: d.Accepted}
	}
	m.store.equal("doubts", got, want)
}

func (m *model) settle(t *rapid.T) {
	d := m.someDelivery(t)
	if d == nil {
		return
	}
	state := rapid.SampledFrom([]ledger.State{ledger.Posted, ledger.Unknown, ledger.Planned}).Draw(t, "state")
	fate := ledger.Fate{State: state, At: m.now, Due: m.now.Add(time.Duration(rapid.IntRange(1, 9).Draw(t, "due")) * time.Second)}
	if state == ledger.Posted {
		fate.PostedID = fmt.Sprint("posted ", d.id) // two of one id are contested
	}
	if state == ledger.Unknown && rapid.Bool().Draw(t, "for good") {
		fate.Due = time.Time{}
	}
	attempts := d.attempts - rapid.IntRange(0, 1).Draw(t, "old")
	doubt := ledger.Doubt{Looks: d.looks + 1, Delivery: ledger.Delivery{ID: d.id, Attempts: attempts, Plan: ledger.Plan{Account: account, Text: "of no other"}}}
	err := m.store.Settle(m.store.Context(), doubt, fate)
	if d.state != ledger.Unknown || attempts != d.attempts || d.accepted && state == ledger.Planned {
		m.store.equal("not in doubt", errors.Is(err, ledger.ErrNotInDoubt), true)
		return
	}
	m.store.must(err)
	d.state, d.looking, d.settle = state, false, time.Time{}
	switch state {
	case ledger.Unknown:
		d.settle, d.looks, d.ended = fate.Due, d.looks+1, m.now
	case ledger.Planned:
		d.due, d.began, d.looks, d.again = fate.Due, time.Time{}, 0, true
	}
}

// endLooks has what is being looked for looked for at once: who looks is dead.
func (m *model) endLooks() {
	for _, d := range m.deliveries {
		if d.looking && d.doubted() && d.settle.After(m.now) {
			d.settle, d.looking = m.now, false
		}
	}
}
