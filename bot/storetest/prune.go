package storetest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

// day is a retention, and more than what a store may be late by.
const day = 24 * time.Hour

// prune removes what has grown old where a day is kept.
func (f *fixture) prune(now time.Time) ledger.Pruned {
	f.Helper()
	pruned, err := f.Prune(f.Context(), ledger.Prune(now, day), func(context.Context) error { return nil })
	f.must(err)
	return pruned
}

// grownOld has the store see what it holds, and gives a time at which that is a day old.
func (f *fixture) grownOld() time.Time {
	f.Helper()
	f.equal("pruned before its time", f.prune(noon().Add(2*time.Hour)), ledger.Pruned{})
	return noon().Add(2*time.Hour + day + time.Millisecond)
}

// enterMany enters events that go unanswered, more than are removed at once.
func (f *fixture) enterMany(n int) {
	f.Helper()
	for i := range n {
		f.accept(arrival(fmt.Sprint(i), 0))
	}
	for _, item := range f.claim(n, noon()) {
		f.enter(item.Seq, entryOf())
	}
}

func pruneCases() []testcase {
	return append(pruneByState(), []testcase{
		{"removes entries and keeps their keys", func(f *fixture) {
			f.enterMany(450)
			f.accept(arrival("open", 0))
			at := f.grownOld()
			f.equal("pruned", f.prune(at), ledger.Pruned{Entries: 450})
			f.equal("pruned again", f.prune(at), ledger.Pruned{})
			f.equal("counts", f.counts(), ledger.Counts{Open: 1, Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}})
			f.equal("again", f.accept(arrival("7", 0), arrival("open", 0)).Duplicate, 2)
		}},
		{"removes nothing that ended within retention", func(f *fixture) {
			decided := f.acceptOne("decided late")
			entry := entryOf()
			entry.Now = noon().Add(day)
			f.enter(decided.Seq, entry)
			sent := f.plan("sent late", planOf("hello", 0))
			f.take(1, noon().Add(day))
			f.finish(sent.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: noon().Add(day)})
			at := f.grownOld()
			f.equal("pruned", f.prune(at), ledger.Pruned{})
			f.history("still", eventOf("7"), at.Add(-day), 0, 0, 0)
			f.history("since noon", eventOf("7"), noon(), 0, 1, 1)
			f.equal("pruned later", f.prune(noon().Add(2*day+time.Minute)), ledger.Pruned{Entries: 2, Deliveries: 1})
		}},
		{"leaves history within retention right", func(f *fixture) {
			f.bring("old", toAuthor("7", "ada"), ledger.Posted)
			at := f.grownOld()
			plan := toAuthor("7", "ada")
			plan.Now = true
			f.finish(f.planAt("new", plan, at.Add(-day)).ID, ledger.Fate{State: ledger.Posted, At: at})
			f.equal("pruned", f.prune(at), ledger.Pruned{Entries: 1, Deliveries: 1})
			f.history("since", eventOf("7"), at.Add(-day), 1, 1, 1)
		}},
		{"removes marks that are over, and no others", func(f *fixture) {
			plan := marked("ever", "for long", "for short")
			plan.Marks[1].Until, plan.Marks[2].Until = noon().Add(9*day), after(10)
			f.bring("a", plan, ledger.Posted)
			f.equal("pruned", f.prune(after(9)), ledger.Pruned{})
			f.equal("pruned", f.prune(after(10)), ledger.Pruned{Marks: 1})
			f.prune(f.grownOld())
			f.equal("counts", f.counts().Deliveries, map[ledger.State]int{})
			f.marks("ever", noon())
			f.marks("for long", noon())
			f.marks("for short")
		}},
		{"removes keys a year after their events, but not those of open ones", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf())
			f.bring("unknown", planOf("hello", 0), ledger.Unknown)
			f.accept(arrival("open", 0))
			f.prune(f.grownOld())
			year := noon().Add(day + ledger.KeysOutlive)
			f.equal("pruned after a year", f.prune(year), ledger.Pruned{})
			f.equal("pruned later", f.prune(year.Add(60*day)), ledger.Pruned{Keys: 1})
			f.equal("open", f.accept(arrival("open", 0), arrival("unknown", 0)).Duplicate, 2)
			f.equal("gone", f.accept(arrival("a", 0)).New, 1)
		}},
		{"removes rule sets by which nothing was decided that is kept", func(f *fixture) {
			activate := func(revision string, at time.Time) {
				f.must(f.Activate(f.Context(), revision, []byte(revision), at))
			}
			activate("3f2a", noon()) // entryOf's
			activate("b", after(1))
			f.bring("unknown", planOf("hello", 0), ledger.Unknown)
			activate("c", after(2))
			at := f.grownOld()
			f.equal("pruned", f.prune(at), ledger.Pruned{Sets: 1})
			f.equal("pruned a year later", f.prune(at.Add(400*day)), ledger.Pruned{})
			revision, _, err := f.LastSet(f.Context())
			f.must(err)
			f.equal("last", revision, "c")
		}},
		{"gives no number again", func(f *fixture) {
			item := f.acceptOne("a")
			f.enter(item.Seq, entryOf())
			f.equal("pruned", f.prune(f.grownOld()), ledger.Pruned{Entries: 1})
			f.reopen()
			f.equal("duplicate", f.accept(arrival("a", 0)).Duplicate, 1)
			if next := f.acceptOne("b"); next.Seq <= item.Seq {
				f.Errorf("number %d after %d", next.Seq, item.Seq)
			}
			f.equal("known", f.accept(arrival("a", 0), arrival("b", 0)).Duplicate, 2)
		}},
		{"is not misled by a clock that was set back", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf())
			f.grownOld()
			f.equal("pruned", f.prune(noon().Add(-900*day)), ledger.Pruned{})
			f.enter(f.acceptOne("b").Seq, entryOf())
			f.equal("pruned", f.prune(noon().Add(2*time.Hour)), ledger.Pruned{})
			f.equal("duplicate", f.accept(arrival("a", 0), arrival("b", 0)).Duplicate, 2)
		}},
		{"ends between two transactions", func(f *fixture) {
			f.enterMany(450)
			stop := errors.New("stop")
			pruned, err := f.Prune(f.Context(), ledger.Prune(f.grownOld(), day), func(context.Context) error { return stop })
			if !errors.Is(err, stop) || pruned.Entries == 0 || pruned.Entries > 300 {
				f.Errorf("pruned %+v, %v", pruned, err)
			}
			f.equal("left", f.counts().Verdicts, map[ledger.Verdict]int{ledger.VerdictNoMatch: 450 - pruned.Entries})
		}},
	}...)
}

// pruneByState are the cases that each state of a reply makes.
func pruneByState() []testcase {
	var cases []testcase
	for state := range fates() {
		cases = append(cases, testcase{"of a reply that is " + string(state), func(f *fixture) {
			delivery := f.bring("a", planOf("hello", 0), state)
			want := ledger.Pruned{Entries: 1, Deliveries: 1}
			switch state {
			case ledger.Waiting, ledger.Planned, ledger.Sending, ledger.Unknown:
				want = ledger.Pruned{}
			}
			f.equal("pruned", f.prune(f.grownOld()), want)
			if want.Any() {
				_, err := f.Record(f.Context(), delivery.Seq)
				f.equal("is gone", errors.Is(err, ledger.ErrNoEntry), true)
				return
			}
			f.equal("is still", f.settledOf(delivery).State, state)
			f.equal("a year later", f.prune(noon().Add(2*ledger.KeysOutlive)), ledger.Pruned{})
			f.equal("is still", f.settledOf(delivery).Text, "hello")
		}})
	}
	return cases
}
