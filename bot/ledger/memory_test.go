package ledger_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

func TestMemoryOnce(t *testing.T) {
	var memory ledger.Memory
	event := comment()
	if memory.Decided(event.ID) {
		t.Error("decided before it was entered")
	}
	for i, want := range []error{nil, ledger.ErrDecided, ledger.ErrDecided} {
		record, err := memory.Enter(event, decide(event, "a matched"), noon(), ledger.Terms{})
		if !errors.Is(err, want) || (record.Verdict == ledger.VerdictReply) != (want == nil) {
			t.Errorf("time %d: %s, %v", i, record.Verdict, err)
		}
	}
	if !memory.Decided(event.ID) || memory.Decided("another") {
		t.Error("what was decided isn't known")
	}
	event.ID = "another"
	if got, want := memory.History(event), (rules.History{UserReplies: 1, MediaReplies: 1, ThreadReplies: 1}); got != want {
		t.Errorf("got %+v", got)
	}
}

// TestMemoryForgetsFailures has an event that couldn't be concluded come again.
func TestMemoryForgetsFailures(t *testing.T) {
	for name, spoil := range map[string]func(*rules.Candidate){
		"the conclusion": func(c *rules.Candidate) { c.Index = 7 },
		"the plans":      func(c *rules.Candidate) { c.Actions[0].Delay = "soon" },
	} {
		t.Run(name, func(t *testing.T) {
			var memory ledger.Memory
			event := comment()
			spoilt := decide(event, "a matched")
			spoil(&spoilt.Candidates[0])
			if _, err := memory.Enter(event, spoilt, noon(), ledger.Terms{}); err == nil {
				t.Error("no error")
			}
			record, err := memory.Enter(event, decide(event, "a matched"), noon(), ledger.Terms{})
			if err != nil || record.Verdict != ledger.VerdictReply {
				t.Errorf("then %s, %v", record.Verdict, err)
			}
		})
	}
}

func TestMemoryHistory(t *testing.T) {
	var memory ledger.Memory
	for i, c := range []struct {
		mode  rules.Mode
		event func(*rules.Event)
	}{
		{rules.Live, all(by("2", "ada"), on("21", ""), under("5"))},
		{rules.Live, all(by("", "Ada"), on("22", ""), under("5"))},
		{rules.Live, all(by("", ""), on("21", ""), under("6"))},
		{rules.Live, func(e *rules.Event) { e.Account.ID = "1b" }},
		{rules.Approve, all(by("2", "ada"), on("21", ""), under("5"))},
		{rules.Shadow, all(by("2", "ada"), on("21", ""), under("5"))},
	} {
		enter(t, &memory, i, step{at: "12:00", event: c.event}, rules.Bounds{}, c.mode)
	}
	for name, c := range map[string]struct {
		event func(*rules.Event)
		want  rules.History
	}{
		"id and name":       {all(by("2", "ada"), under("5")), rules.History{UserReplies: 2, MediaReplies: 2, ThreadReplies: 2}},
		"name alone":        {all(by("", "aDa"), on("22", ""), under("6")), rules.History{UserReplies: 2, MediaReplies: 1, ThreadReplies: 1}},
		"id alone":          {all(by("2", ""), on("23", ""), under("7")), rules.History{UserReplies: 1}},
		"a namesake":        {all(by("3", "ada"), on("23", ""), under("7")), rules.History{UserReplies: 1}},
		"nobody":            {all(by("", ""), on("21", ""), under("7")), rules.History{MediaReplies: 2}},
		"on another":        {func(e *rules.Event) { e.Account.ID = "1c" }, rules.History{}},
		"one of the events": {all(by("2", "ada"), under("5"), func(e *rules.Event) { e.ID = "event 0" }), rules.History{UserReplies: 1, MediaReplies: 1, ThreadReplies: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			event := comment()
			event.ID = "new"
			c.event(event)
			if diff := cmp.Diff(c.want, memory.History(event)); diff != "" {
				t.Errorf("got + and want -:\n%s", diff)
			}
		})
	}
}

// TestMemoryApproves has a reply that waits reserve what it would take, and give it back when it expires: a rule of
// [decide] has a max_age of a day.
func TestMemoryApproves(t *testing.T) {
	var memory ledger.Memory
	bounds := rules.Bounds{OncePer: []rules.Part{rules.PerUser}, Limit: rules.Limit{Max: 1, Per: 72 * time.Hour}}
	for i, s := range []step{
		{"2024-01-01 12:00", nil, "approve"},
		{"2024-01-01 12:00", nil, "skipped once_per"},
		{"2024-01-01 12:00", by("3", ""), "skipped limit 2024-01-04 12:00:00"},
		{"2024-01-02 12:00", nil, "skipped once_per"},
		{"2024-01-02 12:00:01", nil, "approve"},
		{"2024-01-02 12:00:02", nil, "skipped once_per"},
	} {
		if got := enter(t, &memory, i, s, bounds, rules.Approve); got != s.want {
			t.Errorf("step %d: got %q, want %q", i, got, s.want)
		}
	}
}

// TestMemoryIsABook asks what a conclusion asks, of two replies on a media and one that waits.
func TestMemoryIsABook(t *testing.T) {
	var memory ledger.Memory
	at := func(minutes int) time.Time { return noon().Add(time.Duration(minutes) * time.Minute) }
	for i, mode := range []rules.Mode{rules.Live, rules.Live, rules.Approve} {
		event := comment()
		event.ID = fmt.Sprint(i)
		decision := rotating(event, 0, says(fmt.Sprint("v", i)), says("other"))
		decision.Candidates[0].Mode = mode
		if _, err := memory.Enter(event, decision, at(i), ledger.Terms{}); err != nil {
			t.Fatal(err)
		}
	}
	said := func(account, media, text string, since time.Time) any {
		found, err := memory.SaidOn(account, media, text, since)
		return fmt.Sprintf("%t, %v", found, err)
	}
	replies := func(account, conversation string, since time.Time) any {
		n, err := memory.RepliesIn(account, conversation, since)
		return fmt.Sprintf("%d, %v", n, err)
	}
	variant := func(account, media, rule string) any {
		id, err := memory.LastVariant(account, media, rule)
		return fmt.Sprintf("%s, %v", id, err)
	}
	for name, c := range map[string]struct{ got, want any }{
		"said":                  {said("1", "21", "variant v1", at(1)), "true, <nil>"},
		"said before":           {said("1", "21", "variant v1", at(1).Add(1)), "false, <nil>"},
		"not said yet":          {said("1", "21", "variant v2", at(0)), "false, <nil>"},
		"said by another":       {said("2", "21", "variant v1", at(0)), "false, <nil>"},
		"said on another":       {said("1", "22", "variant v1", at(0)), "false, <nil>"},
		"replies":               {replies("1", "thread/11", at(0)), "3, <nil>"},
		"replies since":         {replies("1", "thread/11", at(1)), "2, <nil>"},
		"replies elsewhere":     {replies("1", "thread/12", at(0)), "0, <nil>"},
		"replies by another":    {replies("2", "thread/11", at(0)), "0, <nil>"},
		"last variant":          {variant("1", "21", "a"), "v2, <nil>"},
		"last variant, media":   {variant("1", "22", "a"), ", <nil>"},
		"last variant, rule":    {variant("1", "21", "b"), ", <nil>"},
		"last variant, account": {variant("2", "21", "a"), ", <nil>"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

// TestMemoryTerms has the thread's cap and the account's other ids of the configuration heeded.
func TestMemoryTerms(t *testing.T) {
	var memory ledger.Memory
	terms := ledger.Terms{PerThread: 2, Aliases: []string{"1a"}}
	for i, want := range []string{"reply", "reply", "skipped limit", "skipped own"} {
		event := comment()
		event.ID = fmt.Sprint(i)
		if i == 3 {
			event.From.ID = "1a"
		}
		record, err := memory.Enter(event, decide(event, "a matched"), noon(), terms)
		got := string(record.Verdict)
		if record.Because != "" {
			got += " " + string(record.Because)
		}
		if got != want || err != nil {
			t.Errorf("event %d: %s, %v, want %s", i, got, err, want)
		}
	}
}
