package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/spf13/cobra"
)

func (c *cli) forgetCommand() *cobra.Command {
	var path string
	var try bool
	cmd := &cobra.Command{
		Use:   "forget -c FILE USER",
		Short: "Remove what is known of a person",
		Long: `forget removes what the database holds of a person, while the daemon runs or
without it. USER is a username, with or without @, or an Instagram id. Gone are
what they wrote, their names and ids, the texts of replies to them and of replies
that name them, and the captions of their media; the file is overwritten there.

What counts stays: that an event came and was answered, the ids of our replies and
of media, and hashes, by which nothing is answered again. An event of theirs that is
undecided ends, and a reply to them that waits is not said. What others wrote about
them stays, and so do backups, logs and what is public on Instagram.

It reads the whole database. Whoever changed their name is to be named by both, or
by the id. Exit status 1: something is being sent or may still be found out, for up
to a day, or the log couldn't be emptied: run it again later.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.Trim(args[0], "@ ") == "" {
				return errors.New("USER is empty")
			}
			return c.atDesk(cmd.Context(), path, func(d *desk) error {
				forgotten, err := d.Forget(cmd.Context(), args[0], d.now(), try)
				if err != nil && !errors.Is(err, ledger.ErrLogged) {
					return failure{err}
				}
				return errors.Join(d.tellForgotten(forgotten, try), logged(err))
			})
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&try, "dry-run", false, "say what would be removed, and remove nothing")
	return cmd
}

// logged is the error of what is done but for the log.
func logged(err error) error {
	if err == nil {
		return nil
	}
	return failure{ledger.ErrLogged}
}

// tellForgotten prints the counts.
func (d *desk) tellForgotten(f ledger.Forgotten, try bool) error {
	if !f.Any() {
		_, err := fmt.Fprintln(d.stdout, "nothing is known of them")
		return err
	}
	head := "removed:"
	if try {
		head = "would be removed:"
	}
	_, err := fmt.Fprintf(d.stdout, `%s
  events           %d
  undecided ones   %d
  waiting replies  %d
  naming them      %d
`, head, f.Events, f.Open, f.Cancelled, f.Naming)
	if err == nil && f.Busy > 0 {
		fmt.Fprintf(d.stderr, "left: %d events with a reply that is being sent, or whose fate may still be found out; run it again later\n", f.Busy)
		err = errFailed
	}
	return err
}
