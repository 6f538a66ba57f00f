package storetest

import (
	"errors"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// forget removes a person, and gives what that did.
func (f *fixture) forget(user string, now time.Time) ledger.Forgotten {
	f.Helper()
	forgotten, err := f.atDesk().Forget(f.Context(), user, now, false)
	f.must(err)
	return forgotten
}

// by is an entry of a comment by ada.
func by(plan ledger.Plan) ledger.Entry {
	plan.Author = rules.From{ID: "917", Username: "ada"}
	entry := entryOf(plan)
	entry.Facts = []byte(`{"kind":"comment","text":"challenge?","from":{"id":"917","username":"ada"},"media":{"id":"media"}}`)
	return entry
}

func forgetCases() []testcase {
	return append(forgetByState(), []testcase{
		{"changes nothing in a try", func(f *fixture) {
			delivery := f.enter(f.acceptOne("a").Seq, by(sendingNow("hello")))[0]
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: noon()})
			got, err := f.atDesk().Forget(f.Context(), "ada", noon(), true)
			f.must(err)
			f.equal("would be forgotten", got, ledger.Forgotten{Events: 1})
			f.equal("text", f.settledOf(delivery).Text, "hello")
			f.equal("forgotten", f.forget("ada", noon()), got)
		}},
		{"leaves nothing that could be mended", func(f *fixture) {
			delivery := f.enter(f.acceptOne("a").Seq, by(sendingNow("hello")))[0]
			f.finish(delivery.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			entry := by(sendingNow("hello"))
			entry.Plans, entry.Record.Verdict, entry.Record.Because = nil, ledger.VerdictError, rules.BecauseFailed
			asked, unasked := f.acceptOne("b").Seq, f.acceptOne("c").Seq
			f.enter(asked, entry)
			f.enter(unasked, entry)
			f.must(f.atDesk().JudgeAgain(f.Context(), asked, noon()))
			f.equal("forgotten", f.forget("ada", noon()), ledger.Forgotten{Events: 3})
			f.refuses("send again", f.atDesk().SendAgain(f.Context(), delivery.ID, true, noon()), ledger.ErrForgotten)
			f.refuses("judge again", f.atDesk().JudgeAgain(f.Context(), unasked, noon()), ledger.ErrNotFailed)
			f.reopened(0)
		}},
		{"finds by id and by name, and nobody else", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, by(sendingNow("hello")))
			for _, user := range []string{"91", "9170", "ad", "adam", "ben"} {
				f.equal(user, f.forget(user, noon()), ledger.Forgotten{})
			}
			for _, user := range []string{"917", "ada", "@ADA"} {
				f.equal(user, f.forget(user, noon()), ledger.Forgotten{Busy: 1})
			}
		}},
		{"ends what is open, and the next of the thread comes up", func(f *fixture) {
			first, second := inThread("1", "a", 0), inThread("1", "b", 1)
			first.Change = []byte(`{"field":"comments","value":{"from":{"id":"917","username":"ada"},"text":"hi"}}`)
			f.accept(first, second)
			item := f.claimOne(noon())
			f.equal("forgotten", f.forget("ada", noon()), ledger.Forgotten{Open: 1})
			_, err := f.Enter(f.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(), nil })
			f.equal("enter what was in work", errors.Is(err, ledger.ErrDecided), true)
			f.equal("next", f.claimKeys(2, noon().Add(enough)), []string{"b"})
			f.equal("again", f.accept(first).Duplicate, 1)
			f.equal("verdicts", f.counts().Verdicts, map[ledger.Verdict]int{ledger.VerdictSkipped: 1})
		}},
		{"takes the name out of replies to others", func(f *fixture) {
			for text, want := range map[string]int{"@ada and @ben": 1, "look, @Ada.": 1, "@adam": 0, "ada": 0} {
				delivery := f.bring(text, planOf(text, 0), ledger.Posted)
				f.equal(text, f.forget("ada", noon()), ledger.Forgotten{Naming: want})
				f.equal("is empty", f.settledOf(delivery).Text == "", want == 1)
			}
		}},
		{"takes captions of the person's media", func(f *fixture) {
			item := f.acceptOne("a")
			entry := entryOf()
			entry.Facts = []byte(`{"text":"nice","from":{"username":"ben"},"media":{"id":"1","owner":"ada","caption":"my cat","hashtags":["cat"]}}`)
			f.enter(item.Seq, entry)
			f.equal("forgotten", f.forget("ada", noon()), ledger.Forgotten{Naming: 1})
			record, err := f.Record(f.Context(), item.Seq)
			f.must(err)
			f.equal("text", record.Event.Text, "nice")
			f.equal("caption", record.Event.Media.Caption+record.Event.Media.Owner, "")
		}},
	}...)
}

// forgetByState are the cases that each state of a reply to the person makes.
func forgetByState() []testcase {
	var cases []testcase
	for state := range fates() {
		cases = append(cases, testcase{"of a reply that is " + string(state), func(f *fixture) {
			plan := marked("mark")
			plan.Approve = state == ledger.Waiting || state == ledger.Rejected
			plan.Now = !plan.Approve && state != ledger.Planned
			delivery := f.enter(f.acceptOne("a").Seq, by(plan))[0]
			want := ledger.Forgotten{Events: 1}
			switch state {
			case ledger.Waiting, ledger.Planned:
				want.Cancelled = 1
			case ledger.Sending:
				want = ledger.Forgotten{Busy: 1}
			case ledger.Rejected:
				f.must(f.atDesk().Reject(f.Context(), delivery.ID, noon()))
			case ledger.Unknown:
				want = ledger.Forgotten{Busy: 1}
				fallthrough
			default:
				f.finish(delivery.ID, ledger.Fate{State: state, At: noon()})
			}
			f.equal("forgotten", f.forget("917", noon()), want)
			if state == ledger.Unknown {
				f.equal("forgotten when it can't be found out any more", f.forget("917", noon().Add(2*day)), ledger.Forgotten{Events: 1})
			}
			left := f.settledOf(delivery)
			f.equal("text is left", left.Text != "", state == ledger.Sending)
			f.equal("author is left", left.Author != rules.From{}, state == ledger.Sending)
			if want.Cancelled > 0 {
				f.equal("state", left.State, ledger.Cancelled)
				f.marks("mark", noon())
			}
			f.equal("is said", f.takeTexts(10, noon().Add(enough)), []string{})
			f.equal("comes again", f.accept(arrival("a", 0)).Duplicate, 1)
		}})
	}
	return cases
}
