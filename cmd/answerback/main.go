// Answerback answers Instagram mentions and comments by rules. This package is the command line and nothing more: one
// file a verb, the wiring of the daemon, and the exit statuses.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // time zones work in an empty container too

	"github.com/spf13/cobra"
)

func main() {
	cobra.EnableCommandSorting = false // the help has the verbs in the order in which they are needed
	os.Exit(run(os.Args[1:]))
}

// run is main but for the exit, so that tests can call it.
func run(args []string) int {
	c := &cli{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.LookupEnv, now: time.Now, signals: listen,
	}
	return c.main(args)
}

// cli is what the verbs share: the outside, as values that a test can set.
type cli struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) (string, bool)
	now            func() time.Time
	signals        func() (stop, reload <-chan os.Signal, done func())
}

// Exit statuses, a contract: 0 good; 1 what was asked about failed; 2 wrong usage or unreadable input or configuration.
const (
	exitGood   = 0
	exitFailed = 1
	exitUsage  = 2
)

// errFailed ends a verb with status 1 after it has printed by itself what failed.
var errFailed = failure{errors.New("failed")}

// failure is an error of what was asked about: status 1. Every other error is one of usage or input: status 2.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func (c *cli) main(args []string) int {
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	if err == nil {
		return exitGood
	}
	if !errors.Is(err, errFailed) {
		fmt.Fprintf(c.stderr, "answerback: %v\n", err)
	}
	var failed failure
	if errors.As(err, &failed) {
		return exitFailed
	}
	return exitUsage
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "answerback",
		Short: "Answers Instagram mentions and comments by rules",
		Long: `answerback answers Instagram mentions and comments by rules that you write in YAML.

Notifications come in from Meta, are completed with the comment's text or the
media's caption, are judged by the rules, and the matching rule's reply is posted.

Exit status: 0 good; 1 what was asked about failed (bad rules, an undecidable
sample); 2 wrong usage, or unreadable input or configuration.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          knownVerb,
		RunE:          showHelp,
	}
	root.SetIn(c.stdin)
	root.SetOut(c.stdout)
	root.SetErr(c.stderr)
	group(root, "To write rules:", c.initCommand(), c.checkCommand(), c.testCommand(), c.dryRunCommand(), c.schemaCommand())
	group(root, "To run the bot:", c.runCommand(), c.pendingCommand(), c.approveCommand(), c.rejectCommand(),
		c.eventsCommand(), c.pauseCommand(), c.resumeCommand(), c.forgetCommand(), c.backupCommand(), c.migrateCommand(),
		c.doctorCommand(), c.subscribeCommand())
	group(root, "Besides:", c.demoCommand(), c.versionCommand())
	root.AddCommand(c.topics()...)
	// Topics are read with help; cobra shows them as if they were commands.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(), "{{rpad .CommandPath .CommandPathPadding}}", "{{.Root.Name}} help {{rpad .Name .NamePadding}}", 1))
	root.SetHelpCommand(helpCommand())
	root.SetHelpCommandGroupID("Besides:")
	root.SetCompletionCommandGroupID("Besides:")
	root.InitDefaultCompletionCmd()
	if completion, rest, err := root.Find([]string{"completion"}); err == nil && len(rest) == 0 {
		completion.Args, completion.RunE = knownVerb, showHelp
	}
	pointToHelp(root)
	return root
}

// group adds commands that stand together in the help.
func group(root *cobra.Command, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: title, Title: title})
	for _, cmd := range commands {
		cmd.GroupID = title
	}
	root.AddCommand(commands...)
}

func showHelp(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// helpCommand is cobra's, but for the status where there is nothing to help with.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Say how a command is used",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err != nil {
				return err
			}
			if err := knownVerb(about, rest); err != nil {
				return err
			}
			return about.Help()
		},
	}
}

// knownVerb refuses what is left where a verb should stand, with those that may have been meant.
func knownVerb(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return fmt.Errorf("unknown command %q; did you mean %s?", args[0], strings.Join(near, " or "))
	}
	return fmt.Errorf("unknown command %q", args[0])
}

// pointToHelp adds to what cobra finds wrong (flags, arguments, verbs) where to read on.
func pointToHelp(cmd *cobra.Command) {
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w\nsee: %s --help", err, cmd.CommandPath())
	})
	if args := cmd.Args; args != nil {
		cmd.Args = func(cmd *cobra.Command, a []string) error {
			if err := args(cmd, a); err != nil {
				return fmt.Errorf("%w\nsee: %s --help", err, cmd.CommandPath())
			}
			return nil
		}
	}
	for _, sub := range cmd.Commands() {
		pointToHelp(sub)
	}
}

// oneOf checks the value of an option against those it can have.
func oneOf(option, value string, allowed ...string) error {
	for _, a := range allowed {
		if value == a {
			return nil
		}
	}
	return fmt.Errorf("--%s is %q; it can be one of %v", option, value, allowed)
}

// listen turns the process's signals into channels.
func listen() (stop, reload <-chan os.Signal, done func()) {
	stops, reloads := make(chan os.Signal, 2), make(chan os.Signal, 1)
	signal.Notify(stops, syscall.SIGINT, syscall.SIGTERM)
	signal.Notify(reloads, syscall.SIGHUP)
	return stops, reloads, func() {
		signal.Stop(stops)
		signal.Stop(reloads)
	}
}
