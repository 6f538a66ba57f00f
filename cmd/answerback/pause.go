package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/spf13/cobra"
)

func (c *cli) pauseCommand() *cobra.Command {
	var path, output, length, why string
	cmd := &cobra.Command{
		Use:   "pause -c FILE [all|ACCOUNT|RULE --reason TEXT]",
		Short: "Have the bot say nothing for a while",
		Long: `pause has the bot say nothing: at all, on one account (its username or id), or by
one rule (its name). Where an account and a rule have the same name, say
account:NAME or rule:NAME. Without a name it lists what is paused.

Events that come in meanwhile are decided and recorded, and what would be said is
skipped for good, because paused. What a rule in mode shadow would say is still
recorded. Replies that were planned before wait for the end of the pause; those
that grow too old meanwhile expire. What a reply in flight says is said. Replies
that wait for approval can't be approved until then.

The pause ends after --for, or when "answerback resume" says so. Pausing again
replaces the former end and reason. The daemon may run or not; a running one knows
of the pause at its next event.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "text", "json"); err != nil {
				return err
			}
			if len(args) == 0 {
				if cmd.Flags().Changed("for") || cmd.Flags().Changed("reason") {
					return errors.New("say what to pause: all, an account, or a rule")
				}
				return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.listPauses(cmd.Context(), output) })
			}
			lasts, why, err := pauseTerms(cmd.Flags().Changed("for"), length, why)
			if err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.pause(cmd.Context(), args[0], lasts, why) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&length, "for", "", "end by itself after so long, such as 90m, 2h or 1d")
	cmd.Flags().StringVar(&why, "reason", "", "why, for those who wonder; required")
	cmd.Flags().StringVarP(&output, "output", "o", "text", "of the list: text or json (one object a line)")
	return cmd
}

func (c *cli) resumeCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "resume -c FILE all|ACCOUNT|RULE",
		Short: "End a pause",
		Long: `resume ends the pause of that name; "answerback pause" lists them. "resume all" ends
the pause of everything: those of accounts and rules stay, and are named.

What was skipped meanwhile stays unsaid. Replies that were planned before the pause
are said within seconds, or when the daemon runs again, unless they are too old.
Exit status 1: there is no such pause.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.resume(cmd.Context(), args[0]) })
		},
	}
	configFlag(cmd, &path)
	return cmd
}

// pauseTerms reads how long a pause lasts (0: until it is ended) and why.
func pauseTerms(bounded bool, length, why string) (time.Duration, string, error) {
	why = strings.TrimSpace(why)
	if why == "" || !utf8.ValidString(why) {
		return 0, "", errors.New("--reason is missing: those who see the pause will want to know")
	}
	if !bounded {
		return 0, why, nil
	}
	lasts, err := yamlpos.ParseDuration(length)
	if err == nil && lasts < time.Second {
		err = errors.New("that is too short")
	}
	if err != nil {
		return 0, "", fmt.Errorf("--for %q: %w", length, err)
	}
	return lasts, why, nil
}

func (d *desk) pause(ctx context.Context, name string, lasts time.Duration, why string) error {
	pause, err := d.named(ctx, name)
	if err != nil {
		return err
	}
	pause.Reason, pause.Since, pause.By = why, d.now(), d.user()
	if lasts > 0 {
		pause.Until = pause.Since.Add(lasts)
	}
	if err := d.Pause(ctx, pause); err != nil {
		return failure{err}
	}
	fmt.Fprintln(d.stdout, d.pauseWords(pause))
	return nil
}

func (d *desk) resume(ctx context.Context, name string) error {
	now := d.now()
	pauses, err := d.Pauses(ctx, now)
	if err != nil {
		return failure{err}
	}
	found, rest := d.bearing(name, pauses)
	switch len(found) {
	case 0:
		return failure{fmt.Errorf("%q is not paused", name)}
	case 1:
	default:
		return ambiguous(name)
	}
	if err := d.Resume(ctx, found[0].Scope, found[0].Name, now); err != nil {
		return failure{err}
	}
	fmt.Fprintf(d.stdout, "%s: resumed\n", printable(d.pauseName(found[0].Pause)))
	for _, other := range rest {
		fmt.Fprintf(d.stderr, "still: %s\n", d.pauseWords(other.Pause))
	}
	return nil
}

// bearing parts the pauses into those that the name means and the rest.
func (d *desk) bearing(name string, pauses []ledger.Holding) (found, rest []ledger.Holding) {
	account := d.accountID(strings.TrimPrefix(name, accountPrefix))
	for _, p := range pauses {
		var means bool
		switch p.Scope {
		case ledger.ScopeAll:
			means = name == string(ledger.ScopeAll)
		case ledger.ScopeAccount:
			means = p.Name == account && !strings.HasPrefix(name, rulePrefix) || accountPrefix+p.Name == name || p.Name == name
		case ledger.ScopeRule:
			means = p.Name == name && name != string(ledger.ScopeAll) || rulePrefix+p.Name == name
		}
		if means {
			found = append(found, p)
		} else {
			rest = append(rest, p)
		}
	}
	return found, rest
}

// pauseLine is a pause as the list shows it.
type pauseLine struct {
	Scope   ledger.Scope `json:"scope"`
	Name    string       `json:"name"`
	Since   time.Time    `json:"since"`
	Until   *time.Time   `json:"until"` // null: until it is ended
	Reason  string       `json:"reason"`
	By      string       `json:"by"`
	Waiting int          `json:"waiting"` // planned replies that wait for its end
}

func (d *desk) listPauses(ctx context.Context, output string) error {
	pauses, err := d.Pauses(ctx, d.now())
	if err != nil {
		return failure{err}
	}
	if len(pauses) == 0 {
		fmt.Fprintln(d.stderr, "nothing is paused")
	}
	encoder := json.NewEncoder(d.stdout)
	encoder.SetEscapeHTML(false)
	for _, p := range pauses {
		if output == "json" {
			err = encoder.Encode(pauseLine{p.Scope, p.Name, p.Since, momentOrNull(p.Until), p.Reason, p.By, p.Planned})
		} else {
			_, err = fmt.Fprintln(d.stdout, d.pauseWords(p.Pause)+pauseMore(p))
		}
		if err != nil {
			return failure{err}
		}
	}
	return nil
}

// pauseMore is what the list tells of a pause beside what it is.
func pauseMore(p ledger.Holding) string {
	more := "since " + p.Since.Format(time.RFC3339)
	if p.By != "" {
		more += ", by " + printable(p.By)
	}
	switch p.Planned {
	case 0:
	case 1:
		more += ", 1 reply waits"
	default:
		more += fmt.Sprintf(", %d replies wait", p.Planned)
	}
	return " (" + more + ")"
}

func momentOrNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
