package storetest

import (
	"time"

	"github.com/answerback/answerback/bot/inbox"
)

func acceptCases() []testcase {
	return []testcase{
		{"counts new and known", func(f *fixture) {
			f.equal("first", f.accept(arrival("a", 0), arrival("b", 0)), inbox.Accepted{New: 2})
			f.equal("second", f.accept(arrival("b", 1), arrival("c", 1)), inbox.Accepted{New: 1, Duplicate: 1})
			f.equal("claimed", f.claimKeys(10, after(1)), []string{"a", "b", "c"})
		}},
		{"knows a key from the same call", func(f *fixture) {
			f.equal("accepted", f.accept(arrival("a", 0), arrival("a", 0), arrival("a", 0)), inbox.Accepted{New: 1, Duplicate: 2})
			f.equal("claimed", f.claimKeys(10, noon()), []string{"a"})
		}},
		{"knows a key after the event is decided", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf())
			f.equal("accepted", f.accept(arrival("a", 1)), inbox.Accepted{Duplicate: 1})
			f.equal("claimed", f.claimKeys(10, after(1)), []string{})
		}},
		{"takes nothing", func(f *fixture) {
			f.equal("accepted", f.accept(), inbox.Accepted{})
		}},
		{"keeps every field", func(f *fixture) {
			want := inbox.Arrival{
				Key: "17841405726653026/comment/17894227972186120", Rank: -3, Account: "17841405726653026", Thread: "17894227972186120",
				Change:   []byte("{\"field\":\"comments\",\"value\":{\"text\":\"caf\u00e9 \u0000 \U0001F600\"}}\xff\x00"),
				Notified: noon().Add(-time.Hour - time.Millisecond), Received: noon(),
			}
			f.accept(want)
			f.equal("item", f.claimOne(noon()), inbox.Item{Arrival: want, Seq: 1, Attempts: 1})
		}},
		{"keeps times to the millisecond", func(f *fixture) {
			a := arrival("a", 0)
			a.Received = noon().Add(1999 * time.Microsecond).In(time.FixedZone("", 3600))
			f.accept(a)
			if got, want := f.claimOne(after(2)).Received, after(1); !got.Equal(want) {
				f.Errorf("received %v, want %v", got, want)
			}
		}},
		{"bears what a door may leave out", func(f *fixture) {
			f.accept(inbox.Arrival{Key: "a"})
			item := f.claimOne(noon())
			if len(item.Change) != 0 || !item.Notified.IsZero() || !item.Received.IsZero() || item.Facts != nil {
				f.Errorf("got %+v", item)
			}
		}},
		{"numbers events in the order of arrival", func(f *fixture) {
			f.accept(arrival("a", 5), arrival("b", 3))
			f.accept(arrival("c", 1))
			seqs := map[string]int64{}
			for _, item := range f.claim(10, after(5)) {
				seqs[item.Key] = item.Seq
			}
			if !(0 < seqs["a"] && seqs["a"] < seqs["b"] && seqs["b"] < seqs["c"]) {
				f.Errorf("got %v", seqs)
			}
		}},
		{"takes the change of the higher rank", func(f *fixture) {
			f.accept(ranked(1, "one"))
			f.accept(ranked(2, "two"))
			f.accept(ranked(1, "one again"), ranked(2, "two again"))
			item := f.claimOne(noon())
			f.equal("rank", item.Rank, 2)
			f.equal("change", string(item.Change), "two")
		}},
		{"takes the change of the higher rank in the same call", func(f *fixture) {
			f.equal("accepted", f.accept(ranked(1, "one"), ranked(2, "two")), inbox.Accepted{New: 1, Duplicate: 1})
			f.equal("change", string(f.claimOne(noon()).Change), "two")
		}},
		{"takes the change of the higher rank for the next attempt", func(f *fixture) {
			f.accept(ranked(1, "one"))
			item := f.claimOne(noon())
			f.accept(ranked(2, "two"))
			f.equal("change in work", string(item.Change), "one")
			f.must(f.Retry(f.Context(), item.Seq, noon(), nil, ""))
			f.equal("change after", string(f.claimOne(noon()).Change), "two")
		}},
		{"drops the facts of the change that is replaced", func(f *fixture) {
			f.accept(ranked(1, "one"))
			item := f.claimOne(noon())
			f.must(f.Retry(f.Context(), item.Seq, noon(), []byte("of one"), ""))
			f.accept(ranked(2, "two"))
			f.equal("facts", f.claimOne(noon()).Facts, []byte(nil))
		}},
		{"tells of arrivals, once and without blocking", func(f *fixture) {
			f.equal("before", f.told(), false)
			f.accept(arrival("a", 0))
			f.accept(arrival("b", 0))
			f.equal("after two", f.told(), true)
			f.equal("again", f.told(), false)
		}},
		{"tells nothing of duplicates", func(f *fixture) {
			f.accept(arrival("a", 0))
			f.told()
			f.accept(arrival("a", 0))
			f.equal("after a duplicate", f.told(), false)
		}},
	}
}

// ranked is one event's arrival with that rank and change.
func ranked(rank int, change string) inbox.Arrival {
	a := arrival("a", 0)
	a.Rank, a.Change = rank, []byte(change)
	return a
}

// told takes a value out of Arrived, if there is one.
func (f *fixture) told() bool {
	select {
	case <-f.Arrived():
		return true
	default:
		return false
	}
}
