// Package examples holds configurations and rule sets that people copy. They are files first; that they are embedded
// as well lets the demo run without them lying about.
package examples

import "embed"

// Quickstart is the first working folder: a configuration, rules, and samples to try them on.
//
//go:embed quickstart
var Quickstart embed.FS
