package rules_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// explained are rules of every outcome: shadow, of another kind, silent, failing, going on, and one that ends it.
const explained = `
conditions: {blue: 'has(text, "blue") and not is_long', is_long: len(words) > 4}
rules:
  - {name: first, mode: shadow, when: blue, reply: a}
  - {name: mention, on: mention, reply: a}
  - {name: early, priority: 3, continue: true, when: 'blue and from.username == "ada"', unless: is_long or mentions_me, reply: a}
  - {name: failing, mode: shadow, when: 'words[1] == "is"', reply: a}
  - {name: unless, unless: 'len(words) != 1 and int(text) > 1', mode: shadow, reply: a}
  - {name: empty, continue: true, unless: blue, reply: '{{ from.username }}'}
  - {name: catch all, when: 'not blue or comment.is_reply', reply: a}
  - {name: late, reply: a}
`

func explainedEvent(t *rapid.T) rules.Event {
	return rules.Event{
		Kind:    rapid.SampledFrom([]platform.Kind{platform.Comment, platform.CommentMention}).Draw(t, "kind"),
		ID:      "1/comment/2",
		Text:    rapid.SampledFrom([]string{"", "3", "blue", "it is blue", "it is far too blue for me"}).Draw(t, "text"),
		From:    rules.From{Username: rapid.SampledFrom([]string{"", "ada"}).Draw(t, "from")},
		Comment: rules.Comment{ID: "2", IsReply: rapid.Bool().Draw(t, "reply")},
	}
}

// Explain decides as Decide does, and its traces end in what Decide saw.
func TestExplainIsDecide(t *testing.T) {
	set := compiled(t, explained)
	rapid.Check(t, func(t *rapid.T) {
		event := explainedEvent(t)
		before := event
		got, want := set.Explain(&event, event.Time), set.Survey(&event, event.Time)
		if diff := cmp.Diff(before, event); diff != "" {
			t.Fatalf("the event was changed:\n%s", diff)
		}
		for i := range got.Rules {
			checkTraces(t, &got.Rules[i])
			got.Rules[i].When, got.Rules[i].Unless, got.Rules[i].NearMiss = nil, nil, ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("explained + and decided -:\n%s", diff)
		}
	})
}

// checkTraces compares an outcome with what its traces end in.
func checkTraces(t *rapid.T, o *rules.Outcome) {
	got := root(o.When) + ", " + root(o.Unless)
	may := map[string][]string{
		"matched":         {"none, none", "true, none", "true, false", "none, false"},
		"held_back":       {"none, none", "true, none", "true, false", "none, false"},
		"no_match when":   {"false, none", "false, not evaluated"},
		"no_match unless": {"none, true", "true, true"},
		"error failed":    {"failed, none", "failed, not evaluated", "true, failed", "none, failed"},
		"not_reached":     {"none, none"},
		"not_applicable":  {"none, none"},
	}
	outcome := strings.TrimSpace(string(o.Outcome) + " " + string(o.Because))
	if o.Outcome == rules.HeldBack || o.Outcome == rules.NotApplicable {
		outcome = string(o.Outcome)
	}
	if !slices.Contains(may[outcome], got) {
		t.Fatalf("%s: %s, but its conditions are %s", o.Name, outcome, got)
	}
	if o.NearMiss != "" && o.Outcome != rules.NoMatch {
		t.Fatalf("%s: %s, and a near miss", o.Name, outcome)
	}
}

func root(trace *rules.Trace) string {
	switch {
	case trace == nil:
		return "none"
	case trace.Error != "":
		return "failed"
	case trace.Value == "":
		return "not evaluated"
	}
	return trace.Value
}

func TestNearMiss(t *testing.T) {
	set := compiled(t, explained)
	event := rules.Event{Kind: platform.Comment, Text: "blue", From: rules.From{Username: "eve"}}
	var got []string
	for _, o := range set.Explain(&event, noon()).Rules {
		if o.NearMiss != "" {
			got = append(got, o.Name+": "+o.NearMiss)
		}
	}
	want := []string{`early: from.username == "ada"`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
}

// Explaining compiles, which one goroutine may do at a time; deciding goes on meanwhile.
func TestExplainConcurrently(t *testing.T) {
	set := compiled(t, explained)
	event := rules.Event{Kind: platform.Comment, Text: "it is blue", From: rules.From{Username: "ada"}}
	want := set.Explain(&event, noon())
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for range 10 {
				if i%2 == 0 {
					set.Survey(&event, noon())
				} else if diff := cmp.Diff(want, set.Explain(&event, noon())); diff != "" {
					t.Errorf("got + and want -:\n%s", diff)
				}
			}
		})
	}
	all.Wait()
}
