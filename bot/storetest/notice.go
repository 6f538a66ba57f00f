package storetest

import (
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// notice plans a notification of a place.
func (f *fixture) notice(to, text string, due int) ledger.Delivery {
	f.Helper()
	plan := planTo(rules.ActionNotify, text)
	plan.To, plan.Due = to, after(due)
	return f.plan(to+" "+text, plan)
}

// noticeTexts are the texts of the notifications that are taken.
func (f *fixture) noticeTexts(room share.Room, now time.Time) []string {
	f.Helper()
	notices, err := f.TakeNotices(f.Context(), room, now)
	f.must(err)
	texts := []string{}
	for _, notice := range notices {
		texts = append(texts, notice.Text)
	}
	return texts
}

func (f *fixture) nextNotice(when string, want time.Time) {
	f.Helper()
	got, err := f.NextNotice(f.Context())
	f.must(err)
	if !got.Equal(want) {
		f.Errorf("%s: next notification %v, want %v", when, got, want)
	}
}

func noticeCases() []testcase {
	return []testcase{
		{"waits apart from what goes to Meta", func(f *fixture) {
			f.notice("ops", "look", 3)
			f.plan("a", planOf("hello", 5))
			f.nextNotice("both wait", after(3))
			f.nextDelivery("both wait", after(5))
			deliveries, err := f.TakeDeliveries(f.Context(), share.Of(9), after(9))
			f.must(err)
			f.equal("to Meta", len(deliveries), 1)
			f.equal("to people", f.noticeTexts(share.Of(9), after(9)), []string{"look"})
			f.nextNotice("none waits", time.Time{})
			f.nextDelivery("none waits", time.Time{})
		}},
		{"is taken when due, longest due first", func(f *fixture) {
			f.notice("ops", "c", 3)
			f.notice("ops", "a", 1)
			f.notice("ops", "b", 2)
			f.equal("before", f.noticeTexts(share.Of(9), noon()), []string{})
			f.equal("two", f.noticeTexts(share.Of(2), after(9)), []string{"a", "b"})
			f.equal("no room", f.noticeTexts(share.Of(0), after(9)), []string{})
			f.equal("the last", f.noticeTexts(share.Of(9), after(9)), []string{"c"})
		}},
		{"shares the room with those of other places", func(f *fixture) {
			for i := range 5 {
				f.notice("flooded", fmt.Sprint("flooded ", i), i)
			}
			f.notice("quiet", "quiet", 9)
			f.equal("taken", f.noticeTexts(share.Of(2), after(9)), []string{"flooded 0", "quiet"})
			full := share.Room{Most: 9, Each: 2, InHand: map[string]int{"flooded": 1}}
			f.equal("up to what each may have", f.noticeTexts(full, after(9)), []string{"flooded 1"})
		}},
		{"is held back by pauses", func(f *fixture) {
			notice := f.notice("ops", "look", 0)
			f.pause(ledger.Pause{Scope: ledger.ScopeRule, Name: notice.Rule, Until: after(50), Reason: "a test", Since: noon()})
			f.nextNotice("paused", after(50))
			f.equal("paused", f.noticeTexts(share.Of(9), after(9)), []string{})
			f.equal("after it", f.noticeTexts(share.Of(9), after(50)), []string{"look"})
		}},
		{"is not hastened with its account", func(f *fixture) {
			notice := f.notice("ops", "look", 0)
			f.noticeTexts(share.Of(1), noon())
			f.finish(notice.ID, ledger.Fate{State: ledger.Planned, At: noon(), Due: after(1000), Reason: "HTTP 503"})
			f.must(f.Hasten(f.Context(), notice.Account, after(1), settleAfter))
			f.nextNotice("waits", after(1000))
		}},
		{"is sent once more after a crash, as is what hides; a private reply is a person's", func(f *fixture) {
			seq := f.acceptOne("a").Seq
			f.enter(seq, entryOf(planEach()...))
			f.take(9, noon())
			got, err := f.Recover(f.Context(), after(7), settleAfter)
			f.must(err)
			f.equal("recovered", got, ledger.Recovered{Unknown: 2, Again: 3})
			f.nextNotice("at once", after(7))
			f.nextDelivery("at once", after(7))
			doubts, err := f.TakeDoubts(f.Context(), share.Of(9), noon().Add(enough), noon().Add(enough))
			f.must(err)
			f.equal("looked for", len(doubts), 1)
			f.equal("looked for", doubts[0].Action, rules.ActionReply)
		}},
		{"doesn't count as sent by an account", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf(planEach()...))
			f.take(9, after(3))
			for _, action := range []string{rules.ActionReply, rules.ActionPrivateReply, rules.ActionHide} {
				times, err := f.SentTimes(f.Context(), account, action, false, noon())
				f.must(err)
				f.equal("sent "+action, times, []time.Time{after(3)})
			}
			if _, err := f.SentTimes(f.Context(), account, rules.ActionNotify, false, noon()); err == nil {
				f.Error("people are notified at an account's pace")
			}
		}},
	}
}
