package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/schema"
	"github.com/spf13/cobra"
)

func (c *cli) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema rules|tests|config",
		Short: "Print a JSON Schema, for editors",
		Long: `schema prints a JSON Schema of rule files, of files of cases (*_test.yaml), or of
the configuration. An editor that knows YAML completes keys by it, shows what they
mean, and marks mistakes. Put it beside your rules,

  answerback schema rules > rules/rules.schema.json

and let each rule file begin with

  # yaml-language-server: $schema=./rules.schema.json`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: schemaNames(),
		RunE: func(_ *cobra.Command, args []string) error {
			d, ok := schemaNamed(args[0])
			if !ok {
				return fmt.Errorf("there is no schema %q; there are %s", args[0], strings.Join(schemaNames(), ", "))
			}
			if err := d.Write(c.stdout); err != nil {
				return failure{err}
			}
			return nil
		},
	}
}

func schemaNames() []string { return []string{"rules", "tests", "config"} }

// schemaNamed is one of the schemas that the program prints.
func schemaNamed(name string) (schema.Document, bool) {
	d := schema.Document{ID: "https://github.com/answerback/answerback/" + name + ".schema.json"}
	switch name {
	case "rules":
		d.Title = "Rules of answerback"
		d.Description = "A file of rules: what is answered, to whom, and when. answerback help rules tells more."
		d.Shape = rules.Shape(ruletest.Cases())
	case "tests":
		d.Title = "Cases of answerback"
		d.Description = "A file NAME_test.yaml of cases, with which a folder of rules proves itself."
		d.Shape = ruletest.Shape()
	case "config":
		d.Title = "Configuration of answerback"
		d.Description = "The operator's choices. ${NAME} in a value is the environment's, $$ is a $."
		d.Shape = config.Shape()
		d.Variables = true
	}
	return d, slices.Contains(schemaNames(), name)
}
