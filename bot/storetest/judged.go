package storetest

import (
	"errors"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

func judgedCases() []testcase {
	return []testcase{
		{"tells the event and when it was", func(f *fixture) {
			delivery := f.planAt("a", planOf("hello", 30), after(1234))
			event, at, err := f.Judged(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("event", event, rules.Event{Kind: "comment", Text: "challenge?"})
			f.equal("at", at, after(1234))
		}},
		{"outlives a restart and the delivery's end", func(f *fixture) {
			delivery := f.plan("a", sendingNow("hello"))
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: noon()})
			f.reopen()
			event, at, err := f.Judged(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("text", event.Text, "challenge?")
			f.equal("at", at, noon())
		}},
		{"tells nothing of who was forgotten", func(f *fixture) {
			delivery := f.enter(f.acceptOne("a").Seq, by(sendingNow("hello")))[0]
			f.finish(delivery.ID, ledger.Fate{State: ledger.Posted, PostedID: "18001", At: noon()})
			f.forget("ada", noon())
			event, _, err := f.Judged(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("text", event.Text, "")
			f.equal("author", event.From, rules.From{})
		}},
		{"knows nothing of what is undecided or unknown", func(f *fixture) {
			for _, seq := range []int64{f.acceptOne("a").Seq, 12345} {
				if event, at, err := f.Judged(f.Context(), seq); !errors.Is(err, ledger.ErrNoEntry) || event.Kind != "" || at != (time.Time{}) {
					f.Errorf("event %d: got %+v at %v, error %v", seq, event, at, err)
				}
			}
		}},
	}
}
