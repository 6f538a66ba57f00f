package ledger_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// aDecision draws what rules may say of the event, also what no set should.
func aDecision(event *rules.Event) *rapid.Generator[rules.Decision] {
	return rapid.Custom(func(t *rapid.T) rules.Decision {
		var wishes []wish
		for i := range rapid.IntRange(0, 5).Draw(t, "candidates") {
			result := rapid.SampledFrom([]string{"matched", "matched", "matched", "held_back/too_long", "error", "no_match/when", "strange"}).Draw(t, "result")
			words := ""
			for _, word := range []string{" shadow", " approve", " continue", " old", " silent", " private", " hide", " notify", " reply"} {
				if rapid.IntRange(0, 3).Draw(t, word) == 0 {
					words += word
				}
			}
			wishes = append(wishes, wish(fmt.Sprintf("rule%d %s%s", i, result, words)))
		}
		decision := decide(event, wishes...)
		for i := range decision.Candidates {
			c := &decision.Candidates[i]
			for range rapid.IntRange(0, 1).Draw(t, "more replies") {
				c.Actions = append(c.Actions, rules.Action{Action: rules.ActionReply, Rule: c.Rule, Text: "more of " + c.Rule})
			}
		}
		return decision
	})
}

func TestConcludeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		event := comment()
		event.Time = noon().Add(-time.Duration(rapid.IntRange(-2, 50).Draw(t, "age")) * 30 * time.Minute)
		if rapid.Bool().Draw(t, "authorless") {
			event.From = rules.From{}
		}
		decision := aDecision(event).Draw(t, "decision")
		before := aCopy(decision)
		terms := ledger.Terms{
			Mode:      rapid.SampledFrom([]rules.Mode{"", rules.Live, rules.Shadow}).Draw(t, "mode"),
			PerThread: rapid.IntRange(0, 2).Draw(t, "cap"),
		}
		b := &book{replies: rapid.IntRange(0, 2).Draw(t, "replies")}
		if rapid.IntRange(0, 3).Draw(t, "own") == 0 {
			b.sent = event.Comment.ID
		}

		record, err := ledger.Conclude(event, decision, noon(), terms, b)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, decision); diff != "" {
			t.Errorf("the decision was changed:\n%s", diff)
		}
		again, err := ledger.Conclude(event, decision, noon(), terms, b)
		if diff := cmp.Diff(record, again); diff != "" || err != nil {
			t.Errorf("the second time differs: %v\n%s", err, diff)
		}
		checkWhole(t, record, decision)
		checkSilence(t, record, decision, terms, b)
		checkPlans(t, record, decision)
	})
}

func aCopy(d rules.Decision) rules.Decision {
	d.Rules, d.Candidates = slices.Clone(d.Rules), slices.Clone(d.Candidates)
	for i := range d.Candidates {
		d.Candidates[i].Actions = slices.Clone(d.Candidates[i].Actions)
	}
	return d
}

// checkWhole holds what is true of every record.
func checkWhole(t *rapid.T, record ledger.Record, decision rules.Decision) {
	times := map[string]int{}
	for i, action := range record.Actions {
		times[action.Action]++
		if i > 0 && slices.Index(rules.Actions(), action.Action) < slices.Index(rules.Actions(), record.Actions[i-1].Action) {
			t.Errorf("%s stands behind %s", action.Action, record.Actions[i-1].Action)
		}
		if at := slices.IndexFunc(record.Rules, func(o rules.Outcome) bool { return o.Name == action.Rule }); record.Rules[at].Outcome != rules.Matched {
			t.Errorf("rule %q is %s and does %s", action.Rule, record.Rules[at].Outcome, action.Action)
		}
	}
	replies := times[rules.ActionReply]
	if replies > 1 || times[rules.ActionPrivateReply] > 1 || times[rules.ActionHide] > 1 || times[rules.ActionNotify] > ledger.MaxNotices {
		t.Errorf("done: %v", times)
	}
	acts := slices.Contains([]ledger.Verdict{ledger.VerdictReply, ledger.VerdictApprove, ledger.VerdictShadow, ledger.VerdictActed}, record.Verdict)
	if acts != (len(record.Actions) > 0) || record.Verdict == ledger.VerdictReply && replies == 0 || record.Verdict == ledger.VerdictActed && replies > 0 {
		t.Errorf("%s with %v", record.Verdict, times)
	}
	if (record.Request != nil) != (replies == 1) || (record.Reply != "") != (replies == 1) {
		t.Errorf("%s with %d replies, %q, request %v", record.Verdict, replies, record.Reply, record.Request)
	}
	if len(record.Rules) != len(decision.Rules) || record.Actions == nil || record.Rules == nil {
		t.Errorf("rules %v, actions %v", record.Rules, record.Actions)
	}
	if (record.Because == "") != (acts || record.Verdict == ledger.VerdictNoMatch) {
		t.Errorf("%s because %q", record.Verdict, record.Because)
	}
	for i, outcome := range record.Rules {
		if outcome.Name != decision.Rules[i].Name {
			t.Errorf("outcome %d is of %q", i, outcome.Name)
		}
		if was := decision.Rules[i].Outcome; outcome.Outcome == rules.Matched && was != rules.Matched {
			t.Errorf("rule %q matched, but was %s", outcome.Name, was)
		}
	}
}

// checkSilence holds when there must be no reply, nor one that waits.
func checkSilence(t *rapid.T, record ledger.Record, decision rules.Decision, terms ledger.Terms, b *book) {
	if record.Verdict != ledger.VerdictReply && record.Verdict != ledger.VerdictApprove && record.Verdict != ledger.VerdictActed {
		return
	}
	i := slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == record.Rule })
	c := decision.Candidates[i]
	switch {
	case terms.Mode == rules.Shadow || c.Mode == rules.Shadow || record.Mode != c.Mode:
		t.Errorf("a shadow speaks")
	case record.Verdict == ledger.VerdictApprove && c.Mode != rules.Approve, record.Verdict == ledger.VerdictReply && c.Mode != rules.Live:
		t.Errorf("%s of a rule in mode %s", record.Verdict, c.Mode)
	case decision.Rules[c.Index].Outcome != rules.Matched:
		t.Errorf("a rule speaks that is %s", decision.Rules[c.Index].Outcome)
	case terms.PerThread > 0 && b.replies >= terms.PerThread && record.Reply != "":
		t.Errorf("reply %d in a thread, with a cap of %d", b.replies+1, terms.PerThread)
	case noon().Sub(record.Event.Time) > c.MaxAge:
		t.Errorf("an event %v old is answered, with a max_age of %v", noon().Sub(record.Event.Time), c.MaxAge)
	case b.sent != "":
		t.Errorf("the bot answers itself")
	}
	for _, earlier := range decision.Candidates[:i] {
		if earlier.Mode != rules.Shadow && !earlier.Continue {
			t.Errorf("rule %q speaks behind the end", record.Rule)
		}
	}
}

// checkPlans holds what is true of what is planned: nothing but what was concluded, and of what waits for a person
// nothing but what a rule in mode approve would say or do to somebody.
func checkPlans(t *rapid.T, record ledger.Record, decision rules.Decision) {
	plans, err := ledger.Plans(&record, decision, noon(), noon())
	if err != nil {
		t.Fatal(err)
	}
	if record.Verdict == ledger.VerdictShadow || len(record.Actions) == 0 {
		if len(plans) > 0 {
			t.Errorf("%s plans %+v", record.Verdict, plans)
		}
		return
	}
	if len(plans) != len(record.Actions) {
		t.Fatalf("%d plans of %d actions", len(plans), len(record.Actions))
	}
	for i, p := range plans {
		c := decision.Candidates[slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == p.Rule })]
		if p.Action != record.Actions[i].Action || p.Text != record.Actions[i].Text || c.Mode == rules.Shadow {
			t.Errorf("plan %+v of %+v by a rule in mode %s", p, record.Actions[i], c.Mode)
		}
		if p.Approve != (c.Mode == rules.Approve && p.Action != rules.ActionNotify) {
			t.Errorf("%s of a rule in mode %s waits: %v", p.Action, c.Mode, p.Approve)
		}
	}
}
