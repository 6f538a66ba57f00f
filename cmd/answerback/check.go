package main

import (
	"fmt"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/spf13/cobra"
)

// check is one call of the verb.
type check struct {
	*cli
	output       string
	denyWarnings bool
	path         string // of the configuration; may be empty

	config *config.Config
	found  problem.List
	told   map[problem.Problem]bool
	rules  int
}

func (c *cli) checkCommand() *cobra.Command {
	k := &check{cli: c}
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Say all that is wrong with rules",
		Long: `check loads each PATH, a folder of rule files or one file, as the daemon would, with
the cases in it, and prints all problems with file, line and column: errors, which
keep the rules from being loaded, and warnings of what is probably not meant.
Without a PATH it checks rules/. It needs no network, no token and no daemon. With a
configuration it also says what the logins of its accounts don't give to these rules;
the secrets in it stay unread.

Exit status 1: there are errors, or, with --deny-warnings, warnings.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := oneOf("output", k.output, "text", "json", "github"); err != nil {
				return err
			}
			return k.run(paths)
		},
	}
	cmd.Flags().StringVarP(&k.output, "output", "o", "text", "text, json or github")
	cmd.Flags().StringVarP(&k.path, "config", "c", "", "configuration that says who the accounts are; its secrets stay unread")
	cmd.Flags().BoolVar(&k.denyWarnings, "deny-warnings", false, "exit 1 on warnings too")
	return cmd
}

func (k *check) run(paths []string) error {
	if len(paths) == 0 {
		paths = []string{"rules"}
	}
	if err := k.readConfig(); err != nil {
		return err
	}
	k.told = map[problem.Problem]bool{}
	for _, path := range paths {
		if err := k.look(path); err != nil {
			return err
		}
	}
	k.found.Sort()
	failed := k.found.HasErrors() || k.denyWarnings && len(k.found) > 0
	if err := k.print(failed); err != nil {
		return failure{err}
	}
	if failed {
		return errFailed
	}
	return nil
}

// look looks for all that is wrong at one path.
func (k *check) look(path string) error {
	files, err := ruletest.Read(path)
	if err != nil {
		return err
	}
	src, err := rules.Read(path)
	if err != nil {
		return err
	}
	set, problems := rules.Compile(src)
	suite, wrong := ruletest.Load(src, files, k.sampleEvents)
	problems = append(problems, wrong...)
	if set != nil {
		k.rules += set.Len()
		problems = append(problems, lint.Lint(set, k.now())...)
		if k.config != nil {
			problems = append(problems, k.config.Fit(set)...)
		}
	}
	// A case that is broken is a case all the same: to say that it is missing would mislead.
	if set != nil && !wrong.HasErrors() {
		problems = append(problems, suite.Review(set)...)
	}
	if k.output == "text" && len(problems) == 0 {
		fmt.Fprintf(k.stdout, "%s: %s, no problems, revision %s\n", path, plural(set.Len(), "rule"), set.Revision())
	}
	for _, p := range problems {
		if !k.told[p] { // a file may be under several paths
			k.told[p] = true
			k.found = append(k.found, p)
		}
	}
	return nil
}

func (k *check) print(failed bool) error {
	switch k.output {
	case "json":
		return k.found.JSON(k.stdout, !failed, k.rules)
	case "github":
		return k.found.GitHub(k.stdout)
	}
	if err := k.found.Text(k.stdout); err != nil {
		return err
	}
	if len(k.found) > 0 {
		errors := len(errorsOf(k.found))
		fmt.Fprintf(k.stderr, "answerback: %s, %s\n", plural(errors, "error"), plural(len(k.found)-errors, "warning"))
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
