package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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

// deskConfig bears secrets that aren't set: whoever decides needs none.
const deskConfig = `database: sqlite:a.db
instagram: {app_secret: "${UNSET}", verify_token: "${UNSET}"}
accounts: [{id: "1", username: bluebottle, access_token: "${UNSET}"}]
`

var deskNow = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// office is a folder with a configuration and a ledger in which replies wait.
type office struct {
	t   *testing.T
	dir string
	seq int64
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, dir: t.TempDir()}
	write(t, filepath.Join(o.dir, "answerback.yaml"), deskConfig)
	return o
}

func (o *office) path(name string) string { return filepath.Join(o.dir, name) }

// wait enters a reply that waits, and gives its ID.
func (o *office) wait(text, reply string, written time.Time, maxAge time.Duration) int64 {
	o.t.Helper()
	deliveries := o.enter(text, written, maxAge, func(event *rules.Event) []rules.Action {
		return []rules.Action{{Action: rules.ActionReply, Rule: "price", Text: reply, Request: platform.ReplyRequest(event.Target(), reply), Delay: "0s"}}
	})
	if len(deliveries) != 1 || deliveries[0].State != ledger.Waiting {
		o.t.Fatalf("%+v", deliveries)
	}
	return deliveries[0].ID
}

// enter enters what a rule in mode approve does of an event.
func (o *office) enter(text string, written time.Time, maxAge time.Duration, does func(*rules.Event) []rules.Action) []ledger.Delivery {
	o.t.Helper()
	o.seq++
	event := &rules.Event{
		Kind: platform.Comment, ID: fmt.Sprintf("1/comment/%d", 10+o.seq), Time: written, Text: text,
		From: rules.From{ID: "77", Username: "ada"}, Comment: rules.Comment{ID: fmt.Sprint(10 + o.seq)},
		Media: rules.Media{ID: "20", IsOwn: true}, Account: rules.Account{ID: "1", Username: "bluebottle"},
	}
	decision := rules.Decision{
		Rules: []rules.Outcome{{Name: "price", Outcome: rules.Matched}},
		Candidates: []rules.Candidate{{
			Rule: "price", Mode: rules.Approve, MaxAge: maxAge,
			Actions: does(event),
		}},
	}
	ctx := context.Background()
	store, err := sqlite.Open(ctx, o.path("a.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer store.Close()
	arrival := inbox.Arrival{Key: event.ID, Account: "1", Thread: event.ID, Received: written, Notified: written, Change: []byte(`{}`)}
	if _, err := store.Accept(ctx, []inbox.Arrival{arrival}); err != nil {
		o.t.Fatal(err)
	}
	deliveries, err := store.Enter(ctx, o.seq, func(book ledger.Book) (ledger.Entry, error) {
		record, err := ledger.Conclude(event, decision, written, ledger.Terms{}, book)
		if err != nil {
			return ledger.Entry{}, err
		}
		plans, err := ledger.Plans(&record, decision, written, written)
		facts, _ := json.Marshal(event)
		return ledger.Entry{Record: record, Facts: facts, Now: written, Plans: plans}, err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return deliveries
}

// run runs a verb with this folder's configuration.
func (o *office) run(verb string, args ...string) (status int, stdout, stderr string) {
	o.t.Helper()
	var out, talk bytes.Buffer
	c := &cli{
		stdin: strings.NewReader(""), stdout: &out, stderr: &talk, now: func() time.Time { return deskNow },
		getenv: func(string) (string, bool) { return "", false },
	}
	status = c.main(append([]string{verb, "-c", o.path("answerback.yaml")}, args...))
	return status, out.String(), talk.String()
}

func (o *office) delivery(id int64) ledger.Settled {
	o.t.Helper()
	store, err := sqlite.Open(context.Background(), o.path("a.db"))
	if err != nil {
		o.t.Fatal(err)
	}
	defer store.Close()
	deliveries, err := store.Deliveries(context.Background(), id/16)
	if err != nil || len(deliveries) != 1 {
		o.t.Fatalf("%v, %+v", err, deliveries)
	}
	return deliveries[0]
}

func TestPending(t *testing.T) {
	o := newOffice(t)
	o.wait("how much\x1b[2J?\n“quoted”", "See the link <in> our bio", deskNow.Add(-5*time.Minute), 24*time.Hour)
	o.wait("prezzo?", "😀", deskNow.Add(-26*time.Hour), 0)
	o.wait("too late", "never shown", deskNow.Add(-2*time.Hour), time.Hour)

	status, out, _ := o.run("pending")
	want := `32: comment, 1d 2h ago
  from     ada
  text     "prezzo?"
  reply    "😀"
  rule     price
  account  bluebottle (1)
  expires  never

16: comment, 5m ago
  from     ada
  text     "how much\x1b[2J?\n“quoted”"
  reply    "See the link <in> our bio"
  rule     price
  account  bluebottle (1)
  expires  in 23h 55m, at 2026-11-23T11:55:00Z

`
	if diff := cmp.Diff(want, out); diff != "" || status != exitGood {
		t.Errorf("status %d, got + and want -:\n%s", status, diff)
	}

	status, out, _ = o.run("pending", "-o", "json")
	want = `{"id":32,"event":"1/comment/12","kind":"comment","account":{"id":"1","username":"bluebottle"},"rule":"price",` +
		`"from":{"id":"77","username":"ada"},"text":"prezzo?","action":"reply","reply":"😀","time":"2026-11-21T10:00:00Z","age":"26h0m0s","expires":null}
{"id":16,"event":"1/comment/11","kind":"comment","account":{"id":"1","username":"bluebottle"},"rule":"price",` +
		`"from":{"id":"77","username":"ada"},"text":"how much\u001b[2J?\n“quoted”","action":"reply","reply":"See the link <in> our bio",` +
		`"time":"2026-11-22T11:55:00Z","age":"5m0s","expires":"2026-11-23T11:55:00Z"}
`
	if diff := cmp.Diff(want, out); diff != "" || status != exitGood {
		t.Errorf("status %d, got + and want -:\n%s", status, diff)
	}
}

func TestNothingPending(t *testing.T) {
	o := newOffice(t)
	o.wait("too late", "never shown", deskNow.Add(-2*time.Hour), time.Hour)
	status, out, talk := o.run("pending", "-o", "json")
	if status != exitGood || out != "" || talk != "nothing waits for approval\n" {
		t.Errorf("status %d, said %q, talked %q", status, out, talk)
	}
}

func TestApproveAndReject(t *testing.T) {
	o := newOffice(t)
	first := o.wait("a?", "A!", deskNow.Add(-3*time.Minute), time.Hour)
	second := o.wait("b?", "B!", deskNow.Add(-2*time.Minute), time.Hour)
	third := o.wait("c?", "C!", deskNow.Add(-1*time.Minute), time.Hour)
	late := o.wait("d?", "D!", deskNow.Add(-2*time.Hour), time.Hour)
	id := func(n int64) string { return fmt.Sprint(n) }
	for _, step := range []struct {
		verb   string
		args   []string
		status int
		out    string
	}{
		{"approve", []string{id(first), "--edit", "  Another & <better> 😀\n"}, 0, "16: approved\n"},
		{"reject", []string{id(second), id(second)}, 0, "32: rejected\n"},
		{"approve", []string{id(first), id(late), "99999", "0", id(third)}, 1,
			"16: it doesn't wait for approval\n64: it has waited too long and expired\n99999: it doesn't wait for approval\n0: it doesn't wait for approval\n48: approved\n"},
		{"reject", []string{id(third), id(late)}, 1, "48: it doesn't wait for approval\n64: it doesn't wait for approval\n"},
	} {
		status, out, _ := o.run(step.verb, step.args...)
		if status != step.status || out != step.out {
			t.Errorf("%s %q: status %d\n%s", step.verb, step.args, status, out)
		}
	}
	if d := o.delivery(first); d.State != ledger.Planned || !d.Approved || d.Text != "Another & <better> 😀" || d.Request.Form["message"] != d.Text || !d.Due.Equal(deskNow) {
		t.Errorf("approved with another text: %+v", d)
	}
	if d := o.delivery(second); d.State != ledger.Rejected {
		t.Errorf("rejected: %+v", d)
	}
	if d := o.delivery(third); d.State != ledger.Planned || !d.Approved || d.Text != "C!" {
		t.Errorf("approved: %+v", d)
	}
	if d := o.delivery(late); d.State != ledger.Cancelled || d.Fate.Because != rules.BecauseExpired {
		t.Errorf("expired: %+v", d)
	}
}

// A version that knows of a stricter limit than the one that decided still keeps to it.
func TestApproveLooksAtTheLimitsAgain(t *testing.T) {
	o := newOffice(t)
	id := o.wait("a?", strings.Repeat("x", platform.MaxReply+1), deskNow, time.Hour)
	status, out, _ := o.run("approve", fmt.Sprint(id))
	if status != exitFailed || !strings.Contains(out, "16: the text is too long: 2201 of at most 2200") || o.delivery(id).State != ledger.Waiting {
		t.Errorf("status %d, said %q; %s", status, out, o.delivery(id).State)
	}
	if status, out, _ := o.run("approve", fmt.Sprint(id), "--edit", strings.Repeat("😀", platform.MaxReply/2)); status != exitGood {
		t.Errorf("a text of just the length: status %d, said %q", status, out)
	}
}

func TestApproveTellsOfShadow(t *testing.T) {
	o := newOffice(t)
	id := o.wait("a?", "A!", deskNow, time.Hour)
	write(t, o.path("answerback.yaml"), "mode: shadow\n"+deskConfig)
	if status, out, talk := o.run("approve", fmt.Sprint(id)); status != exitGood || out != "16: approved\n" || !strings.Contains(talk, "mode is shadow") {
		t.Errorf("status %d, said %q, talked %q", status, out, talk)
	}
}

func TestWrongUseOfTheDesk(t *testing.T) {
	o := newOffice(t)
	id := o.wait("a?", "A!", deskNow, time.Hour)
	for name, c := range map[string]struct {
		verb string
		args []string
		says string
	}{
		"no ID":                     {"approve", nil, "requires at least 1 arg"},
		"no ID to reject":           {"reject", nil, "requires at least 1 arg"},
		"an argument for pending":   {"pending", []string{"16"}, "unknown command"},
		"no number":                 {"approve", []string{"16", "sixteen"}, `"sixteen" is not an ID`},
		"a number below 0":          {"reject", []string{"--", "-16"}, `"-16" is not an ID`},
		"a number beyond all":       {"approve", []string{"99999999999999999999"}, "is not an ID"},
		"no text":                   {"approve", []string{"16", "--edit", ""}, "nothing to be seen"},
		"a blank text":              {"approve", []string{"16", "--edit", " \u200b\u2800\n"}, "nothing to be seen"},
		"too long a text":           {"approve", []string{"16", "--edit", strings.Repeat("😀", platform.MaxReply/2) + "x"}, "too long"},
		"no valid text":             {"approve", []string{"16", "--edit", "a\xff"}, "not valid UTF-8"},
		"a text for several":        {"approve", []string{"16", "32", "--edit", "x"}, "exactly one ID"},
		"a text for a rejected one": {"reject", []string{"16", "--edit", "x"}, "unknown flag"},
		"an unknown output":         {"pending", []string{"-o", "xml"}, `--output is "xml"`},
		"no such configuration":     {"pending", []string{"-c", o.path("none.yaml")}, "none.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			status, out, talk := o.run(c.verb, c.args...)
			if status != exitUsage || out != "" || !strings.Contains(talk, c.says) {
				t.Errorf("status %d, said %q, talked %q", status, out, talk)
			}
		})
	}
	if d := o.delivery(id); d.State != ledger.Waiting {
		t.Errorf("after all that: %+v", d)
	}
}

func TestDeskWithoutALedger(t *testing.T) {
	for name, c := range map[string]struct{ config, says string }{
		"no file yet":           {deskConfig, "a.db"},
		"a variable isn't set":  {strings.Replace(deskConfig, "a.db", "${UNSET}.db", 1), "UNSET is not set"},
		"a broken config":       {"database: 5\nfoo: 1\n", "is not usable"},
		"a folder for the file": {strings.Replace(deskConfig, "a.db", ".", 1), "database"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			write(t, o.path("answerback.yaml"), c.config)
			for _, args := range [][]string{{"pending"}, {"approve", "16"}, {"reject", "16"}} {
				status, out, talk := o.run(args[0], args[1:]...)
				if status != exitUsage || out != "" || !strings.Contains(talk, c.says) {
					t.Errorf("%s: status %d, said %q, talked %q", args[0], status, out, talk)
				}
			}
			files, err := os.ReadDir(o.dir)
			if err != nil || len(files) != 1 {
				t.Errorf("%v: something was made: %v", err, names(files))
			}
		})
	}
}

func names(files []fs.DirEntry) (names []string) {
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 0: "0s", 59 * time.Second: "59s", time.Minute: "1m", 61 * time.Minute: "1h 1m", 2 * time.Hour: "2h",
		24 * time.Hour: "1d", 25*time.Hour + 59*time.Minute: "1d 1h", 90 * 24 * time.Hour: "90d",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}
