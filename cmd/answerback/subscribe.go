package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
	"github.com/spf13/cobra"
)

func (c *cli) subscribeCommand() *cobra.Command {
	var path string
	var names []string
	var try bool
	cmd := &cobra.Command{
		Use:   "subscribe -c FILE [--account USERNAME…] [--dry-run]",
		Short: "Have Meta send the accounts' notifications to the app",
		Long: `subscribe has Meta send notifications of each account, or of those that --account
names by username or id, to the app, and shows what was subscribed before and is
after. What is subscribed already stays. Meta goes by it within minutes.

With Facebook Login the Page is subscribed, which needs page_id and a token with
pages_manage_metadata: to "feed" where it was subscribed to nothing, since any field
of the Page brings the notifications of Instagram, and Instagram's own names are
refused there. With Instagram Login the account is, by the names of the fields:
comments, live_comments, mentions, and story_insights if a rule is for it.

The fields have to be ticked in the app's dashboard too; see "answerback doctor".
With --dry-run it only says what it would do. Exit status 1: it can't be done.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, done := c.interruptible(cmd.Context())
			defer done()
			s, err := c.surgery(ctx, path)
			if err != nil {
				return err
			}
			defer s.close()
			if s.config == nil {
				if err := s.options.Configuration.Problems.Text(c.stderr); err != nil {
					return failure{err}
				}
				return fmt.Errorf("configuration %q is not usable", path)
			}
			accounts, err := named(s.options.Accounts, names)
			if err != nil {
				return err
			}
			return c.subscribe(ctx, s, accounts, try)
		},
	}
	cmd.Flags().StringVarP(&path, "config", "c", "answerback.yaml", "configuration file")
	cmd.Flags().StringArrayVar(&names, "account", nil, "only this account, by username or id; may be repeated")
	cmd.Flags().BoolVar(&try, "dry-run", false, "say what would be done, and do nothing")
	return cmd
}

// named are the accounts with the usernames or ids; all of them if none is given.
func named(all []instagram.Account, names []string) ([]instagram.Account, error) {
	if len(names) == 0 {
		return all, nil
	}
	var chosen []instagram.Account
	for _, name := range names {
		name = strings.TrimPrefix(name, "@")
		i := slices.IndexFunc(all, func(a instagram.Account) bool {
			return a.ID == name || strings.EqualFold(a.Username, name) || slices.Contains(a.Aliases, name)
		})
		if i < 0 {
			return nil, fmt.Errorf("no account of the configuration has the username or id %q", name)
		}
		if !slices.ContainsFunc(chosen, func(a instagram.Account) bool { return a.ID == all[i].ID }) {
			chosen = append(chosen, all[i])
		}
	}
	return chosen, nil
}

// subscribe goes on with the other accounts where one fails.
func (c *cli) subscribe(ctx context.Context, s *surgery, accounts []instagram.Account, try bool) error {
	byName := func(a instagram.Account) bool { return a.Login == platform.InstagramLogin }
	if !s.options.Rules.Loaded && slices.ContainsFunc(accounts, byName) {
		fmt.Fprintln(c.stderr, "answerback: the rules don't load, so that what only they need, story_insights, isn't subscribed to; answerback check says why")
	}
	var failed bool
	for _, account := range accounts {
		fmt.Fprintf(c.stdout, "%s (%s)\n", account.Username, account.ID)
		err := c.subscribeOne(ctx, s, account, try)
		if ctx.Err() != nil {
			return failure{context.Cause(ctx)}
		}
		if err != nil {
			failed = true
			fmt.Fprintf(c.stderr, "answerback: %s: %s\n", account.Username, plain(withDoctor(err)))
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

// withDoctor sends whom Meta refuses to where the reason is found.
func withDoctor(err error) string {
	var refused *instagram.Error
	if errors.As(err, &refused) {
		return err.Error() + "; answerback doctor says more"
	}
	return err.Error()
}

func (c *cli) subscribeOne(ctx context.Context, s *surgery, account instagram.Account, try bool) error {
	plan, err := doctor.Prescribe(ctx, s.graph, account, s.options.AppID, s.options.Rules)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "  before: %s\n", fieldsOf(plan.Before))
	switch {
	case len(plan.Missing) == 0:
		fmt.Fprintf(c.stdout, "  nothing to do: %s\n", plan.Why)
		return nil
	case try:
		fmt.Fprintf(c.stdout, "  would be: %s (%s)\n", fieldsOf(plan.Fields()), plan.Why)
		return nil
	}
	did := s.graph.Subscribe(ctx, plan.As, plan.Fields())
	after, err := doctor.Subscribed(ctx, s.graph, plan.As, s.options.AppID)
	switch {
	case err != nil && did != nil:
		return fmt.Errorf("%w; what is subscribed now isn't known", did)
	case err != nil:
		return fmt.Errorf("the call went well, but what is subscribed now isn't known: %w", err)
	}
	fmt.Fprintf(c.stdout, "  after:  %s (%s)\n", fieldsOf(after), plan.Why)
	return undone(plan.Missing, after, did)
}

// undone is why fields are not subscribed; nil if they are. What the call said of itself doesn't count then: its answer
// may have been lost.
func undone(wanted, after []string, did error) error {
	for _, field := range wanted {
		switch {
		case slices.Contains(after, field):
		case did != nil:
			return did
		default:
			return fmt.Errorf("the call went well, but the app isn't subscribed to %q", field)
		}
	}
	return nil
}

func fieldsOf(fields []string) string {
	if len(fields) == 0 {
		return "nothing"
	}
	return strings.Join(fields, ", ")
}
