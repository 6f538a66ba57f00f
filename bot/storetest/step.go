package storetest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// try is a call about a delivery, whatever comes of it.
type try struct {
	by     ledger.Call
	call   func(f *fixture, d ledger.Settled)
	action string // the delivery's; a public reply if empty
}

// tries are the calls that change states, in each way that there is.
func tries() []try {
	recovers := func(f *fixture, _ ledger.Settled) {
		_, err := f.Recover(f.Context(), noon(), settleAfter)
		f.must(err)
	}
	takes := func(f *fixture, _ ledger.Settled) { f.take(100, noon().Add(enough)) }
	all := []try{
		{by: ledger.CallEnter, call: func(f *fixture, d ledger.Settled) {
			_, _ = f.Enter(f.Context(), d.Seq, func(ledger.Book) (ledger.Entry, error) { return entryOf(sendingNow("other")), nil })
		}},
		{by: ledger.CallTakeDeliveries, call: takes},
		{by: ledger.CallTakeDeliveries, call: takes, action: rules.ActionNotify},
		{by: ledger.CallRecover, call: recovers},
		{by: ledger.CallRecover, call: recovers, action: rules.ActionPrivateReply},
		{by: ledger.CallRecover, call: recovers, action: rules.ActionHide},
		{by: ledger.CallRecover, call: recovers, action: rules.ActionNotify},
		{by: ledger.CallReject, call: func(f *fixture, d ledger.Settled) { _ = f.atDesk().Reject(f.Context(), d.ID, noon()) }},
		{by: ledger.CallForget, call: func(f *fixture, d ledger.Settled) { f.forget(d.Author.ID, noon()) }},
		{by: ledger.CallForget, call: func(f *fixture, d ledger.Settled) { f.forget(d.Author.ID, noon().Add(2*day)) }},
	}
	for _, state := range slices.Sorted(maps.Keys(fates())) {
		fate := ledger.Fate{State: state, At: after(1), Due: after(2)}
		all = append(all,
			try{by: ledger.CallFinish, call: func(f *fixture, d ledger.Settled) { _ = f.Finish(f.Context(), d.ID, fate) }},
			try{by: ledger.CallSettle, call: func(f *fixture, d ledger.Settled) {
				_ = f.Settle(f.Context(), ledger.Doubt{Delivery: d.Delivery}, fate)
			}},
			try{by: ledger.CallResolve, call: func(f *fixture, d ledger.Settled) {
				_ = f.atDesk().Resolve(f.Context(), d.ID, state, "", noon())
			}},
		)
	}
	for _, at := range []time.Time{noon(), noon().Add(2 * day)} {
		all = append(all,
			try{by: ledger.CallApprove, call: func(f *fixture, d ledger.Settled) { _ = f.atDesk().Approve(f.Context(), d.ID, "", at) }},
			try{by: ledger.CallSendAgain, call: func(f *fixture, d ledger.Settled) { _ = f.atDesk().SendAgain(f.Context(), d.ID, true, at) }},
			try{by: ledger.CallExpire, call: func(f *fixture, _ ledger.Settled) {
				_, err := f.Expire(f.Context(), at)
				f.must(err)
			}},
			try{by: ledger.CallExpire, call: func(f *fixture, _ ledger.Settled) { f.expireInPause(at) }},
		)
	}
	return append(all, changingNothing()...)
}

// changingNothing are the calls that leave each delivery as it is.
func changingNothing() []try {
	var all []try
	for name, call := range map[string]func(f *fixture, d ledger.Settled){
		"Hasten": func(f *fixture, d ledger.Settled) { f.must(f.Hasten(f.Context(), d.Account, noon(), settleAfter)) },
		"Retry":  func(f *fixture, d ledger.Settled) { _ = f.Retry(f.Context(), d.Seq, noon(), nil, "") },
		"Reopen": func(f *fixture, d ledger.Settled) {
			_ = f.atDesk().JudgeAgain(f.Context(), d.Seq, noon())
			_, err := f.Reopen(f.Context(), noon())
			f.must(err)
		},
		"TakeDoubts": func(f *fixture, _ ledger.Settled) {
			_, err := f.TakeDoubts(f.Context(), share.Of(100), noon().Add(enough), noon().Add(enough))
			f.must(err)
		},
		"Prune": func(f *fixture, _ ledger.Settled) {
			_, err := f.Prune(f.Context(), ledger.Prune(noon(), day), func(context.Context) error { return nil })
			f.must(err)
		},
	} {
		all = append(all, try{by: ledger.Call(name), call: call})
	}
	return all
}

// expireInPause lets what waits expire while everything is paused.
func (f *fixture) expireInPause(now time.Time) {
	f.Helper()
	pause := ledger.Pause{Scope: ledger.ScopeAll, Reason: "a test", Since: noon()}
	f.pause(pause)
	_, err := f.Expire(f.Context(), now)
	f.must(err)
	f.must(f.atDesk().Resume(f.Context(), pause.Scope, pause.Name, now))
}

// stepCases make every call on a delivery in every state: what comes of it are the steps of the ledger, all of them and
// no others.
func stepCases() []testcase {
	cases := []testcase{{"of one that is entered", func(f *fixture) {
		var got []ledger.Step
		for i, plan := range []ledger.Plan{planOf("planned", 0), sendingNow("now"), {Approve: true}} {
			if plan.Approve {
				plan = planOf("waits", 0)
				plan.Approve = true
			}
			got = append(got, ledger.Step{To: f.plan(fmt.Sprint(i), plan).State, By: ledger.CallEnter})
		}
		f.equal("steps", ordered(got), stepsFrom(""))
	}}}
	for state := range fates() {
		cases = append(cases, testcase{"of one that is " + string(state), func(f *fixture) {
			got := []ledger.Step{}
			for i, try := range tries() {
				plan := planOf(fmt.Sprintf("%s %d", state, i), 0)
				if try.action != "" {
					plan = planTo(try.action, plan.Text)
				}
				plan.Author = rules.From{ID: fmt.Sprint(9000 + i)}
				d := f.settledOf(f.bringBy(fmt.Sprint(i), plan, state))
				try.call(f, d)
				if next := f.settledOf(d.Delivery).State; next != state {
					got = append(got, ledger.Step{From: state, To: next, By: try.by})
				}
			}
			f.equal("steps", ordered(got), stepsFrom(state))
		}})
	}
	return cases
}

// bringBy is bring with an author who can be forgotten.
func (f *fixture) bringBy(key string, plan ledger.Plan, state ledger.State) ledger.Delivery {
	f.Helper()
	plan.Approve = state == ledger.Waiting || state == ledger.Rejected
	plan.Now = !plan.Approve && state != ledger.Planned
	entry := entryOf(plan)
	entry.Facts = fmt.Appendf(nil, `{"kind":"comment","text":"challenge?","from":{"id":%q}}`, plan.Author.ID)
	delivery := f.enter(f.acceptOne(key).Seq, entry)[0]
	f.end(delivery, state)
	return delivery
}

// stepsFrom are the ledger's from a state.
func stepsFrom(state ledger.State) []ledger.Step {
	steps := []ledger.Step{}
	for _, step := range ledger.Steps() {
		if step.From == state {
			steps = append(steps, step)
		}
	}
	return ordered(steps)
}

// ordered are steps in an order, each once.
func ordered(steps []ledger.Step) []ledger.Step {
	slices.SortFunc(steps, func(a, b ledger.Step) int {
		return strings.Compare(string(a.To)+" "+string(a.By), string(b.To)+" "+string(b.By))
	})
	return slices.Compact(steps)
}
