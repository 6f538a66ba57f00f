package main

import (
	"context"
	"fmt"

	"github.com/answerback/answerback/bot/sqlite"
	"github.com/spf13/cobra"
)

func (c *cli) migrateCommand() *cobra.Command {
	var path string
	var try bool
	cmd := &cobra.Command{
		Use:   "migrate -c FILE",
		Short: "Bring the database up to date after an update",
		Long: `migrate brings the tables of the database to the version that this answerback
knows. The daemon does the same when it starts; run it by itself to see that it goes
well before. There is no way back: take a copy with "answerback backup" of the
version that wrote the database first.

With --dry-run it says what is to be done and changes nothing, also while a daemon
runs. Exit status 1: a daemon runs, or it can't be done.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := c.deskConfig(path)
			if err != nil {
				return err
			}
			return c.migrate(cmd.Context(), cfg.Database, try)
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&try, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

func (c *cli) migrate(ctx context.Context, database string, try bool) error {
	v, err := sqlite.ReadVersions(ctx, database)
	if err != nil {
		return err
	}
	switch {
	case v.Current > v.Known:
		return fmt.Errorf("database %q: written by a newer answerback: its tables are of version %d, this one knows %d: use the newer one",
			database, v.Current, v.Known)
	case v.Current == v.Known:
		_, err = fmt.Fprintf(c.stdout, "up to date: the tables are of version %d\n", v.Current)
		return asFailure(err)
	}
	done := "would be brought"
	if !try {
		done = "brought"
		if err := sqlite.Migrate(ctx, database); err != nil {
			return failure{err}
		}
	}
	_, err = fmt.Fprintf(c.stdout, "%s from version %d to %d\n", done, v.Current, v.Known)
	for _, step := range v.Pending {
		if err == nil {
			_, err = fmt.Fprintf(c.stdout, "  %s\n", step)
		}
	}
	return asFailure(err)
}

func asFailure(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
}
