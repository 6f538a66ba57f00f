package storetest

import "time"

func claimCases() []testcase {
	return []testcase{
		{"gives what was put off longest due first", func(f *fixture) {
			f.accept(arrival("b", 0), arrival("a", 0), arrival("d", 0), arrival("c", 0))
			for i, item := range f.claim(10, noon()) {
				f.must(f.Retry(f.Context(), item.Seq, after([]int{2, 1, 4, 3}[i]), nil, ""))
			}
			f.equal("two", f.claimKeys(2, after(10)), []string{"a", "b"})
			f.equal("others", f.claimKeys(10, after(10)), []string{"c", "d"})
		}},
		{"gives what came first where all are due at once", func(f *fixture) {
			f.accept(arrival("c", 0), arrival("a", 0), arrival("b", 0))
			f.equal("claimed", f.claimKeys(10, noon()), []string{"c", "a", "b"})
		}},
		{"gives nothing before it is due", func(f *fixture) {
			f.accept(arrival("a", 5))
			f.equal("before", f.claimKeys(10, after(4)), []string{})
			f.equal("at", f.claimKeys(10, after(5)), []string{"a"})
		}},
		{"gives none to who asks for none", func(f *fixture) {
			f.accept(arrival("a", 0))
			f.equal("none", f.claimKeys(0, noon()), []string{})
			f.equal("less", f.claimKeys(-1, noon()), []string{})
			f.equal("one", f.claimKeys(1, noon()), []string{"a"})
		}},
		{"gives nobody else what is leased", func(f *fixture) {
			f.accept(arrival("a", 0))
			f.equal("first", f.claimKeys(1, noon()), []string{"a"})
			f.equal("within the lease", f.claimKeys(1, noon().Add(lease-time.Millisecond)), []string{})
		}},
		{"gives again what outlasted its lease, and counts", func(f *fixture) {
			f.accept(arrival("a", 0))
			f.equal("attempts at first", f.claimOne(noon()).Attempts, 1)
			f.equal("attempts then", f.claimOne(noon().Add(lease)).Attempts, 2)
		}},
		{"renews leases", func(f *fixture) {
			f.accept(arrival("a", 0), arrival("b", 0))
			items := f.claim(2, noon())
			f.must(f.Renew(f.Context(), []int64{items[0].Seq}, noon().Add(2*lease)))
			f.equal("after the first lease", f.claimKeys(2, noon().Add(lease)), []string{"b"})
			f.equal("after the second", f.claimKeys(2, noon().Add(2*lease)), []string{"a", "b"})
		}},
		{"renews only what is in work", func(f *fixture) {
			item := f.acceptOne("a")
			f.must(f.Retry(f.Context(), item.Seq, after(5), nil, ""))
			f.must(f.Renew(f.Context(), []int64{item.Seq, 12345}, noon().Add(lease)))
			f.equal("claimed", f.claimKeys(2, after(5)), []string{"a"})
		}},
	}
}

func threadCases() []testcase {
	return []testcase{
		{"is claimed one at a time, oldest first", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0), inThread("t", "c", 0))
			for _, key := range []string{"a", "b", "c"} {
				item := f.claimOne(noon())
				f.equal("claimed", item.Key, key)
				f.equal("meanwhile", f.claimKeys(10, noon()), []string{})
				f.enter(item.Seq, entryOf())
			}
			f.equal("at the end", f.claimKeys(10, noon()), []string{})
		}},
		{"goes by arrival, not by time", func(f *fixture) {
			f.accept(inThread("t", "a", 9), inThread("t", "b", 1))
			f.equal("before the oldest is due", f.claimKeys(10, after(5)), []string{})
			f.equal("then", f.claimKeys(10, after(9)), []string{"a"})
		}},
		{"lets others go on", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 1), inThread("u", "c", 2))
			f.equal("claimed", f.claimKeys(10, after(9)), []string{"a", "c"})
		}},
		{"waits for its oldest to be tried again", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0), inThread("u", "c", 0))
			items := f.claim(1, noon())
			f.must(f.Retry(f.Context(), items[0].Seq, after(60_000), nil, ""))
			f.equal("while it waits", f.claimKeys(10, after(59_999)), []string{"c"})
			f.equal("then", f.claimKeys(1, after(60_000)), []string{"a"})
		}},
		{"waits for its oldest to be claimed again", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0))
			f.claimOne(noon())
			f.equal("after the lease", f.claimOne(noon().Add(lease)).Key, "a")
		}},
		{"takes in what comes while its oldest is in work", func(f *fixture) {
			f.accept(inThread("t", "a", 0))
			item := f.claimOne(noon())
			f.accept(inThread("t", "b", 0))
			f.equal("in work", f.claimKeys(10, noon()), []string{})
			f.enter(item.Seq, entryOf())
			f.equal("decided", f.claimKeys(10, noon()), []string{"b"})
		}},
		{"tells when the next comes up", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0))
			f.told()
			item := f.claimOne(noon())
			f.equal("claimed", f.told(), false)
			f.enter(item.Seq, entryOf())
			f.equal("decided", f.told(), true)
			f.enter(f.claimOne(noon()).Seq, entryOf())
			f.equal("the last", f.told(), false)
		}},
		{"keeps its order when a later one is entered first", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0), inThread("t", "c", 0))
			first := f.claimOne(noon())
			f.enter(first.Seq+1, entryOf())
			f.equal("in work", f.claimKeys(10, noon()), []string{})
			f.enter(first.Seq, entryOf())
			f.equal("decided", f.claimKeys(10, noon()), []string{"c"})
		}},
	}
}

func retryCases() []testcase {
	return []testcase{
		{"makes it due again, and counts", func(f *fixture) {
			item := f.acceptOne("a")
			f.must(f.Retry(f.Context(), item.Seq, after(5), nil, "no answer"))
			f.equal("before", f.claimKeys(1, after(4)), []string{})
			f.equal("attempts", f.claimOne(after(5)).Attempts, 2)
		}},
		{"keeps facts until there are newer", func(f *fixture) {
			for i, step := range []struct{ given, want []byte }{
				{[]byte("one"), []byte("one")}, {nil, []byte("one")}, {[]byte("two\x00"), []byte("two\x00")},
			} {
				if i == 0 {
					f.accept(arrival("a", 0))
				}
				item := f.claimOne(noon())
				f.must(f.Retry(f.Context(), item.Seq, noon(), step.given, ""))
				item = f.claimOne(noon())
				f.equal("facts", item.Facts, step.want)
				f.must(f.Release(f.Context(), []int64{item.Seq}))
			}
		}},
		{"needs a claim", func(f *fixture) {
			f.accept(arrival("a", 0))
			if err := f.Retry(f.Context(), 1, after(5), nil, ""); err == nil {
				f.Error("retried an event that nobody has claimed")
			}
			item := f.claimOne(noon())
			f.enter(item.Seq, entryOf())
			if err := f.Retry(f.Context(), item.Seq, after(5), nil, ""); err == nil {
				f.Error("retried an event that is decided")
			}
		}},
		{"is not what Release does", func(f *fixture) {
			item := f.acceptOne("a")
			f.must(f.Retry(f.Context(), item.Seq, after(5), nil, ""))
			item = f.claimOne(after(5))
			f.must(f.Release(f.Context(), []int64{item.Seq}))
			f.equal("attempts", f.claimOne(after(5)).Attempts, 2)
		}},
		{"and Release give each event back once", func(f *fixture) {
			f.accept(arrival("a", 0), arrival("b", 1))
			items := f.claim(2, after(1))
			seqs := []int64{items[1].Seq, items[0].Seq, items[0].Seq, 12345}
			f.must(f.Release(f.Context(), seqs))
			f.must(f.Release(f.Context(), seqs))
			items = f.claim(2, after(1))
			f.equal("first", []any{items[0].Key, items[0].Attempts}, []any{"a", 1})
			f.equal("second", []any{items[1].Key, items[1].Attempts}, []any{"b", 1})
		}},
	}
}

func nextDueCases() []testcase {
	return []testcase{
		{"is zero where nothing is", func(f *fixture) {
			f.nextDue("empty", time.Time{})
			f.enter(f.acceptOne("a").Seq, entryOf())
			f.nextDue("all decided", time.Time{})
		}},
		{"is the earliest", func(f *fixture) {
			f.accept(arrival("b", 7), arrival("a", 5))
			f.nextDue("accepted", after(5))
		}},
		{"is the lease's end of what is in work", func(f *fixture) {
			item := f.acceptOne("a")
			f.nextDue("claimed", noon().Add(lease))
			f.must(f.Renew(f.Context(), []int64{item.Seq}, noon().Add(2*lease)))
			f.nextDue("renewed", noon().Add(2*lease))
			f.must(f.Retry(f.Context(), item.Seq, after(5), nil, ""))
			f.nextDue("to be tried again", after(5))
		}},
		{"does not mind what waits for its thread", func(f *fixture) {
			f.accept(inThread("t", "a", 0), inThread("t", "b", 0))
			item := f.claimOne(noon())
			f.nextDue("first in work", noon().Add(lease))
			f.enter(item.Seq, entryOf())
			f.nextDue("first decided", noon())
		}},
	}
}

func (f *fixture) nextDue(when string, want time.Time) {
	f.Helper()
	got, err := f.NextDue(f.Context())
	f.must(err)
	if !got.Equal(want) {
		f.Errorf("%s: next due %v, want %v", when, got, want)
	}
}
