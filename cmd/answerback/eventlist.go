package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// eventLine is an event as JSON, a contract: keys are added in time, never changed.
type eventLine struct {
	ID         int64          `json:"id"`
	Event      string         `json:"event"`
	Account    rules.Account  `json:"account"`
	Received   time.Time      `json:"received"`
	Decided    *time.Time     `json:"decided"` // null: it is open
	Verdict    ledger.Verdict `json:"verdict"`
	Because    rules.Because  `json:"because"`
	Rule       string         `json:"rule"`
	Attempts   int            `json:"attempts"`
	Due        *time.Time     `json:"due"`      // of an open one, when it is tried next
	Reason     string         `json:"reason"`   // of an open one, why the last try failed
	Reopened   *time.Time     `json:"reopened"` // when somebody asked for it to be judged again
	Deliveries []deliveryLine `json:"deliveries"`
}

// shownEvent is what show adds to the list's line.
type shownEvent struct {
	eventLine
	Record *ledger.Record `json:"record"` // null: it is open
}

type deliveryLine struct {
	ID       int64         `json:"id"`
	Action   string        `json:"action"`
	Rule     string        `json:"rule"`
	To       string        `json:"to"` // the place that is notified
	Text     string        `json:"text"`
	State    ledger.State  `json:"state"`
	Because  rules.Because `json:"because"`
	Reason   string        `json:"reason"`
	Attempts int           `json:"attempts"`
	Due      *time.Time    `json:"due"`
	Expires  *time.Time    `json:"expires"` // null: never
	Ended    *time.Time    `json:"ended"`   // null: it stands where it stands
	PostedID string        `json:"posted_id"`
	Live     bool          `json:"live"` // it answers a live comment
}

func (d *desk) eventLine(e ledger.Event) eventLine {
	line := eventLine{
		ID: e.Seq, Event: e.Key, Account: rules.Account{ID: e.Account, Username: d.username(e.Account)}, Received: e.Received,
		Decided: momentOrNull(e.Decided), Verdict: e.Verdict, Because: e.Because, Rule: e.Rule, Attempts: e.Attempts,
		Due: momentOrNull(e.Due), Reason: e.Reason, Reopened: momentOrNull(e.Reopened), Deliveries: []deliveryLine{},
	}
	if line.Account.Username == e.Account {
		line.Account.Username = ""
	}
	for _, s := range e.Deliveries {
		line.Deliveries = append(line.Deliveries, deliveryLine{
			ID: s.ID, Action: s.Action, Rule: s.Rule, To: s.To, Text: s.Text, State: s.State, Because: s.Fate.Because, Reason: s.Fate.Reason,
			Attempts: s.Attempts, Due: momentOrNull(s.Due), Expires: momentOrNull(s.Expires), Ended: momentOrNull(s.Fate.At),
			PostedID: s.Fate.PostedID, Live: s.Live,
		})
	}
	return line
}

// printEvents prints a page of events, the first one below the head of the table.
func (d *desk) printEvents(events []ledger.Event, output string, first bool) error {
	if output == "json" {
		for _, e := range events {
			if err := d.printJSON(d.eventLine(e)); err != nil {
				return err
			}
		}
		return nil
	}
	if len(events) == 0 {
		return nil
	}
	table := tabwriter.NewWriter(d.stdout, 0, 0, 2, ' ', 0)
	if first {
		fmt.Fprintln(table, "ID\tRECEIVED\tACCOUNT\tSTATE\tRULE\tEVENT")
	}
	for _, e := range events {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\n", e.Seq, e.Received.Format(time.RFC3339), printable(d.username(e.Account)),
			eventState(e), dash(printable(e.Rule)), printable(e.Key))
	}
	return table.Flush()
}

func (d *desk) printJSON(value any) error {
	encoder := json.NewEncoder(d.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// eventState is how an event stands: open, its verdict with the reason, and how its reply and other actions stand.
func eventState(e ledger.Event) string {
	if e.Decided.IsZero() {
		return "open"
	}
	state := string(e.Verdict)
	if e.Because != "" {
		state += " (" + string(e.Because) + ")"
	}
	for _, s := range e.Deliveries {
		state += ", "
		if s.Action != rules.ActionReply {
			state += s.Action + " "
		}
		state += string(s.State)
	}
	if !e.Reopened.IsZero() {
		state += ", to be judged again"
	}
	return state
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func (d *desk) showEvent(ctx context.Context, seq int64, output string) error {
	event, err := d.event(ctx, seq)
	if err != nil {
		return err
	}
	shown := shownEvent{eventLine: d.eventLine(event)}
	record, err := d.Record(ctx, seq)
	switch {
	case err == nil:
		shown.Record = &record
	case !errors.Is(err, ledger.ErrNoEntry):
		return failure{err}
	}
	if output == "json" {
		err = d.printJSON(shown)
	} else {
		err = shown.print(d.stdout)
	}
	if err != nil {
		return failure{err}
	}
	return nil
}

// print shows the event to a person: what came and was decided, and then when what happened.
func (e *shownEvent) print(out io.Writer) error {
	var b strings.Builder
	if e.Record != nil {
		e.Record.Sample = fmt.Sprintf("event %d", e.ID)
		recordHead(&b, *e.Record)
		for _, o := range e.Record.Rules {
			line(&b, "rule", outcomeWords(o))
		}
	} else {
		fmt.Fprintf(&b, "event %d: %s\n", e.ID, printable(e.Event))
		line(&b, "state", "open")
	}
	line(&b, "account", strings.TrimSpace(printable(e.Account.Username)+" ("+printable(e.Account.ID)+")"))
	line(&b, "received", e.Received.Format(time.RFC3339))
	line(&b, "attempts", fmt.Sprint(e.Attempts))
	lineAt(&b, "decided", e.Decided)
	lineAt(&b, "due", e.Due)
	if e.Reason != "" {
		line(&b, "failed", printable(e.Reason))
	}
	lineAt(&b, "again", e.Reopened)
	for _, d := range e.Deliveries {
		d.print(&b)
	}
	_, err := io.WriteString(out, b.String())
	return err
}

func (d *deliveryLine) print(b *strings.Builder) {
	state := string(d.State)
	if d.Because != "" {
		state += ", because " + string(d.Because)
	}
	fmt.Fprintf(b, "delivery %d: %s %s\n", d.ID, d.Action, state)
	if d.To != "" {
		line(b, "to", printable(d.To))
	}
	if d.Action != rules.ActionHide {
		line(b, "text", fmt.Sprintf("%q", d.Text))
	}
	line(b, "attempts", fmt.Sprint(d.Attempts))
	lineAt(b, "due", d.Due)
	lineAt(b, "expires", d.Expires)
	lineAt(b, "ended", d.Ended)
	if d.PostedID != "" {
		line(b, "id", printable(d.PostedID))
	}
	if d.Reason != "" {
		line(b, "reason", printable(d.Reason))
	}
}

func lineAt(b *strings.Builder, label string, at *time.Time) {
	if at != nil {
		line(b, label, at.Format(time.RFC3339))
	}
}
