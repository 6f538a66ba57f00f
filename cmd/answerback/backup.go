package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (c *cli) backupCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "backup -c FILE COPY",
		Short: "Copy the database while the daemon runs",
		Long: `backup writes all that the database holds at this moment to the new file COPY,
while the daemon runs or without it. The copy is a database to go on with: stop
the daemon, put the copy in the database's place, without the files beside it whose
names end in -wal and -shm, and start again. What was still to be said at the time
of the copy is looked for on Instagram first, and not said again if it is there.
Replies that waited for a person then wait again: look whether they were said. What
came in after the copy is not known any more, and may be answered again if Meta
tells of it again.

COPY holds what people wrote: only you can read it, and "answerback forget" doesn't
reach it. A file that is there already is not overwritten.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.atDesk(cmd.Context(), path, func(d *desk) error {
				if err := d.Backup(cmd.Context(), args[0], d.now()); err != nil {
					return failure{err}
				}
				_, err := fmt.Fprintf(c.stdout, "copied to %s\n", args[0])
				return err
			})
		},
	}
	configFlag(cmd, &path)
	return cmd
}
