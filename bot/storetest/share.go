package storetest

import (
	"fmt"
	"slices"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
)

// onMedia is an arrival on an account's media, with a thread of its own.
func onMedia(account, media, key string) inbox.Arrival {
	a := arrival(key, 0)
	a.Account, a.Media = account, media
	return a
}

// flood accepts so many events of an account's media.
func (f *fixture) flood(account, media string, n int) {
	f.Helper()
	arrivals := make([]inbox.Arrival, n)
	for i := range arrivals {
		arrivals[i] = onMedia(account, media, fmt.Sprintf("%s/%s/%d", account, media, i))
	}
	f.accept(arrivals...)
}

// claimOf are the keys of what is claimed for the room, by account.
func (f *fixture) claimOf(room share.Room) map[string][]string {
	f.Helper()
	items, err := f.Claim(f.Context(), room, noon(), lease)
	f.must(err)
	keys := map[string][]string{}
	for _, item := range items {
		keys[item.Account] = append(keys[item.Account], item.Key)
	}
	return keys
}

func shareCases() []testcase {
	return []testcase{
		{"is everything for who is alone", func(f *fixture) {
			f.flood("a", "1", 100)
			f.equal("claimed", len(f.claimOf(share.Of(64))["a"]), 64)
			f.equal("the rest", len(f.claimOf(share.Of(64))["a"]), 36)
		}},
		{"is equal where all have enough", func(f *fixture) {
			f.flood("a", "1", 500)
			f.flood("b", "1", 3)
			f.flood("c", "1", 20)
			got := f.claimOf(share.Of(16))
			f.equal("claimed", []int{len(got["a"]), len(got["b"]), len(got["c"])}, []int{7, 3, 6})
		}},
		{"counts what is in hand", func(f *fixture) {
			f.flood("a", "1", 50)
			f.flood("b", "1", 50)
			got := f.claimOf(share.Room{Most: 4, InHand: map[string]int{"a": 12, "b": 7}})
			f.equal("claimed", []int{len(got["a"]), len(got["b"])}, []int{0, 4})
		}},
		{"may be for those alone who have nothing in hand", func(f *fixture) {
			for _, account := range []string{"a", "b", "c"} {
				f.flood(account, "1", 5)
			}
			got := f.claimOf(share.Room{Most: 9, Each: 1, InHand: map[string]int{"b": 1}})
			f.equal("claimed", got, map[string][]string{"a": {"a/1/0"}, "c": {"c/1/0"}})
		}},
		{"goes round where it is too little for all", func(f *fixture) {
			const accounts = 300
			for i := range accounts {
				f.flood(fmt.Sprint("account ", i), "1", 2)
			}
			got := map[string]int{}
			for range accounts / 10 {
				for account, keys := range f.claimOf(share.Of(10)) {
					got[account] += len(keys)
				}
			}
			f.equal("served", len(got), accounts)
		}},
		{"goes round an account's media", func(f *fixture) {
			f.flood("a", "1", 10_000)
			f.claimOf(share.Of(100))
			f.flood("a", "2", 3)
			f.flood("a", "3", 1)
			got := f.claimOf(share.Of(9))["a"]
			for _, key := range []string{"a/2/0", "a/3/0", "a/2/1", "a/2/2"} {
				if !slices.Contains(got, key) {
					f.Errorf("%s is not among the next: %v", key, got)
				}
			}
		}},
		{"goes round an account's media after a start too", func(f *fixture) {
			f.flood("a", "1", 100)
			f.claimOf(share.Of(10))
			f.reopen()
			f.recovered(ledger.Recovered{Leases: 10})
			f.accept(onMedia("a", "1", "late"), onMedia("a", "2", "other"))
			got := f.claimOf(share.Of(3))["a"]
			f.equal("one of each first", slices.Contains(got, "other"), true)
			f.equal("the flood's last waits", slices.Contains(got, "late"), false)
		}},
		{"is no more for a media of many threads in which much waits", func(f *fixture) {
			for i := range 200 {
				a := onMedia("a", "1", fmt.Sprint(i))
				a.Thread = fmt.Sprint("thread ", i%20)
				f.accept(a)
			}
			f.accept(onMedia("a", "2", "other"))
			n, found := 0, false
			for ; !found && n < 200; n++ {
				items := f.claim(1, noon())
				f.enter(items[0].Seq, entryOf())
				found = items[0].Key == "other"
			}
			if n > 3 {
				f.Errorf("an event alone on its media was claimed as number %d", n)
			}
		}},
		{"is each account's of the deliveries", func(f *fixture) {
			f.sharedPlans(func(int) ledger.Plan { return planOf("", 0) })
			count := map[string]int{}
			deliveries, err := f.TakeDeliveries(f.Context(), share.Room{Most: 6, InHand: map[string]int{"a": 1}}, after(9))
			f.must(err)
			for _, d := range deliveries {
				count[d.Account]++
			}
			f.equal("taken", count, map[string]int{"a": 3, "b": 2, "c": 1})
		}},
		{"is each account's of the looks", func(f *fixture) {
			plans := f.sharedPlans(func(int) ledger.Plan { return sendingNow("") })
			for _, d := range plans {
				f.finish(d.ID, ledger.Fate{State: ledger.Unknown, At: noon(), Due: after(5)})
			}
			count := map[string]int{}
			doubts, err := f.TakeDoubts(f.Context(), share.Room{Most: 9, Each: 4, InHand: map[string]int{"a": 1}}, after(9), lookUntil())
			f.must(err)
			for _, d := range doubts {
				count[d.Account]++
			}
			f.equal("taken", count, map[string]int{"a": 3, "b": 2, "c": 1})
		}},
	}
}

// sharedPlans enters plans of three accounts: ten of a, then two of b and one of c.
func (f *fixture) sharedPlans(plan func(i int) ledger.Plan) (entered []ledger.Delivery) {
	f.Helper()
	for i, account := range []string{"a", "a", "a", "a", "a", "a", "a", "a", "a", "a", "b", "b", "c"} {
		p := plan(i)
		p.Account, p.Conversation = account, fmt.Sprint("thread/", i)
		entered = append(entered, f.plan(fmt.Sprint(i), p))
	}
	return entered
}
