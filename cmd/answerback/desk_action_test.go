package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// spam is what a rule does that answers privately, hides and tells people.
func spam(event *rules.Event) []rules.Action {
	const text = "write to us"
	return []rules.Action{
		{Action: rules.ActionPrivateReply, Rule: "price", Text: text, Request: platform.PrivateReplyRequest("1", event.Comment.ID, text), Delay: "0s"},
		{Action: rules.ActionHide, Rule: "price", Request: platform.HideRequest(event.Comment.ID), Delay: "0s"},
		{Action: rules.ActionNotify, Rule: "price", Text: "look", To: "ops", Delay: "0s"},
	}
}

func TestSeveralActionsWait(t *testing.T) {
	o := newOffice(t)
	o.enter("buy followers", deskNow.Add(-5*time.Minute), 24*time.Hour, spam)

	status, out, _ := o.run("pending")
	want := `17: comment, 5m ago
  from     ada
  text     "buy followers"
  private  "write to us"
`
	if !strings.HasPrefix(out, want) || !strings.Contains(out, "\n18: comment") ||
		!strings.Contains(out, "  hide     the comment\n") || strings.Contains(out, "look") || status != exitGood {
		t.Errorf("status %d:\n%s", status, out)
	}
	_, out, _ = o.run("pending", "-o", "json")
	if !strings.Contains(out, `"action":"private_reply","reply":"write to us"`) || !strings.Contains(out, `"action":"hide","reply":""`) {
		t.Error(out)
	}

	for _, refused := range []struct{ id, edit, says string }{
		{"18", "hidden", "18: it hides a comment and says nothing, so that there is nothing to edit\n"},
		{"17", strings.Repeat("é", 501), "17: the text is too long: 1002 of at most 1000 bytes, of which a letter without an accent is one and an emoji is four or more\n"},
	} {
		status, out, _ := o.run("approve", refused.id, "--edit", refused.edit)
		if status != exitFailed || out != refused.says {
			t.Errorf("status %d, said %q", status, out)
		}
	}
	status, out, _ = o.run("approve", "17", "--edit", strings.Repeat("é", 500))
	if status != exitGood || out != "17: approved\n" {
		t.Errorf("status %d, said %q", status, out)
	}
	status, out, _ = o.run("approve", "18")
	if status != exitGood || out != "18: approved\n" {
		t.Errorf("status %d, said %q", status, out)
	}
	status, out, _ = o.run("events", "show", "1")
	var told []string
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "delivery") || strings.HasPrefix(line, "  to ") || strings.HasPrefix(line, "  private") ||
			strings.HasPrefix(line, "  hide") || strings.HasPrefix(line, "  notify") || strings.HasPrefix(line, "  verdict") {
			told = append(told, strings.TrimSpace(line))
		}
	}
	if diff := cmp.Diff([]string{
		`verdict  approve, by rule "price"`, `private  "write to us"`, `hide     the comment`, `notify   ops: "look"`,
		"delivery 17: private_reply planned", "delivery 18: hide planned", "delivery 19: notify planned", "to       ops",
	}, told); diff != "" || status != exitGood {
		t.Errorf("status %d (-want +got)\n%s\n%s", status, diff, out)
	}
	_, out, _ = o.run("events", "list")
	if !strings.Contains(out, "approve, private_reply planned, hide planned, notify planned") {
		t.Error(out)
	}
	_, out, _ = o.run("events", "show", "1", "-o", "json")
	if !strings.Contains(out, `"action":"notify","rule":"price","to":"ops","text":"look","state":"`+string(ledger.Planned)+`"`) {
		t.Error(out)
	}
	status, out, _ = o.run("forget", "ada")
	_, left, _ := o.run("events", "show", "1", "-o", "json")
	if status != exitGood || strings.Contains(left, "write to us") || strings.Contains(left, "look") || strings.Contains(left, "éé") {
		t.Errorf("status %d, said %q, left\n%s", status, out, left)
	}
}
