package storetest

import (
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// planTo is a plan of an action, due at noon.
func planTo(action, text string, hashes ...string) ledger.Plan {
	plan := marked(hashes...)
	plan.Action, plan.Text = action, text
	switch action {
	case rules.ActionReply:
		plan.Request = platform.ReplyRequest(platform.Target{Kind: platform.Comment, Comment: "1"}, text)
	case rules.ActionPrivateReply:
		plan.Request = platform.PrivateReplyRequest("77", "1", text)
	case rules.ActionHide:
		plan.Text, plan.Request = "", platform.HideRequest("1")
	case rules.ActionNotify:
		plan.To, plan.Request = "ops", platform.Request{}
	}
	return plan
}

// planEach are plans of all actions that bear the marks; people are notified twice.
func planEach(hashes ...string) []ledger.Plan {
	var plans []ledger.Plan
	for _, action := range append(rules.Actions(), rules.ActionNotify) {
		plans = append(plans, planTo(action, "to "+action, hashes...))
	}
	return plans
}

func actionCases() []testcase {
	return []testcase{
		{"are all kept, in order, as they were planned", func(f *fixture) {
			plans, seq := planEach(), f.acceptOne("a").Seq
			f.enter(seq, entryOf(plans...))
			f.reopen()
			settled, err := f.Deliveries(f.Context(), seq)
			f.must(err)
			record, err := f.Record(f.Context(), seq)
			f.must(err)
			var got, actions []string
			for i, d := range settled {
				got = append(got, d.Action+d.To)
				actions = append(actions, record.Actions[i].Action+record.Actions[i].To)
				f.equal("text and request", []any{d.Text, d.Request}, []any{plans[i].Text, plans[i].Request})
				f.equal("in the record", []any{record.Actions[i].Text, record.Actions[i].Request}, []any{plans[i].Text, plans[i].Request})
			}
			want := []string{"reply", "private_reply", "hide", "notifyops", "notifyops"}
			f.equal("deliveries", got, want)
			f.equal("record", actions, want)
			f.equal("taken", f.takeTexts(10, noon()), []string{"to reply", "to private_reply", "", "to notify", "to notify"})
		}},
		{"are each of an event once, but for notifications", func(f *fixture) {
			seq := f.acceptOne("a").Seq
			for _, action := range []string{rules.ActionReply, rules.ActionPrivateReply, rules.ActionHide} {
				twice := entryOf(planTo(action, "one"), planTo(action, "two"))
				if _, err := f.Enter(f.Context(), seq, func(ledger.Book) (ledger.Entry, error) { return twice, nil }); err == nil {
					f.Errorf("%s is entered twice", action)
				}
			}
			var notices []ledger.Plan
			for range ledger.MaxNotices {
				notices = append(notices, planTo(rules.ActionNotify, "look"))
			}
			f.equal("notices", len(f.enter(seq, entryOf(notices...))), ledger.MaxNotices)
		}},
		{"share marks, which are given back with the last of them", func(f *fixture) {
			deliveries := f.enter(f.acceptOne("a").Seq, entryOf(planEach("a")...))
			f.planAt("b", marked("a", "b"), after(1))
			f.take(10, noon())
			for _, d := range deliveries {
				f.marks("a", after(1), noon())
				f.finish(d.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			}
			f.marks("a", after(1))
			f.marks("b", after(1))
			last := deliveries[len(deliveries)-1].ID
			f.must(f.atDesk().SendAgain(f.Context(), last, false, noon()))
			f.marks("a", after(1), noon())
		}},
		{"keep the marks that only they bear to themselves", func(f *fixture) {
			plans := []ledger.Plan{planTo(rules.ActionReply, "one", "a"), planTo(rules.ActionPrivateReply, "two", "a", "b")}
			deliveries := f.enter(f.acceptOne("a").Seq, entryOf(plans...))
			f.take(10, noon())
			f.finish(deliveries[1].ID, ledger.Fate{State: ledger.Refused, At: noon()})
			f.marks("a", noon())
			f.marks("b")
			f.finish(deliveries[0].ID, ledger.Fate{State: ledger.Posted, At: noon()})
			f.marks("a", noon())
		}},
		{"count as replies only where they are public ones", func(f *fixture) {
			f.enter(f.acceptOne("a").Seq, entryOf(planEach()[1:]...))
			for _, d := range f.take(10, noon()) {
				f.finish(d.ID, ledger.Fate{State: ledger.Posted, PostedID: "1800", At: noon()})
			}
			f.sentTimes(account, time.Time{})
			f.history("of what isn't public", eventOf(""), time.Time{}, 0, 0, 0)
			f.consult(func(book ledger.Book) {
				n, err := book.RepliesIn(account, "thread/1", time.Time{})
				f.must(err)
				said, err := book.SaidOn(account, "media", "to private_reply", time.Time{})
				f.must(err)
				f.equal("replies, and whether it was said", []any{n, said}, []any{0, false})
			})
		}},
		{"of which some wait are sent as far as they don't", func(f *fixture) {
			plans := planEach()
			for i := range plans[:3] {
				plans[i].Approve = true
			}
			deliveries := f.enter(f.acceptOne("a").Seq, entryOf(plans...))
			f.equal("taken", f.takeTexts(10, noon()), []string{"to notify", "to notify"})
			f.equal("pending", f.pending(noon()), []string{"to reply", "to private_reply", ""})
			f.approve(deliveries[1].ID, "quite another", noon())
			f.approve(deliveries[2].ID, "", noon())
			f.must(f.atDesk().Reject(f.Context(), deliveries[0].ID, noon()))
			taken := f.take(10, noon())
			f.equal("approved", []string{taken[0].Request.Says(), taken[1].Request.Path}, []string{"quite another", "/1"})
			f.equal("is to", taken[0].Request.Form["recipient"], plans[1].Request.Form["recipient"])
		}},
		{"without a text are none to edit", func(f *fixture) {
			plan := planTo(rules.ActionHide, "")
			plan.Approve = true
			delivery := f.plan("a", plan)
			if err := f.atDesk().Approve(f.Context(), delivery.ID, "words", noon()); err == nil {
				f.Error("approved words of what has none")
			}
			f.approve(delivery.ID, "", noon())
		}},
		{"are forgotten with their texts and requests", func(f *fixture) {
			seq := f.acceptOne("a").Seq
			entry := by(planEach()[1])
			entry.Plans = planEach()
			entry.Record.Actions = nil
			for _, p := range entry.Plans {
				entry.Record.Actions = append(entry.Record.Actions, rules.Action{Action: p.Action, Rule: p.Rule, Text: p.Text, To: p.To, Request: p.Request, Delay: "5s"})
			}
			f.enter(seq, entry)
			for _, d := range f.take(10, noon()) {
				f.finish(d.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			}
			f.equal("forgotten", f.forget("ada", noon()), ledger.Forgotten{Events: 1})
			settled, err := f.Deliveries(f.Context(), seq)
			f.must(err)
			for _, d := range settled {
				f.equal("left of "+d.Action, []any{d.Text, d.Request}, []any{"", platform.Request{}})
				f.refuses("send again", f.atDesk().SendAgain(f.Context(), d.ID, false, noon()), ledger.ErrForgotten)
			}
			record, err := f.Record(f.Context(), seq)
			f.must(err)
			for _, a := range record.Actions {
				f.equal("left of the record's "+a.Action, []any{a.Text, a.Request}, []any{"", platform.Request{}})
			}
		}},
		{"that name somebody lose their texts", func(f *fixture) {
			deliveries := f.enter(f.acceptOne("a").Seq, entryOf(planTo(rules.ActionReply, "hello"), planTo(rules.ActionNotify, "look at @ada")))
			for _, d := range f.take(10, noon()) {
				f.finish(d.ID, ledger.Fate{State: ledger.Posted, At: noon()})
			}
			f.equal("forgotten", f.forget("ada", noon()), ledger.Forgotten{Naming: 1})
			settled, err := f.Deliveries(f.Context(), deliveries[0].Seq)
			f.must(err)
			f.equal("text", settled[1].Text, "")
		}},
		{"that only hide can be done again", func(f *fixture) {
			delivery := f.plan("a", planTo(rules.ActionHide, ""))
			f.take(1, noon())
			f.finish(delivery.ID, ledger.Fate{State: ledger.Refused, At: noon()})
			f.must(f.atDesk().SendAgain(f.Context(), delivery.ID, false, noon()))
			f.equal("taken", len(f.take(1, noon())), 1)
		}},
	}
}
