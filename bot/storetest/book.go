package storetest

import (
	"cmp"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const account = "17841405726653026"

// told is what the book says of a reply in some state.
type told struct{ said, counted bool }

func fates() map[ledger.State]told {
	return map[ledger.State]told{
		ledger.Waiting:   {false, true},
		ledger.Rejected:  {false, false},
		ledger.Planned:   {false, true},
		ledger.Sending:   {true, true},
		ledger.Posted:    {true, true},
		ledger.Unknown:   {true, true},
		ledger.Refused:   {false, false},
		ledger.Cancelled: {false, false},
	}
}

// inState brings a reply of a new event into the state.
func (f *fixture) inState(state ledger.State) {
	f.Helper()
	f.bring("a", planOf("hello", 0), state)
}

// bring plans a delivery for an event of its own and brings it into the state.
func (f *fixture) bring(key string, plan ledger.Plan, state ledger.State) ledger.Delivery {
	f.Helper()
	plan.Approve = state == ledger.Waiting || state == ledger.Rejected
	plan.Now = !plan.Approve && state != ledger.Planned
	delivery := f.plan(key, plan)
	f.end(delivery, state)
	return delivery
}

// end brings a delivery that was entered for the state into it.
func (f *fixture) end(d ledger.Delivery, state ledger.State) {
	f.Helper()
	switch state {
	case ledger.Waiting, ledger.Planned, ledger.Sending:
	case ledger.Rejected:
		f.must(f.atDesk().Reject(f.Context(), d.ID, noon()))
	default:
		f.finish(d.ID, ledger.Fate{State: state, At: noon()})
	}
}

func bookCases() []testcase {
	return append(byState(), []testcase{
		{"knows ids of posted replies, on their account", func(f *fixture) {
			delivery := f.plan("a", sendingNow("hello"))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: noon()})
			f.consult(func(book ledger.Book) {
				for _, c := range []struct {
					account, id string
					want        bool
				}{{account, "18001", true}, {account, "18002", false}, {account, "", false}, {"1", "18001", false}} {
					sent, err := book.SentID(c.account, c.id)
					f.must(err)
					f.equal("sent "+c.account+" "+c.id, sent, c.want)
				}
			})
		}},
		{"takes no missing id for one", func(f *fixture) {
			f.inState(ledger.Posted)
			f.consult(func(book ledger.Book) {
				sent, err := book.SentID(account, "")
				f.must(err)
				f.equal("sent", sent, false)
			})
		}},
		{"knows what was said where and when", func(f *fixture) {
			f.inState(ledger.Posted)
			f.consult(func(book ledger.Book) {
				for _, c := range []struct {
					name, account, media, text string
					since                      time.Time
					want                       bool
				}{
					{"at the time", account, "media", "hello", noon(), true},
					{"later", account, "media", "hello", after(1), false},
					{"ever", account, "media", "hello", time.Time{}, true},
					{"other account", "1", "media", "hello", noon(), false},
					{"other media", account, "medias", "hello", noon(), false},
					{"other text", account, "media", "Hello", noon(), false},
				} {
					said, err := book.SaidOn(c.account, c.media, c.text, c.since)
					f.must(err)
					f.equal(c.name, said, c.want)
				}
			})
		}},
		{"knows when it was said, however long it had waited", func(f *fixture) {
			f.plan("a", planOf("hello", 0))
			delivery := f.take(1, after(60))[0]
			saidSince := func(since time.Time, want bool) {
				f.Helper()
				f.consult(func(book ledger.Book) {
					said, err := book.SaidOn(account, "media", "hello", since)
					f.must(err)
					f.equal("said", said, want)
				})
			}
			for _, state := range []ledger.State{ledger.Sending, ledger.Posted} {
				if state != ledger.Sending {
					f.finish(delivery.ID, ledger.Fate{State: state, At: after(61)})
				}
				saidSince(after(60), true)
				saidSince(after(61), false)
			}
		}},
		{"counts the replies of a conversation", func(f *fixture) {
			for i, key := range []string{"a", "b", "c"} {
				f.planAt(key, planOf(key, 0), after(i))
			}
			elsewhere := planOf("d", 0)
			elsewhere.Conversation = "thread/2"
			f.plan("d", elsewhere)
			f.consult(func(book ledger.Book) {
				for _, c := range []struct {
					name, account, conversation string
					since                       time.Time
					want                        int
				}{
					{"ever", account, "thread/1", time.Time{}, 3},
					{"since noon", account, "thread/1", noon(), 3},
					{"since the last", account, "thread/1", after(2), 1},
					{"since later", account, "thread/1", after(3), 0},
					{"another", account, "thread/2", noon(), 1},
					{"none", account, "thread/3", noon(), 0},
					{"another account", "1", "thread/1", noon(), 0},
				} {
					n, err := book.RepliesIn(c.account, c.conversation, c.since)
					f.must(err)
					f.equal(c.name, n, c.want)
				}
			})
		}},
	}...)
}

// byState are the cases that each state of a reply makes.
func byState() []testcase {
	var cases []testcase
	for state, want := range fates() {
		cases = append(cases, testcase{"on a reply that is " + string(state), func(f *fixture) {
			f.inState(state)
			f.consult(func(book ledger.Book) {
				said, err := book.SaidOn(account, "media", "hello", noon())
				f.must(err)
				f.equal("said", said, want.said)
				n, err := book.RepliesIn(account, "thread/1", noon())
				f.must(err)
				f.equal("counted", n > 0, want.counted)
			})
		}})
	}
	return cases
}

func setCases() []testcase {
	return []testcase{
		{"tells of a better change that came in since the claim", func(f *fixture) {
			f.accept(ranked(1, "one"))
			item := f.claimOne(noon())
			var ranks []int
			look := func(book ledger.Book) (ledger.Entry, error) {
				rank, err := book.Rank()
				ranks = append(ranks, rank)
				return entryOf(), err
			}
			refuse := errors.New("refused")
			_, err := f.Enter(f.Context(), item.Seq, func(book ledger.Book) (ledger.Entry, error) {
				entry, err := look(book)
				return entry, cmp.Or(err, refuse)
			})
			f.equal("refused", errors.Is(err, refuse), true)
			f.accept(ranked(2, "two"))
			_, err = f.Enter(f.Context(), item.Seq, look)
			f.must(err)
			f.equal("ranks", ranks, []int{1, 2})
		}},
		{"are none at first", func(f *fixture) { f.lastSet("", "") }},
		{"are kept, the last one marked", func(f *fixture) {
			f.must(f.Activate(f.Context(), "1a", []byte("one\x00"), noon()))
			f.lastSet("1a", "one\x00")
			f.must(f.Activate(f.Context(), "2b", []byte("two"), after(1)))
			f.lastSet("2b", "two")
		}},
		{"may come back", func(f *fixture) {
			for _, revision := range []string{"1a", "2b", "1a"} {
				f.must(f.Activate(f.Context(), revision, []byte("of "+revision), noon()))
			}
			f.lastSet("1a", "of 1a")
		}},
		{"go by order, whatever the clock says", func(f *fixture) {
			f.must(f.Activate(f.Context(), "1a", []byte("one"), noon()))
			f.must(f.Activate(f.Context(), "2b", []byte("two"), noon().Add(-time.Hour)))
			f.lastSet("2b", "two")
		}},
		{"do not mind an entry of a set that was never activated", func(f *fixture) {
			entry := entryOf()
			entry.Record.Revision = "unheard of"
			entry.Record.Because = rules.BecauseStale
			f.enter(f.acceptOne("a").Seq, entry)
		}},
	}
}

func (f *fixture) lastSet(revision, source string) {
	f.Helper()
	gotRevision, gotSource, err := f.LastSet(f.Context())
	f.must(err)
	f.equal("last set", []string{gotRevision, string(gotSource)}, []string{revision, source})
}
