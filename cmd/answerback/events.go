package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/spf13/cobra"
)

func (c *cli) eventsCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Look at events, and put right what ended badly",
		Long: `events looks at what came in and what became of it, and puts right what ended badly.
IDs are those of "events list", and of event= in the log.

It reads and changes the database of the daemon, which may run or not.`,
		Args: knownVerb,
		RunE: showHelp,
	}
	cmd.AddCommand(c.eventsListCommand(), c.eventsShowCommand(), c.eventsRetryCommand(), c.eventsResolveCommand())
	return cmd
}

// listOptions are the flags of events list, as they were typed.
type listOptions struct {
	path, output, state, account, rule, since, until string
	limit                                            int
	before                                           int64
}

func (c *cli) eventsListCommand() *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list -c FILE",
		Short: "List events, the last received first",
		Long: `list lists events, the last received first. --state is one of:

  open                                          not decided yet
  reply approve shadow skipped no_match error   decided so (the verdict)
  waiting planned sending posted refused        having a reply that stands so
  unknown cancelled rejected                    (unknown: it may have been said)

--since and --until go by the time at which the event was received: a time such as
2026-01-31T12:00:00Z, a date (in UTC), or so long ago, such as 90m or 7d. If there
are more than --limit, --before with the last ID leads on.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("output", o.output, "text", "json"); err != nil {
				return err
			}
			filter, err := o.filter(c.now())
			if err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), o.path, func(d *desk) error { return d.listEvents(cmd.Context(), o, filter) })
		},
	}
	configFlag(cmd, &o.path)
	flags := cmd.Flags()
	flags.StringVar(&o.state, "state", "", "only those that stand so")
	flags.StringVar(&o.account, "account", "", "only those of this account, by username or id")
	flags.StringVar(&o.rule, "rule", "", "only those that this rule decided")
	flags.StringVar(&o.since, "since", "", "only those received then or later")
	flags.StringVar(&o.until, "until", "", "only those received before then")
	flags.IntVar(&o.limit, "limit", 50, "at most so many")
	flags.Int64Var(&o.before, "before", 0, "only those before this ID")
	flags.StringVarP(&o.output, "output", "o", "text", "text or json (one object a line)")
	return cmd
}

// filter is what the flags ask for, but for the account, whose name only the configuration knows.
func (o *listOptions) filter(now time.Time) (ledger.Filter, error) {
	f := ledger.Filter{Rule: o.rule, Before: o.before}
	if o.limit < 1 || o.before < 0 {
		return f, errors.New("--limit and --before count from 1")
	}
	switch state := o.state; state {
	case "":
	case "open":
		f.Open = true
	case string(ledger.VerdictReply), string(ledger.VerdictApprove), string(ledger.VerdictShadow), string(ledger.VerdictSkipped),
		string(ledger.VerdictNoMatch), string(ledger.VerdictError):
		f.Verdict = ledger.Verdict(state)
	case string(ledger.Waiting), string(ledger.Rejected), string(ledger.Planned), string(ledger.Sending), string(ledger.Posted),
		string(ledger.Refused), string(ledger.Unknown), string(ledger.Cancelled):
		f.Delivery = ledger.State(state)
	default:
		return f, fmt.Errorf("--state is %q; answerback events list --help has those that there are", state)
	}
	var err error
	if f.Since, err = momentOf("since", o.since, now); err != nil {
		return f, err
	}
	f.Until, err = momentOf("until", o.until, now)
	return f, err
}

// momentOf reads a time: as such, as a date, or as so long ago. Empty is none.
func momentOf(flag, text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	ago, err := yamlpos.ParseDuration(text)
	if err != nil {
		return time.Time{}, fmt.Errorf("--%s is %q; it can be a time such as 2026-01-31T12:00:00Z, a date, or so long ago, such as 90m or 7d", flag, text)
	}
	return now.Add(-ago), nil
}

func (d *desk) listEvents(ctx context.Context, o listOptions, filter ledger.Filter) error {
	if o.account != "" {
		// An account that the configuration has no more may still have events.
		if filter.Account = d.accountID(o.account); filter.Account == "" {
			filter.Account = o.account
		}
	}
	first := filter.Before
	more, err := d.pages(ctx, o, &filter)
	switch {
	case err != nil:
		return failure{err}
	case filter.Before == first:
		fmt.Fprintln(d.stderr, "no such events")
	case more:
		fmt.Fprintf(d.stderr, "there are more: --before %d\n", filter.Before)
	}
	return nil
}

// listPage is how many events are read and printed at once, so that a long list takes little memory and keeps no reader
// in the daemon's way for long.
const listPage = 500

// pages prints up to --limit events and reports whether there are more. It leads the filter on behind the last one.
func (d *desk) pages(ctx context.Context, o listOptions, filter *ledger.Filter) (more bool, err error) {
	more = true
	for left := o.limit; more && left > 0; {
		n := min(left, listPage)
		filter.Limit = n + 1 // one more tells that there are more
		events, err := d.Events(ctx, *filter)
		if err != nil {
			return false, err
		}
		more = len(events) > n
		events = events[:min(len(events), n)]
		if err := d.printEvents(events, o.output, left == o.limit); err != nil {
			return false, err
		}
		if left -= n; len(events) > 0 {
			filter.Before = events[len(events)-1].Seq
		}
	}
	return more, nil
}

func (c *cli) eventsShowCommand() *cobra.Command {
	var path, output string
	cmd := &cobra.Command{
		Use:   "show -c FILE ID",
		Short: "Show an event, what was decided and why, and what became of its reply",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("output", output, "text", "json"); err != nil {
				return err
			}
			seq, err := eventID(args[0])
			if err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.showEvent(cmd.Context(), seq, output) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text or json")
	return cmd
}

func (c *cli) eventsRetryCommand() *cobra.Command {
	var path string
	var evenIfSaid bool
	cmd := &cobra.Command{
		Use:   "retry -c FILE ID…",
		Short: "Put events that ended badly back to work, once",
		Long: `retry puts events back to work, once, by your will:

  - one that ended in an error is judged again, by the rules of now and with what
    Meta shows of it now. What is older than its rule's max_age stays unanswered.
  - one whose reply was refused has the same reply sent once more.
  - one whose reply is unknown may have been answered already: look at Instagram
    first. If it was said, say so: "events resolve ID --as posted". --even-if-said
    sends the reply again all the same, and people may read it twice.

A running daemon does so within 15 seconds, else one does when it runs again. All
IDs are tried, and each gets a line. Exit status 1: one of them has nothing to
retry, or its reply is too old or paused.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			seqs, err := eventIDs(args)
			if err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error {
				return eachEvent(seqs, func(seq int64) error { return d.retry(cmd.Context(), seq, evenIfSaid) })
			})
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&evenIfSaid, "even-if-said", false, "send an unknown reply again, though it may have been said")
	return cmd
}

func (c *cli) eventsResolveCommand() *cobra.Command {
	var path, as, note string
	cmd := &cobra.Command{
		Use:   "resolve -c FILE ID… --as posted|refused",
		Short: "Say what became of replies whose fate is unknown",
		Long: `resolve settles replies of which the bot can't tell whether they were said. Look at
Instagram, then say --as posted if they are there, or --as refused if they aren't:
their rules may answer the same people again then. Nothing is sent; to have a refused
one sent once more there is "events retry".

All IDs are tried, and each gets a line. Exit status 1: one of them is not unknown.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			seqs, err := eventIDs(args)
			if err != nil {
				return err
			}
			if err := oneOf("as", as, string(ledger.Posted), string(ledger.Refused)); err != nil {
				return err
			}
			if note = strings.TrimSpace(note); !utf8.ValidString(note) {
				return errors.New("--note is not UTF-8")
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error {
				return eachEvent(seqs, func(seq int64) error { return d.resolve(cmd.Context(), seq, ledger.State(as), note) })
			})
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&as, "as", "", "posted, or refused")
	cmd.Flags().StringVar(&note, "note", "", "how you know, for those who wonder")
	return cmd
}

func eventID(arg string) (int64, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || id < 1 {
		return 0, fmt.Errorf(`%q is not an ID; "answerback events list" has them`, arg)
	}
	return id, nil
}

// eventIDs reads the ids, each once.
func eventIDs(args []string) ([]int64, error) {
	var ids []int64
	for _, arg := range args {
		id, err := eventID(arg)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}
