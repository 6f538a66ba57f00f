package ledger_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestRecordJSON guards the contract of dry-run: the golden files change by addition only.
func TestRecordJSON(t *testing.T) {
	event := comment()
	silent := comment()
	silent.Text, silent.From = `"no" & <nothing>`, rules.From{}
	for name, c := range map[string]struct {
		event *rules.Event
		wish  []wish
		terms ledger.Terms
		book  ledger.Book
	}{
		"reply":    {event: event, wish: []wish{"price matched"}},
		"skipped":  {event: event, wish: []wish{"price held_back/empty_value"}},
		"no_match": {event: silent},
		"shadow":   {event: event, wish: []wish{"price matched"}, terms: ledger.Terms{Mode: rules.Shadow}},
		"approve":  {event: event, wish: []wish{"price matched approve"}},
		"cooldown": {event: event, wish: []wish{"price matched cooldown"}, book: &book{marked: noon().Add(-time.Minute)}},
	} {
		t.Run(name, func(t *testing.T) {
			record, err := ledger.Conclude(c.event, decide(c.event, c.wish...), noon(), c.terms, c.book)
			if err != nil {
				t.Fatal(err)
			}
			record.Sample = "sample.json"
			golden(t, name+".json", record)
		})
	}
	t.Run("unjudged", func(t *testing.T) {
		golden(t, "unjudged.json", ledger.Unjudged(&rules.Event{}, ledger.VerdictSkipped, rules.BecauseStale))
	})
}

func golden(t *testing.T, name string, record ledger.Record) {
	t.Helper()
	var got bytes.Buffer
	encoder := json.NewEncoder(&got)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(record); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "record", name)
	if *update {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
	if bytes.Contains(got.Bytes(), []byte("null")) && record.Request != nil {
		t.Error("a list or text is null")
	}
}

func TestKeptAndRestored(t *testing.T) {
	event := comment()
	record, err := ledger.Conclude(event, decide(event, "a error continue", "b matched", "c matched"), noon(), ledger.Terms{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	record.Variant = "drawn"
	for i := range record.Rules {
		record.Rules[i].When, record.Rules[i].Unless, record.Rules[i].NearMiss = &rules.Trace{}, &rules.Trace{}, "x"
	}
	kept := record.Kept()
	if got := outcomes(ledger.Record{Rules: append(record.Rules[:1:1], kept.Rules...)}); got != "a error, b matched" {
		t.Errorf("kept %q", got)
	}
	for _, o := range kept.Rules {
		if o.When != nil || o.Unless != nil || o.NearMiss != "" {
			t.Errorf("an explanation is kept: %+v", o)
		}
	}
	if kept.Variant != "" {
		t.Errorf("the variant is kept twice: %q", kept.Variant)
	}
	stored := kept
	stored.Reply, stored.Request, stored.Actions, stored.Rules = "", nil, nil, nil
	if diff := cmp.Diff(kept, stored.Restore(kept.Actions, kept.Rules)); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
}

func TestPlans(t *testing.T) {
	event := comment()
	event.Time = noon().Add(-time.Hour)
	decision := decide(event, "a error continue", "b matched")
	decision.Candidates[1].Actions[0].Delay = "1m30s"
	conclude := func(terms ledger.Terms) ledger.Record {
		record, err := ledger.Conclude(event, decision, noon(), terms, nil)
		if err != nil {
			t.Fatal(err)
		}
		return record
	}
	record := conclude(ledger.Terms{})
	received := noon().Add(-time.Minute)
	plan := ledger.Plan{
		Account: "1", Media: "21", Conversation: "thread/11", Rule: "b", Action: rules.ActionReply, Text: "says b",
		Request: *record.Request, Received: received, Due: noon().Add(90 * time.Second), Expires: noon().Add(23 * time.Hour),
		Author: rules.From{ID: "2", Username: "ada"},
	}
	plans := func(record ledger.Record, want ...ledger.Plan) {
		t.Helper()
		got, err := ledger.Plans(&record, decision, received, noon())
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v, got + and want -:\n%s", err, diff)
		}
	}
	plans(record, plan)

	plans(conclude(ledger.Terms{Mode: rules.Shadow}))

	event.Time = noon().Add(time.Hour)
	plan.Expires = noon().Add(24 * time.Hour)
	plans(conclude(ledger.Terms{}), plan)

	decision.Candidates[1].MaxAge = 0
	plan.Expires = time.Time{}
	plans(conclude(ledger.Terms{}), plan)

	decision.Candidates[1].Actions[0].Delay = ""
	plan.Due = noon()
	plans(conclude(ledger.Terms{}), plan)

	decision.Candidates[1].Mode = rules.Approve
	plan.Approve = true
	plans(conclude(ledger.Terms{}), plan)
	plans(conclude(ledger.Terms{Mode: rules.Shadow}))

	event.From = rules.From{}
	plan.Author = rules.From{}
	plans(conclude(ledger.Terms{}), plan)
}

// What answers a live comment says so: it has a pace of its own.
func TestPlansOfALiveComment(t *testing.T) {
	for kind, live := range map[platform.Kind]bool{platform.LiveComment: true, platform.Comment: false} {
		event := comment()
		event.Kind = kind
		decision := decide(event, "b matched")
		decision.Candidates[0].Actions = []rules.Action{{Action: rules.ActionPrivateReply, Rule: "b", Text: "psst"}}
		record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		plans, err := ledger.Plans(&record, decision, noon(), noon())
		if err != nil || len(plans) != 1 || plans[0].Live != live {
			t.Errorf("%s: %+v, %v", kind, plans, err)
		}
	}
}

func TestPlansFail(t *testing.T) {
	event := comment()
	decision := decide(event, "a matched")
	decision.Candidates[0].Actions[0].Delay = "soon"
	record, err := ledger.Conclude(event, decision, noon(), ledger.Terms{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ledger.Plans(&record, decision, noon(), noon()); err == nil {
		t.Error("a delay that is none: no error")
	}
	if _, err := ledger.Plans(&record, rules.Decision{}, noon(), noon()); err == nil {
		t.Error("a decision that is another's: no error")
	}
}
