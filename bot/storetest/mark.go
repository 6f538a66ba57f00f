package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

// marked is a plan that bears the marks.
func marked(hashes ...string) ledger.Plan {
	plan := planOf("hello", 0)
	for _, hash := range hashes {
		plan.Marks = append(plan.Marks, ledger.Mark{Hash: hash})
	}
	return plan
}

// marks checks when the latest deliveries that bear the mark were entered, latest first.
func (f *fixture) marks(hash string, want ...time.Time) {
	f.Helper()
	f.consult(func(book ledger.Book) {
		f.Helper()
		for i, at := range append(want, time.Time{}) {
			got, err := book.Marked(ledger.Mark{Hash: hash}, i+1)
			f.must(err)
			if !got.Equal(at) {
				f.Errorf("mark %q, %d. latest: entered %v, want %v", hash, i+1, got, at)
			}
		}
	})
}

func markCases() []testcase {
	return append(marksByState(), []testcase{
		{"tells when the nth latest was entered", func(f *fixture) {
			for i, ms := range []int{20, 40, 10, 30, 40} {
				f.planAt(fmt.Sprint(i), marked("a"), after(ms))
			}
			f.marks("a", after(40), after(40), after(30), after(20), after(10))
		}},
		{"is of its hash alone, to the letter", func(f *fixture) {
			plan := marked("a", "B", "ä'%\"\\\n")
			plan.Marks[0].Until = after(5)
			f.planAt("one", plan, after(1))
			f.planAt("two", marked("a"), after(2))
			f.marks("a", after(2), after(1))
			f.marks("B", after(1))
			f.marks("ä'%\"\\\n", after(1))
			f.marks("A")
			f.marks("b")
			f.marks("")
		}},
		{"counts once a delivery, however often it is borne", func(f *fixture) {
			f.plan("one", marked("a", "a", "b"))
			f.marks("a", noon())
		}},
		{"counts from one", func(f *fixture) {
			f.plan("one", marked("a"))
			f.consult(func(book ledger.Book) {
				for _, nth := range []int{0, -1} {
					if _, err := book.Marked(ledger.Mark{Hash: "a"}, nth); err == nil {
						f.Errorf("the %dth latest: no error", nth)
					}
				}
			})
		}},
		{"is given back by its delivery alone", func(f *fixture) {
			for i, state := range []ledger.State{ledger.Posted, ledger.Refused, ledger.Unknown} {
				f.bring(fmt.Sprint(i), marked("a", "b"), state)
			}
			f.bring("other", marked("b"), ledger.Cancelled)
			f.marks("a", noon(), noon())
			f.marks("b", noon(), noon())
		}},
		{"is kept while its delivery is tried again", func(f *fixture) {
			plan := marked("a")
			plan.Now = true
			delivery := f.plan("one", plan)
			f.finish(delivery.ID, ledger.Fate{State: ledger.Planned, At: after(1), Due: after(2)})
			f.marks("a", noon())
			f.take(1, after(2))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Refused, At: after(3)})
			f.marks("a")
		}},
		{"is kept by what is doubted at a start", func(f *fixture) {
			plan := marked("a")
			plan.Now = true
			f.plan("one", plan)
			f.recovered(ledger.Recovered{Unknown: 1})
			f.marks("a", noon())
		}},
		{"is not entered where nothing is", func(f *fixture) {
			item := f.acceptOne("one")
			f.refused(item.Seq, entryOf(marked("a"), marked("a")))
			f.marks("a")
		}},
		{"outlives the store's closing", func(f *fixture) {
			f.bring("one", marked("a"), ledger.Posted)
			refused := f.bring("two", marked("a", "b"), ledger.Sending)
			f.reopen()
			f.marks("a", noon(), noon())
			f.finish(refused.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			f.reopen()
			f.marks("a", noon())
			f.marks("b")
		}},
		{"makes a thing happen once, whoever is at it", once},
	}...)
}

// marksByState are the cases that each state of a delivery makes.
func marksByState() []testcase {
	var cases []testcase
	for state := range fates() {
		cases = append(cases, testcase{"of a delivery that is " + string(state), func(f *fixture) {
			f.bring("one", marked("a", "b"), state)
			kept := []time.Time{noon()}
			switch state {
			case ledger.Refused, ledger.Cancelled, ledger.Rejected:
				kept = nil
			}
			f.marks("a", kept...)
			f.marks("b", kept...)
		}})
	}
	return cases
}

// once has a hundred enter at once what may be said once.
func once(f *fixture) {
	const n = 100
	for i := range n {
		f.accept(arrival(fmt.Sprint(i), 0))
	}
	var (
		all      sync.WaitGroup
		planned  atomic.Int64
		together = make(chan struct{})
	)
	for _, item := range f.claim(n, noon()) {
		all.Go(func() {
			<-together
			deliveries, err := f.Enter(f.Context(), item.Seq, func(book ledger.Book) (ledger.Entry, error) {
				before, err := book.Marked(ledger.Mark{Hash: "once"}, 1)
				if err != nil || !before.IsZero() {
					return entryOf(), err
				}
				return entryOf(marked("once")), nil
			})
			if err != nil {
				f.Error(err)
			}
			planned.Add(int64(len(deliveries)))
		})
	}
	close(together)
	all.Wait()
	f.equal("planned", planned.Load(), int64(1))
	f.equal("counts", f.counts(), ledger.Counts{
		Verdicts:   map[ledger.Verdict]int{ledger.VerdictReply: 1, ledger.VerdictNoMatch: n - 1},
		Deliveries: map[ledger.State]int{ledger.Planned: 1},
	})
}

func variantCases() []testcase {
	return []testcase{
		{"is that of the rule's last delivery on account and media", func(f *fixture) {
			f.variant("at first", planOf("", 0), "")
			for _, c := range []struct {
				variant string
				at      int
				change  func(*ledger.Plan)
				want    string
			}{
				{"one", 1, func(*ledger.Plan) {}, "one"},
				{"three", 3, func(*ledger.Plan) {}, "three"},
				{"two", 2, func(*ledger.Plan) {}, "three"},
				{"four", 4, func(p *ledger.Plan) { p.Rule = "other" }, "four"},
				{"five", 5, func(p *ledger.Plan) { p.Media = "other" }, "five"},
				{"six", 6, func(p *ledger.Plan) { p.Account = "other" }, "six"},
			} {
				plan := planOf("hello", 0)
				plan.Variant = c.variant
				c.change(&plan)
				f.planAt(c.variant, plan, after(c.at))
				f.variant("after "+c.variant, plan, c.want)
			}
			f.variant("in the end", planOf("", 0), "three")
			f.reopen()
			f.variant("after all", planOf("", 0), "three")
		}},
		{"of two at one time is the later event's", func(f *fixture) {
			for _, variant := range []string{"one", "two"} {
				plan := planOf("hello", 0)
				plan.Variant = variant
				f.plan(variant, plan)
			}
			f.variant("in the end", planOf("", 0), "two")
		}},
		{"is kept whatever became of the delivery", func(f *fixture) {
			for state := range fates() {
				plan := planOf("hello", 0)
				plan.Media, plan.Variant = string(state), "of "+string(state)
				f.bring(string(state), plan, state)
				f.variant(string(state), plan, plan.Variant)
			}
		}},
	}
}

// variant checks what was the last variant where the plan is entered.
func (f *fixture) variant(when string, plan ledger.Plan, want string) {
	f.Helper()
	f.consult(func(book ledger.Book) {
		f.Helper()
		got, err := book.LastVariant(plan.Account, plan.Media, plan.Rule)
		f.must(err)
		f.equal(when, got, want)
	})
}
