package storetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// enough is long after every lease of the tests.
const enough = time.Hour

func enterCases() []testcase {
	return []testcase{
		{"ends the event", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf())
			f.equal("claimed", f.claimKeys(10, noon().Add(enough)), []string{})
			f.equal("counts", f.counts(), ledger.Counts{
				Verdicts: map[ledger.Verdict]int{ledger.VerdictNoMatch: 1}, Deliveries: map[ledger.State]int{},
			})
		}},
		{"keeps the record, less the rules that took no part", func(f *fixture) {
			item := f.acceptOne("a")
			entry := entryOf(planOf("Challenge accepted!", 0))
			entry.Record.Event = rules.Event{Kind: "comment", Text: "challenge?"}
			entry.Record.Event.From.Username = "ada"
			facts, err := json.Marshal(entry.Record.Event)
			f.must(err)
			entry.Facts = facts
			f.enter(item.Seq, entry)

			record, err := f.Record(f.Context(), item.Seq)
			f.must(err)
			want := entry.Record
			request := entry.Plans[0].Request
			want.Reply, want.Request = "Challenge accepted!", &request
			want.Rules = want.Rules[1:]
			want.Event.Words, want.Event.Hashtags, want.Event.Mentions, want.Event.URLs = []string{}, []string{}, []string{}, []string{}
			want.Event.Emojis, want.Event.Media.Hashtags, want.Event.Story.Known = []string{}, []string{}, []string{}
			f.equal("record", record, want)
		}},
		{"keeps actions that are not what is planned", func(f *fixture) {
			for i, change := range []func(*ledger.Entry){
				func(e *ledger.Entry) { e.Plans = nil },
				func(e *ledger.Entry) { e.Record.Actions[0].Text = "other" },
				func(e *ledger.Entry) { e.Record.Actions[0].Delay = "1m30s" },
				func(e *ledger.Entry) { e.Record.Actions[0].Request.Form = map[string]string{"message": "other"} },
				func(e *ledger.Entry) { e.Record.Actions[0].Request.Path = "/2/replies" },
			} {
				item := f.acceptOne(fmt.Sprint(i))
				entry := entryOf(planOf("Challenge accepted!", 0))
				change(&entry)
				f.enter(item.Seq, entry)
				record, err := f.Record(f.Context(), item.Seq)
				f.must(err)
				f.equal(fmt.Sprint("actions ", i), record.Actions, entry.Record.Actions)
			}
		}},
		{"keeps the record when a delivery is planned again", func(f *fixture) {
			item := f.acceptOne("a")
			entry := entryOf(sendingNow("Challenge accepted!"))
			delivery := f.enter(item.Seq, entry)[0]
			f.finish(delivery.ID, ledger.Fate{State: ledger.Planned, At: after(5), Due: after(9)})
			record, err := f.Record(f.Context(), item.Seq)
			f.must(err)
			f.equal("actions", record.Actions, entry.Record.Actions)
		}},
		{"has no record of what is undecided or unknown", func(f *fixture) {
			for _, seq := range []int64{f.acceptOne("a").Seq, 12345} {
				if _, err := f.Record(f.Context(), seq); !errors.Is(err, ledger.ErrNoEntry) {
					f.Errorf("record of event %d: got error %v", seq, err)
				}
			}
		}},
		{"gives back the deliveries as they were planned", func(f *fixture) {
			item := f.acceptOne("a")
			plan := planOf("Challenge accepted!", 30)
			deliveries := f.enter(item.Seq, entryOf(plan))
			f.equal("deliveries", deliveries, []ledger.Delivery{{Plan: plan, ID: deliveries[0].ID, Seq: item.Seq, State: ledger.Planned}})
			settled, err := f.Deliveries(f.Context(), item.Seq)
			f.must(err)
			f.equal("settled", settled, []ledger.Settled{{Delivery: deliveries[0]}})
		}},
		{"enters as sending what is sent at once", func(f *fixture) {
			delivery := f.plan("a", sendingNow("Challenge accepted!"))
			f.equal("state", delivery.State, ledger.Sending)
			f.equal("attempts", delivery.Attempts, 1)
			f.equal("taken", f.takeTexts(10, noon().Add(enough)), []string{})
			f.equal("sending", f.counts().Deliveries, map[ledger.State]int{ledger.Sending: 1})
		}},
		{"gives back conclude's own error, and nothing has happened", func(f *fixture) {
			item := f.acceptOne("a")
			mine := errors.New("mine")
			_, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(sendingNow("a")), mine })
			if err != mine {
				f.Errorf("got error %v, want %v itself", err, mine)
			}
			f.undecided(item.Seq)
		}},
		{"outlives a panic of conclude", func(f *fixture) {
			item := f.acceptOne("a")
			_, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) { panic("oh") })
			if err == nil {
				f.Error("a panic is no error")
			}
			f.undecided(item.Seq)
			f.enter(item.Seq, entryOf())
		}},
		{"happens once", func(f *fixture) {
			item := f.acceptOne("a")
			f.enter(item.Seq, entryOf(sendingNow("one")))
			_, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(sendingNow("two")), nil })
			if !errors.Is(err, ledger.ErrDecided) {
				f.Errorf("got error %v, want ErrDecided", err)
			}
			record, err := f.Record(f.Context(), item.Seq)
			f.must(err)
			f.equal("reply", record.Reply, "one")
			f.equal("deliveries", f.counts().Deliveries, map[ledger.State]int{ledger.Sending: 1})
		}},
		{"refuses an event that never was", func(f *fixture) {
			_, err := f.Enter(f.Context(), 12345, func(ledger.Book) (ledger.Entry, error) { return entryOf(sendingNow("a")), nil })
			if err == nil || errors.Is(err, ledger.ErrDecided) {
				f.Errorf("got error %v", err)
			}
			f.equal("deliveries", f.counts().Deliveries, map[ledger.State]int{})
		}},
		{"refuses two public replies, and nothing has happened", func(f *fixture) {
			item := f.acceptOne("a")
			f.refused(item.Seq, entryOf(sendingNow("one"), planOf("two", 0)))
		}},
		{"refuses an action that it doesn't know, and nothing has happened", func(f *fixture) {
			item := f.acceptOne("a")
			plan := planOf("one", 0)
			plan.Action = "shout"
			f.refused(item.Seq, entryOf(plan))
		}},
		{"shows the book what was entered just before", func(f *fixture) {
			f.plan("a", sendingNow("one"))
			f.consult(func(book ledger.Book) {
				n, err := book.RepliesIn("17841405726653026", "thread/1", noon())
				f.must(err)
				f.equal("replies", n, 1)
			})
		}},
	}
}

// refused enters what a store must refuse.
func (f *fixture) refused(seq int64, entry ledger.Entry) {
	f.Helper()
	if _, err := f.Enter(f.Context(), seq, func(ledger.Book) (ledger.Entry, error) { return entry, nil }); err == nil {
		f.Error("entered")
	}
	f.undecided(seq)
}

// undecided checks that nothing of an entry is left: the event is claimed again when its lease has ended.
func (f *fixture) undecided(seq int64) {
	f.Helper()
	if _, err := f.Record(f.Context(), seq); !errors.Is(err, ledger.ErrNoEntry) {
		f.Errorf("record of the event: got error %v", err)
	}
	f.equal("counts", f.counts(), ledger.Counts{Open: 1, Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}})
	f.equal("claimed again", f.claimOne(noon().Add(enough)).Seq, seq)
}
