package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
)

// ends enters an event, written five minutes ago, whose reply ends so; an empty state: it ends in an error. It gives
// the event's ID.
func (o *office) ends(state ledger.State) int64 {
	o.t.Helper()
	o.seq++
	now := deskNow.Add(-5 * time.Minute)
	event := rules.Event{
		Kind: platform.Comment, ID: fmt.Sprintf("1/comment/%d", 10+o.seq), Time: now, Text: "how\x1b[2J?",
		From: rules.From{ID: "77", Username: "ada"}, Comment: rules.Comment{ID: fmt.Sprint(10 + o.seq)}, Account: rules.Account{ID: "1"},
	}
	record := ledger.Unjudged(&event, ledger.VerdictError, rules.BecauseFailed)
	facts, err := json.Marshal(event)
	if err != nil {
		o.t.Fatal(err)
	}
	entry := ledger.Entry{Record: record, Facts: facts, Now: now}
	if state != "" {
		entry.Record.Verdict, entry.Record.Because, entry.Record.Rule = ledger.VerdictReply, "", "price"
		entry.Plans = []ledger.Plan{{
			Account: "1", Rule: "price", Action: rules.ActionReply, Text: "See the link", Now: true,
			Request:  platform.ReplyRequest(event.Target(), "See the link"),
			Received: now, Due: now, Expires: now.Add(time.Hour),
		}}
	}
	store, err := sqlite.Open(o.t.Context(), o.path("a.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer store.Close()
	arrival := inbox.Arrival{Key: event.ID, Account: "1", Thread: event.ID, Received: now, Notified: now, Change: []byte(`{}`)}
	if _, err := store.Accept(o.t.Context(), []inbox.Arrival{arrival}); err != nil {
		o.t.Fatal(err)
	}
	deliveries, err := store.Enter(o.t.Context(), o.seq, func(ledger.Book) (ledger.Entry, error) { return entry, nil })
	if err != nil {
		o.t.Fatal(err)
	}
	for _, d := range deliveries {
		fate := ledger.Fate{State: state, Because: rules.BecauseFailed, Reason: "code 1\x1b[2J", At: now.Add(time.Second)}
		if err := store.Finish(o.t.Context(), d.ID, fate); err != nil {
			o.t.Fatal(err)
		}
	}
	return o.seq
}

// says runs a verb and checks its status and what it prints.
func (o *office) says(status int, out, talk string, args ...string) {
	o.t.Helper()
	gotStatus, gotOut, gotTalk := o.run(args[0], args[1:]...)
	if gotStatus != status || gotOut != out || !strings.Contains(gotTalk, talk) || (talk == "") != (gotTalk == "") {
		o.t.Errorf("%v: status %d, want %d; stderr %q, want %q; stdout got + and want -:\n%s", args, gotStatus, status, gotTalk, talk, cmp.Diff(out, gotOut))
	}
}

func TestEventsListAndShow(t *testing.T) {
	o := newOffice(t)
	for _, state := range []ledger.State{"", ledger.Unknown, ledger.Posted} {
		o.ends(state)
	}
	const head = "ID  RECEIVED              ACCOUNT     STATE"
	o.says(exitGood, head+`           RULE   EVENT
3   2026-11-22T11:55:00Z  bluebottle  reply, posted   price  1/comment/13
2   2026-11-22T11:55:00Z  bluebottle  reply, unknown  price  1/comment/12
1   2026-11-22T11:55:00Z  bluebottle  error (failed)  -      1/comment/11
`, "", "events", "list")
	o.says(exitGood, head+`          RULE   EVENT
3   2026-11-22T11:55:00Z  bluebottle  reply, posted  price  1/comment/13
`, "there are more: --before 3\n", "events", "list", "--limit", "1")
	for _, filter := range [][]string{
		{"--state", "error"}, {"--before", "2"}, {"--state", "error", "--account", "BlueBottle", "--since", "1h", "--until", "2026-11-23"},
	} {
		status, out, _ := o.run("events", append([]string{"list", "-o", "json"}, filter...)...)
		want := `{"id":1,"event":"1/comment/11","account":{"id":"1","username":"bluebottle"},"received":"2026-11-22T11:55:00Z",` +
			`"decided":"2026-11-22T11:55:00Z","verdict":"error","because":"failed","rule":"","attempts":0,"due":null,"reason":"",` +
			`"reopened":null,"deliveries":[]}` + "\n"
		if status != exitGood || out != want {
			t.Errorf("%v: status %d\n%s", filter, status, cmp.Diff(want, out))
		}
	}
	o.says(exitGood, "", "no such events", "events", "list", "--since", "1m")
	o.says(exitGood, "", "no such events", "events", "list", "--account", "2")

	o.says(exitGood, `event 2: comment 1/comment/12
  from     ada
  text     "how\x1b[2J?"
  verdict  reply, by rule "price"
  reply    "See the link"
  request  POST /12/replies
           message="See the link"
  account  bluebottle (1)
  received 2026-11-22T11:55:00Z
  attempts 0
  decided  2026-11-22T11:55:00Z
delivery 32: reply unknown, because failed
  text     "See the link"
  attempts 1
  due      2026-11-22T11:55:00Z
  expires  2026-11-22T12:55:00Z
  ended    2026-11-22T11:55:01Z
  reason   code 1\x1b[2J
`, "", "events", "show", "2")
	status, out, _ := o.run("events", "show", "2", "-o", "json")
	for _, part := range []string{`"state":"unknown"`, `"record":{"sample":""`, `"verdict":"reply"`, `"live":false`} {
		if status != exitGood || !strings.Contains(out, part) {
			t.Errorf("status %d, no %s in %s", status, part, out)
		}
	}
}

// TestEventsListedByPages lists more than is read at once.
func TestEventsListedByPages(t *testing.T) {
	o := newOffice(t)
	o.arrive(listPage + 2)
	for limit, want := range map[string]int{"1": 1, "500": listPage, "501": listPage + 1, "502": listPage + 2, "9223372036854775807": listPage + 2} {
		status, text, talk := o.run("events", "list", "--limit", limit)
		lines := strings.Split(strings.TrimSpace(text), "\n")
		if status != exitGood || len(lines) != want+1 || !strings.HasPrefix(lines[0], "ID ") || strings.Count(text, "ID ") != 1 {
			t.Errorf("--limit %s: status %d, %d lines", limit, status, len(lines))
		}
		if more := strings.Contains(talk, fmt.Sprint("there are more: --before ", listPage+3-want)); more != (want < listPage+2) {
			t.Errorf("--limit %s: %q", limit, talk)
		}
		for i, line := range lines[1:] {
			if !strings.HasPrefix(line, fmt.Sprint(listPage+2-i, " ")) {
				t.Fatalf("--limit %s: line %d is %q", limit, i, line)
			}
		}
	}
	_, out, _ := o.run("events", "show", "1", "-o", "json")
	if !strings.HasSuffix(out, `"deliveries":[],"record":null}`+"\n") {
		t.Error(out)
	}
}

// arrive lets events come in that stay open.
func (o *office) arrive(n int) {
	o.t.Helper()
	store, err := sqlite.Open(o.t.Context(), o.path("a.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer store.Close()
	arrivals := make([]inbox.Arrival, n)
	for i := range arrivals {
		key := fmt.Sprintf("1/comment/%d", 10+i)
		arrivals[i] = inbox.Arrival{Key: key, Account: "1", Thread: key, Received: deskNow, Change: []byte(`{}`)}
	}
	if _, err := store.Accept(o.t.Context(), arrivals); err != nil {
		o.t.Fatal(err)
	}
}

func TestEventsRetryAndResolve(t *testing.T) {
	o := newOffice(t)
	failed, unknown, refused, posted := o.ends(""), o.ends(ledger.Unknown), o.ends(ledger.Refused), o.ends(ledger.Posted)
	id := func(seq int64) string { return fmt.Sprint(seq) }

	o.says(exitGood, "1: it is judged again\n", "", "events", "retry", id(failed))
	o.says(exitFailed, "2: its reply may have been said. Look at Instagram: if it is there, answerback events resolve 2 --as posted; "+
		"if not, --as refused, and retry then; or retry with --even-if-said, and people may read it twice\n", "", "events", "retry", id(unknown))
	o.says(exitFailed, "4: there is nothing to retry: reply, posted\n", "", "events", "retry", id(posted))
	o.says(exitFailed, "3: it has no reply that is unknown: reply, refused\n", "", "events", "resolve", id(refused), "--as", "posted")
	o.says(exitFailed, "9: there is no such event\n", "", "events", "retry", "9")
	o.says(exitFailed, "9: there is no such event\n", "", "events", "show", "9")
	o.says(exitFailed, "9: there is no such event\n", "", "events", "resolve", "9", "--as", "posted")

	o.says(exitGood, "everything is paused: storm\n", "", "pause", "all", "--reason", "storm")
	o.says(exitFailed, "3: everything is paused: storm\n", "", "events", "retry", id(refused))
	o.says(exitGood, "all: resumed\n", "", "resume", "all")
	o.says(exitGood, "account \"bluebottle\" is paused: \\x1b[2J\n", "", "pause", "bluebottle", "--reason", "\x1b[2J")
	o.says(exitFailed, "3: account \"bluebottle\" is paused: \\x1b[2J\n4: there is nothing to retry: reply, posted\n", "",
		"events", "retry", id(refused), id(posted), id(refused))
	o.says(exitGood, "bluebottle: resumed\n", "", "resume", "bluebottle")
	o.says(exitGood, "3: its reply is sent once more\n", "", "events", "retry", id(refused))
	o.says(exitFailed, "3: there is nothing to retry: reply, planned\n", "", "events", "retry", id(refused))
	o.says(exitFailed, "9: there is no such event\n2: settled as refused\n", "", "events", "resolve", "9", id(unknown), "--as", "refused", "--note", "I looked")
	if d := o.delivery(unknown * 16); d.State != ledger.Refused || d.Fate.Reason != "settled by a person: I looked" {
		t.Errorf("%+v", d)
	}
	again := o.ends(ledger.Unknown)
	o.says(exitGood, "5: its reply is sent once more\n", "", "events", "retry", id(again), "--even-if-said")
	if d := o.delivery(again * 16); d.State != ledger.Planned {
		t.Errorf("%+v", d)
	}
	_, out, _ := o.run("events", "list", "--state", "error")
	if !strings.Contains(out, "error (failed), to be judged again") {
		t.Error(out)
	}
}

func TestEventsMisused(t *testing.T) {
	o := newOffice(t)
	o.ends("")
	for talk, args := range map[string][]string{
		`--state is "lost"`:            {"list", "--state", "lost"},
		`--since is "soon"`:            {"list", "--since", "soon"},
		`--until is "-1h"`:             {"list", "--until", "-1h"},
		"count from 1":                 {"list", "--limit", "0"},
		`--output is "xml"`:            {"list", "-o", "xml"},
		`"x" is not an ID`:             {"show", "x"},
		`"0" is not an ID`:             {"retry", "0"},
		`--as is ""`:                   {"resolve", "1"},
		`--as is "cancelled"`:          {"resolve", "1", "--as", "cancelled"},
		`unknown flag: --even-if-sad`:  {"retry", "1", "--even-if-sad"},
		"accepts 1 arg(s), received 0": {"show"},
	} {
		status, out, got := o.run("events", args...)
		if status != exitUsage || out != "" || !strings.Contains(got, talk) {
			t.Errorf("%v: status %d, %q, %q", args, status, out, got)
		}
	}
}
