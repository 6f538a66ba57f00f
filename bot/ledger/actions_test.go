package ledger_test

import (
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// planned are the plans in short: rule, action, place, whether it waits for a person, whether it expires, and whether the
// rule is remembered by it.
func planned(t *testing.T, record ledger.Record, decision rules.Decision) string {
	t.Helper()
	plans, err := ledger.Plans(&record, decision, noon(), noon())
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, p := range plans {
		words := []string{p.Rule, p.Action}
		if p.To != "" {
			words = append(words, p.To)
		}
		if p.Approve {
			words = append(words, "waits")
		}
		if !p.Expires.IsZero() {
			words = append(words, "within "+p.Expires.Sub(record.Event.Time).String())
		}
		if len(p.Marks) > 0 {
			words = append(words, "marked")
		}
		all = append(all, strings.Join(words, " "))
	}
	return strings.Join(all, ", ")
}

func TestSeveralActions(t *testing.T) {
	for name, c := range map[string]struct {
		wishes   []wish
		age      time.Duration
		mode     rules.Mode
		verdict  string // verdict, reason, rule
		outcomes string
		plans    string
	}{
		"a private reply alone": {
			wishes: []wish{"a matched private cooldown"}, verdict: "acted  a", outcomes: "a matched", plans: "a private_reply within 24h0m0s marked",
		},
		"both replies bear the marks": {
			wishes: []wish{"a matched notify private reply cooldown"}, verdict: "reply  a", outcomes: "a matched",
			plans: "a reply within 24h0m0s marked, a private_reply within 24h0m0s marked, a notify ops",
		},
		"of a silent rule the first thing does": {
			wishes: []wish{"a matched hide notify cooldown"}, verdict: "acted  a", outcomes: "a matched", plans: "a hide within 24h0m0s marked, a notify ops",
		},
		"a notification bears them where it is all": {
			wishes: []wish{"a matched notify cooldown"}, verdict: "acted  a", outcomes: "a matched", plans: "a notify ops marked",
		},
		"the private reply's days count whatever the max_age": {
			wishes: []wish{"a matched private ageless"}, verdict: "acted  a", outcomes: "a matched", plans: "a private_reply within 168h0m0s",
		},
		"and not after them": {
			wishes: []wish{"a matched private ageless"}, age: 168*time.Hour + 1, verdict: "skipped max_age a", outcomes: "a held_back/max_age",
		},
		"the reply decides, whoever did something before": {
			wishes: []wish{"a matched notify continue", "b matched continue", "c matched private"}, verdict: "reply  b",
			outcomes: "a matched, b matched, c matched", plans: "b reply within 24h0m0s, c private_reply within 24h0m0s, a notify ops",
		},
		"a held back rule does nothing at all": {
			wishes: []wish{"a matched notify continue", "b matched continue", "c matched notify reply"}, verdict: "reply  b",
			outcomes: "a matched, b matched, c held_back/already_answered", plans: "b reply within 24h0m0s, a notify ops",
		},
		"one private reply": {
			wishes: []wish{"a matched private continue", "b matched private"}, verdict: "acted  a",
			outcomes: "a matched, b held_back/already_answered", plans: "a private_reply within 24h0m0s",
		},
		"what is hidden isn't answered": {
			wishes: []wish{"a matched hide continue", "b matched"}, verdict: "acted  a",
			outcomes: "a matched, b held_back/already_answered", plans: "a hide within 24h0m0s",
		},
		"what is answered isn't hidden": {
			wishes: []wish{"a matched continue", "b matched hide notify"}, verdict: "reply  a",
			outcomes: "a matched, b held_back/already_answered", plans: "a reply within 24h0m0s",
		},
		"hidden once": {
			wishes: []wish{"a matched hide continue", "b matched hide notify"}, verdict: "acted  a",
			outcomes: "a matched, b matched", plans: "a hide within 24h0m0s, b notify ops",
		},
		"people are told at once of what waits": {
			wishes: []wish{"a matched approve hide private notify"}, verdict: "approve  a", outcomes: "a matched",
			plans: "a private_reply waits within 24h0m0s, a hide waits within 24h0m0s, a notify ops",
		},
		"to tell people needs no approval": {
			wishes: []wish{"a matched approve notify"}, verdict: "acted  a", outcomes: "a matched", plans: "a notify ops",
		},
		"a shadow does nothing": {
			wishes: []wish{"a matched shadow hide private notify"}, verdict: "shadow  a", outcomes: "a matched",
		},
		"a shadow bars nobody": {
			wishes: []wish{"a matched shadow hide private", "b matched private reply"}, verdict: "reply  b", outcomes: "a matched, b matched",
			plans: "b reply within 24h0m0s, b private_reply within 24h0m0s",
		},
		"all in shadow": {
			wishes: []wish{"a matched hide notify"}, mode: rules.Shadow, verdict: "shadow  a", outcomes: "a matched",
		},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			event.Time = noon().Add(-c.age)
			decision := decide(event, c.wishes...)
			record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{Mode: c.mode}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(record.Verdict) + " " + string(record.Because) + " " + record.Rule; got != c.verdict {
				t.Errorf("verdict %q, want %q", got, c.verdict)
			}
			if got := outcomes(record); got != c.outcomes {
				t.Errorf("outcomes %q, want %q", got, c.outcomes)
			}
			if got := planned(t, record, decision); got != c.plans {
				t.Errorf("plans %q, want %q", got, c.plans)
			}
		})
	}
}

func TestNoticesEnd(t *testing.T) {
	event := comment()
	var wishes []wish
	for i := range ledger.MaxNotices + 1 {
		wishes = append(wishes, wish(string(rune('a'+i))+" matched notify continue"))
	}
	decision := decide(event, wishes...)
	record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if last := record.Rules[len(record.Rules)-1]; len(record.Actions) != ledger.MaxNotices || last.Because != rules.BecauseLimit {
		t.Errorf("%d actions, the last rule is %+v", len(record.Actions), last)
	}
}

func TestPrivateRepliesGoOutFromTheirNode(t *testing.T) {
	event := comment()
	decision := decide(event, "a matched private reply")
	for node, want := range map[string]string{"": "/1/messages", "77": "/77/messages"} {
		record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{MessageNode: node}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := record.Actions[1].Request.Path; got != want || record.Actions[1].Request.Says() != "says a" {
			t.Errorf("from %q: %+v", node, record.Actions[1].Request)
		}
		if public := record.Actions[0].Request.Path; strings.Contains(public, "77") {
			t.Errorf("the public reply goes to %s", public)
		}
	}
}
