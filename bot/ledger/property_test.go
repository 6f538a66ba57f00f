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
			for _, word := range []string{" shadow", " approve", " continue", " old", " silent"} {
				if rapid.IntRange(0, 3).Draw(t, word) == 0 {
					words += word
				}
			}
			wishes = append(wishes, wish(fmt.Sprintf("rule%d %s%s", i, result, words)))
		}
		decision := decide(event, wishes...)
		for i := range decision.Candidates {
			c := &decision.Candidates[i]
			for range rapid.IntRange(0, 2).Draw(t, "more replies") {
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
	replies := 0
	for _, action := range record.Actions {
		if action.Action == rules.ActionReply {
			replies++
		}
	}
	speaks := slices.Contains([]ledger.Verdict{ledger.VerdictReply, ledger.VerdictApprove, ledger.VerdictShadow}, record.Verdict)
	if want := map[bool]int{true: 1}[speaks]; replies != want || (record.Request != nil) != speaks || (record.Reply != "") != speaks {
		t.Errorf("%s with %d replies, %q, request %v", record.Verdict, replies, record.Reply, record.Request)
	}
	if len(record.Rules) != len(decision.Rules) || record.Actions == nil || record.Rules == nil {
		t.Errorf("rules %v, actions %v", record.Rules, record.Actions)
	}
	if (record.Because == "") != (speaks || record.Verdict == ledger.VerdictNoMatch) {
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
	if record.Verdict != ledger.VerdictReply && record.Verdict != ledger.VerdictApprove {
		return
	}
	i := slices.IndexFunc(decision.Candidates, func(c rules.Candidate) bool { return c.Rule == record.Rule })
	c := decision.Candidates[i]
	switch {
	case terms.Mode == rules.Shadow || c.Mode == rules.Shadow || record.Mode != c.Mode:
		t.Errorf("a shadow speaks")
	case (record.Verdict == ledger.VerdictApprove) != (c.Mode == rules.Approve):
		t.Errorf("%s of a rule in mode %s", record.Verdict, c.Mode)
	case decision.Rules[c.Index].Outcome != rules.Matched:
		t.Errorf("a rule speaks that is %s", decision.Rules[c.Index].Outcome)
	case terms.PerThread > 0 && b.replies >= terms.PerThread:
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
