package ledger_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// rotating is a decision of one rule with these variants, as rules give it: actions and outcome are the first draw's.
func rotating(event *rules.Event, draw uint64, variants ...rules.Variant) rules.Decision {
	d := decide(event, "a matched")
	c := &d.Candidates[0]
	c.Draw, c.Variants, c.Delay, c.Actions = draw, variants, "20s", nil
	first := c.Pick("")
	d.Rules[1].Outcome, d.Rules[1].Because, d.Rules[1].Detail = first.Result, first.Because, first.Detail
	if first.Result == rules.Matched {
		c.Actions = []rules.Action{{
			Action: rules.ActionReply, Rule: c.Rule, Text: first.Text, Request: platform.ReplyRequest(event.Target(), first.Text), Delay: c.Delay,
		}}
	}
	return d
}

func says(id string) rules.Variant {
	return rules.Variant{ID: id, Result: rules.Matched, Text: "variant " + id}
}

func TestRotate(t *testing.T) {
	empty := rules.Variant{ID: "empty", Result: rules.HeldBack, Because: rules.BecauseEmptyValue}
	failing := rules.Variant{ID: "failing", Result: rules.Failed, Because: rules.BecauseFailed, Detail: "a.yaml:1:1: reply: oh"}
	for name, c := range map[string]struct {
		variants []rules.Variant
		draw     uint64
		last     string
		verdict  string
		variant  string
		outcome  rules.Outcome
	}{
		"the first time":              {[]rules.Variant{says("x"), says("y")}, 1, "", "reply", "y", rules.Outcome{Outcome: rules.Matched}},
		"not the last again":          {[]rules.Variant{says("x"), says("y")}, 1, "y", "reply", "x", rules.Outcome{Outcome: rules.Matched}},
		"the last was another":        {[]rules.Variant{says("x"), says("y")}, 1, "x", "reply", "y", rules.Outcome{Outcome: rules.Matched}},
		"the last is no more":         {[]rules.Variant{says("x"), says("y")}, 0, "z", "reply", "x", rules.Outcome{Outcome: rules.Matched}},
		"the other is empty":          {[]rules.Variant{says("x"), empty}, 0, "x", "skipped", "empty", rules.Outcome{Outcome: rules.HeldBack, Because: rules.BecauseEmptyValue}},
		"the other failed":            {[]rules.Variant{says("x"), failing}, 0, "x", "error", "failing", rules.Outcome{Outcome: rules.Failed, Because: rules.BecauseFailed, Detail: failing.Detail}},
		"the first was empty":         {[]rules.Variant{empty, says("y")}, 0, "empty", "reply", "y", rules.Outcome{Outcome: rules.Matched}},
		"the first failed":            {[]rules.Variant{failing, says("y")}, 0, "failing", "reply", "y", rules.Outcome{Outcome: rules.Matched}},
		"the first is empty":          {[]rules.Variant{empty, says("y")}, 0, "", "skipped", "empty", rules.Outcome{Outcome: rules.HeldBack, Because: rules.BecauseEmptyValue}},
		"one alone is no choice":      {[]rules.Variant{says("x")}, 0, "x", "reply", "", rules.Outcome{Outcome: rules.Matched}},
		"three, the one in the midst": {[]rules.Variant{says("x"), says("y"), says("z")}, 1, "y", "reply", "z", rules.Outcome{Outcome: rules.Matched}},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			decision := rotating(event, c.draw, c.variants...)
			before := aCopy(decision)
			record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, &book{variant: c.last})
			if err != nil {
				t.Fatal(err)
			}
			if string(record.Verdict) != c.verdict || record.Variant != c.variant {
				t.Errorf("got %s with variant %q, want %s with %q", record.Verdict, record.Variant, c.verdict, c.variant)
			}
			c.outcome.Name = "a"
			if diff := cmp.Diff(c.outcome, record.Rules[1]); diff != "" {
				t.Errorf("outcome: got + and want -:\n%s", diff)
			}
			if diff := cmp.Diff(before, decision); diff != "" {
				t.Errorf("the decision was changed:\n%s", diff)
			}
			if c.verdict != "reply" || c.variant == "" {
				return
			}
			text := "variant " + c.variant
			want := []rules.Action{{Action: rules.ActionReply, Rule: "a", Text: text, Request: platform.ReplyRequest(event.Target(), text), Delay: "20s"}}
			if diff := cmp.Diff(want, record.Actions); diff != "" || record.Reply != text || record.Request.Form["message"] != text {
				t.Errorf("reply %q, actions: got + and want -:\n%s", record.Reply, diff)
			}
			plans, err := ledger.Plans(&record, decision, noon(), noon())
			if err != nil || len(plans) != 1 || plans[0].Variant != c.variant || plans[0].Text != text || plans[0].Due != noon().Add(20*time.Second) {
				t.Errorf("plans %+v, %v", plans, err)
			}
		})
	}
}

// TestRotateKeepsTheOthers has a rule do something else beside the reply, which the draw leaves as it is.
func TestRotateKeepsTheOthers(t *testing.T) {
	event := comment()
	decision := rotating(event, 0, says("x"), says("y"))
	other := rules.Action{Action: rules.ActionNotify, Rule: "a", Text: "stays", Delay: "1s"}
	decision.Candidates[0].Actions = append([]rules.Action{other}, decision.Candidates[0].Actions...)
	record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, &book{variant: "x"})
	if err != nil {
		t.Fatal(err)
	}
	if len(record.Actions) != 2 || record.Actions[0].Text != "variant y" || !cmp.Equal(record.Actions[1], other) {
		t.Errorf("actions %+v", record.Actions)
	}
}

func TestRotateAsksTheBook(t *testing.T) {
	event := comment()
	event.Comment.ID = ""
	decision := rotating(event, 0, says("x"), says("y"))
	b := &book{}
	if _, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"variant 1 21 a", "paused 1 a"}, b.asked); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
	broken := errors.New("broken")
	if _, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, &book{err: broken}); !errors.Is(err, broken) {
		t.Errorf("a broken book: got error %v", err)
	}
	record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil)
	if err != nil || record.Reply != "variant x" || record.Variant != "x" {
		t.Errorf("without a book: %q of %q, %v", record.Reply, record.Variant, err)
	}
}

// TestRotateProperties has a rule never say the same twice in a row on a media.
func TestRotateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var memory ledger.Memory
		last := map[string]string{}
		n := rapid.IntRange(2, 4).Draw(t, "variants")
		var variants []rules.Variant
		for i := range n {
			variants = append(variants, says(fmt.Sprint(i)))
		}
		for i := range rapid.IntRange(1, 30).Draw(t, "events") {
			event := comment()
			event.ID = fmt.Sprint(i)
			event.Media.ID = rapid.SampledFrom([]string{"21", "22"}).Draw(t, "media")
			record, err := memory.Enter(event, rotating(event, rapid.Uint64().Draw(t, "draw"), variants...), noon(), ledger.Terms{})
			if err != nil {
				t.Fatal(err)
			}
			if record.Reply == "" || record.Reply == last[event.Media.ID] {
				t.Fatalf("event %d on media %s: %q after %q", i, event.Media.ID, record.Reply, last[event.Media.ID])
			}
			last[event.Media.ID] = record.Reply
		}
	})
}
