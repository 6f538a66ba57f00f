package main

import (
	"context"
	"errors"
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
			ctx, done := c.interruptible(cmd.Context())
			defer done()
			return c.atDesk(ctx, path, func(d *desk) error {
				if err := d.Backup(ctx, args[0], d.now()); err != nil {
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

// interruptible has a signal end the context, so that what a verb has begun is cleared away before it ends. done is to be
// called at the end.
func (c *cli) interruptible(parent context.Context) (ctx context.Context, done func()) {
	stop, _, unlisten := c.signals()
	ctx, cancel := context.WithCancelCause(parent)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		select {
		case <-stop:
			cancel(errors.New("interrupted"))
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel(nil)
		<-ended
		unlisten()
	}
}
