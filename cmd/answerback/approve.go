package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
	"github.com/spf13/cobra"
)

func (c *cli) approveCommand() *cobra.Command {
	var path, edit string
	cmd := &cobra.Command{
		Use:   "approve -c FILE ID…",
		Short: "Have done what waits for a person",
		Long: `approve has done what waits for a person, replies above all; "answerback pending"
lists it with IDs. The daemon does it within seconds, or when it runs again; what
is too old by then is not done. --edit has one reply say something else.

All IDs are tried, and each gets a line. Exit status 1: one of them can't be
approved, because it was decided before, has expired, is paused, or never waited.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args)
			if err != nil {
				return err
			}
			edited := cmd.Flags().Changed("edit")
			if edit = strings.TrimSpace(edit); edited {
				if len(ids) > 1 {
					return errors.New("--edit is for exactly one ID")
				}
				if err := sayable(edit, platform.ReplyLimit()); err != nil {
					return fmt.Errorf("--edit: %w", err)
				}
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error { return d.approve(cmd.Context(), ids, edit) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&edit, "edit", "", "what to say instead")
	return cmd
}

func (c *cli) rejectCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "reject -c FILE ID…",
		Short: "Drop what waits for a person",
		Long: `reject drops what waits for a person; "answerback pending" lists it with IDs. It
is never done, and its rules may answer the same people again.

All IDs are tried, and each gets a line. Exit status 1: one of them can't be
rejected, because it was decided before, has expired, or never waited.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := deliveryIDs(args)
			if err != nil {
				return err
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error {
				return d.each(ids, "rejected", func(id int64, now time.Time) error { return d.Reject(cmd.Context(), id, now) })
			})
		},
	}
	configFlag(cmd, &path)
	return cmd
}

// approve has what waits under the ids be said, with another text where one is given.
func (d *desk) approve(ctx context.Context, ids []int64, edit string) error {
	pending, err := d.Pending(ctx, d.now())
	if err != nil {
		return failure{err}
	}
	if d.config.Mode == rules.Shadow {
		fmt.Fprintln(d.stderr, "the configuration's mode is shadow: what is approved is not said until it is live, nor ever if it is too old then")
	}
	return d.each(ids, "approved", func(id int64, now time.Time) error {
		i := slices.IndexFunc(pending, func(p ledger.Delivery) bool { return p.ID == id })
		if i >= 0 {
			if err := approvable(&pending[i], edit); err != nil {
				return err
			}
		}
		return d.Approve(ctx, id, edit, now)
	})
}

// approvable says what keeps an action from being approved, with another text if edit isn't empty.
func approvable(p *ledger.Delivery, edit string) error {
	switch {
	case p.Action == rules.ActionHide && edit != "":
		return errors.New("it hides a comment and says nothing, so that there is nothing to edit")
	case p.Action == rules.ActionHide:
		return nil
	case p.Action == rules.ActionPrivateReply:
		return sayable(cmp.Or(edit, p.Text), platform.PrivateReplyLimit())
	default:
		return sayable(cmp.Or(edit, p.Text), platform.ReplyLimit())
	}
}

// each does something with each id and prints what came of it.
func (d *desk) each(ids []int64, done string, do func(id int64, now time.Time) error) error {
	var failed error
	for _, id := range ids {
		said := done
		if err := do(id, d.now()); err != nil {
			said, failed = d.reason(err), errFailed
		}
		if _, err := fmt.Fprintf(d.stdout, "%d: %s\n", id, said); err != nil {
			return failure{err}
		}
	}
	return failed
}

// reason is an error for a person who reads the ID beside it.
func (d *desk) reason(err error) string {
	for _, known := range []error{ledger.ErrNotWaiting, ledger.ErrExpired} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	var paused *ledger.PausedError
	if errors.As(err, &paused) {
		return d.pauseWords(paused.Pause)
	}
	return err.Error()
}

// deliveryIDs reads the ids, each once.
func deliveryIDs(args []string) ([]int64, error) {
	var ids []int64
	for _, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id < 0 {
			return nil, fmt.Errorf(`%q is not an ID; "answerback pending" lists them`, arg)
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// sayable says what keeps a text from being posted, as far as that is known before Meta is asked.
func sayable(reply string, limit platform.Limit) error {
	n := limit.Length(reply)
	switch {
	case !utf8.ValidString(reply):
		return errors.New("the text is not valid UTF-8")
	case text.Blank(reply):
		return errors.New("there is nothing to be seen in the text")
	case n > limit.Max && limit.Bytes:
		return fmt.Errorf("the text is too long: %d of at most %d bytes, of which a letter without an accent is one and an emoji is four or more", n, limit.Max)
	case n > limit.Max:
		return fmt.Errorf("the text is too long: %d of at most %d characters, of which an emoji is two or more", n, limit.Max)
	}
	return nil
}
