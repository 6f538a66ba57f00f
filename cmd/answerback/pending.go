package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/spf13/cobra"
)

func (c *cli) pendingCommand() *cobra.Command {
	var path, output string
	cmd := &cobra.Command{
		Use:   "pending -c FILE",
		Short: "List what waits for a person",
		Long: `pending lists what rules with "mode: approve" want to do and what waits for a
person, oldest first: what was written, what would be answered, publicly or
privately, or that the comment would be hidden, and until when it can be. Each
of several actions for an event has an ID of its own.
Say yes with "answerback approve ID", no with "answerback reject ID". What waits
longer than its rule's max_age expires.

It reads the database of the daemon, which may run or not.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("output", output, "text", "json"); err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.list(cmd.Context(), output) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json (one object a line)")
	return cmd
}

func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "config", "c", "answerback.yaml", "configuration file; its secrets stay unread")
}

// desk is where a person decides on what waits, for one call of a verb.
type desk struct {
	*cli
	*sqlite.Desk
	config *config.Config
}

// deskConfig reads the configuration as far as the ledger is concerned.
func (c *cli) deskConfig(path string) (*config.Config, error) {
	cfg, problems, err := config.Load(path, config.Options{Getenv: c.getenv, SkipSecrets: true, Needed: []string{"database"}})
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		if err := problems.Text(c.stderr); err != nil {
			return nil, failure{err}
		}
		return nil, fmt.Errorf("configuration %q is not usable", path)
	}
	return cfg, nil
}

// atDesk opens the ledger that the configuration names, beside a daemon or without one, and does something there.
func (c *cli) atDesk(ctx context.Context, path string, do func(*desk) error) (err error) {
	cfg, err := c.deskConfig(path)
	if err != nil {
		return err
	}
	open, err := sqlite.OpenDesk(ctx, cfg.Database)
	if err != nil {
		return err
	}
	defer func() {
		if closed := open.Close(); err == nil && closed != nil {
			err = failure{closed}
		}
	}()
	return do(&desk{cli: c, Desk: open, config: cfg})
}

// waiting is an action that waits, as pending shows it.
type waiting struct {
	ID      int64         `json:"id"`
	Event   string        `json:"event"`
	Kind    platform.Kind `json:"kind"`
	Account rules.Account `json:"account"`
	Rule    string        `json:"rule"`
	From    rules.From    `json:"from"`
	Text    string        `json:"text"`
	Action  string        `json:"action"`
	Reply   string        `json:"reply"` // what would be said, publicly or privately; empty where nothing is
	Time    time.Time     `json:"time"`  // when it was written
	Age     string        `json:"age"`
	Expires *time.Time    `json:"expires"` // null: never
}

func (d *desk) list(ctx context.Context, output string) error {
	now := d.now()
	pending, err := d.Pending(ctx, now)
	if err != nil {
		return failure{err}
	}
	if len(pending) == 0 {
		fmt.Fprintln(d.stderr, "nothing waits for approval")
	}
	encoder := json.NewEncoder(d.stdout)
	encoder.SetEscapeHTML(false)
	for _, delivery := range pending {
		w, err := d.waiting(ctx, delivery, now)
		if err != nil {
			return failure{err}
		}
		if output == "json" {
			err = encoder.Encode(w)
		} else {
			err = w.print(d.stdout, now)
		}
		if err != nil {
			return failure{err}
		}
	}
	return nil
}

// waiting completes a delivery by the event that it answers.
func (d *desk) waiting(ctx context.Context, delivery ledger.Delivery, now time.Time) (waiting, error) {
	w := waiting{
		ID: delivery.ID, Account: rules.Account{ID: delivery.Account}, Rule: delivery.Rule, From: delivery.Author,
		Action: delivery.Action, Reply: delivery.Text, Time: delivery.Received.UTC(),
	}
	record, err := d.Record(ctx, delivery.Seq)
	switch {
	case err == nil:
		event := record.Event
		w.Event, w.Kind, w.Account, w.From, w.Text, w.Time = event.ID, event.Kind, event.Account, event.From, event.Text, event.Time.UTC()
	case !errors.Is(err, ledger.ErrNoEntry):
		return w, err
	}
	for _, a := range d.config.Accounts {
		if a.ID == delivery.Account {
			w.Account.Username = a.Username
		}
	}
	w.Age = max(0, now.Sub(w.Time)).Round(time.Second).String()
	if !delivery.Expires.IsZero() {
		expires := delivery.Expires.UTC()
		w.Expires = &expires
	}
	return w, nil
}

func (w *waiting) print(out io.Writer, now time.Time) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d: %s, %s ago\n", w.ID, w.Kind, roughly(now.Sub(w.Time)))
	from := w.From.Username
	if from == "" {
		from = "(unknown)"
	}
	line(&b, "from", printable(from))
	line(&b, "text", fmt.Sprintf("%q", w.Text))
	actionLines(&b, rules.Action{Action: w.Action, Text: w.Reply}, "")
	line(&b, "rule", printable(w.Rule))
	line(&b, "account", printable(w.Account.Username)+" ("+w.Account.ID+")")
	expires := "never"
	if w.Expires != nil {
		expires = fmt.Sprintf("in %s, at %s", roughly(w.Expires.Sub(now)), w.Expires.Format(time.RFC3339))
	}
	line(&b, "expires", expires)
	b.WriteByte('\n')
	_, err := io.WriteString(out, b.String())
	return err
}

// roughly is a length of time as people say it: in its two largest units, cut.
func roughly(d time.Duration) string {
	d = max(0, d)
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0 && hours > 0:
		return fmt.Sprintf("%dd %dh", days, hours)
	case days > 0:
		return fmt.Sprintf("%dd", days)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%dh %dm", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%dh", hours)
	case minutes > 0:
		return fmt.Sprintf("%dm", minutes)
	default:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	}
}
