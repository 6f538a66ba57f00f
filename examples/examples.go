// Package examples holds configurations and rule sets that people copy. They are files first; that they are embedded
// as well lets the demo run without them lying about.
package examples

import "embed"

// Quickstart is the first working folder: a configuration, rules, and samples to try them on.
//
//go:embed quickstart
var Quickstart embed.FS

// Starter is the working folder that `answerback init` makes, less the schemas, which the program writes itself. Its files
// are named one by one: what a run leaves lying there is nobody's example.
//
//go:embed starter/.gitignore starter/README.md starter/answerback.yaml
//go:embed starter/ci/github-workflow.yaml
//go:embed starter/rules/rules.yaml starter/rules/rules_test.yaml starter/rules/lists/price_words.txt
//go:embed starter/samples/comment.json starter/samples/mention.json
var Starter embed.FS
