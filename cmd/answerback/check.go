package main

import (
	"fmt"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/spf13/cobra"
)

func (c *cli) checkCommand() *cobra.Command {
	var output string
	var denyWarnings bool
	cmd := &cobra.Command{
		Use:   "check [PATH…]",
		Short: "Say all that is wrong with rules",
		Long: `check loads each PATH, a folder of rule files or one file, as the daemon would, and
prints all problems with file, line and column. Without a PATH it checks rules/.
It needs no network, no token and no daemon.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, paths []string) error {
			if err := oneOf("output", output, "text", "json", "github"); err != nil {
				return err
			}
			return c.check(paths, output, denyWarnings)
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "text", "text, json or github")
	cmd.Flags().BoolVar(&denyWarnings, "deny-warnings", false, "exit 1 on warnings too")
	return cmd
}

func (c *cli) check(paths []string, output string, denyWarnings bool) error {
	if len(paths) == 0 {
		paths = []string{"rules"}
	}
	var found problem.List
	count := 0
	for _, path := range paths {
		src, err := rules.Read(path)
		if err != nil {
			return err
		}
		set, problems := rules.Compile(src)
		found = append(found, problems...)
		if set != nil {
			count += set.Len()
		}
		if output == "text" && len(problems) == 0 {
			fmt.Fprintf(c.stdout, "%s: %s, no problems, revision %s\n", path, plural(set.Len(), "rule"), set.Revision())
		}
	}
	failed := found.HasErrors() || denyWarnings && len(found) > 0
	if err := printProblems(c, found, output, count, failed); err != nil {
		return failure{err}
	}
	if failed {
		return errFailed
	}
	return nil
}

func printProblems(c *cli, found problem.List, output string, count int, failed bool) error {
	switch output {
	case "json":
		return found.JSON(c.stdout, !failed, count)
	case "github":
		return found.GitHub(c.stdout)
	default:
		return found.Text(c.stdout)
	}
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
