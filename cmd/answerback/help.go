package main

import (
	"io"
	"maps"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/lint"
	"github.com/answerback/answerback/rules/manual"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/spf13/cobra"
)

// topics are what help tells beside the verbs. A command that can't be run is one to cobra, which lists it apart.
func (c *cli) topics() []*cobra.Command {
	return []*cobra.Command{
		c.topic("rules", "Each key of rules and cases", func(w io.Writer) error { return manual.Rules(w, ruletest.Cases()) }),
		c.topic("expressions", "What conditions and replies can say", manual.Expressions),
		c.topic("codes", "What the codes of problems mean", func(w io.Writer) error { return manual.Codes(w, codes()) }),
	}
}

func (c *cli) topic(name, short string, write func(io.Writer) error) *cobra.Command {
	cmd := &cobra.Command{Use: name, Short: short, Long: short}
	cmd.SetHelpFunc(func(*cobra.Command, []string) {
		_ = write(c.stdout) // as cobra does with what it prints
	})
	return cmd
}

// codes are those of all problems that check and test report.
func codes() map[string]string {
	all := map[string]string{}
	for _, some := range []map[string]string{yamlpos.Codes(), rules.Codes(), lint.Codes(), ruletest.Codes()} {
		maps.Copy(all, some)
	}
	return all
}
