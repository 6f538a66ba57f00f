package ruletest

import (
	"fmt"
	"strings"
)

// Coverage is what no case of a suite reached. It says nothing of whether the cases are right.
type Coverage struct {
	Rules int   `json:"rules"` // in the set
	Gaps  []Gap `json:"gaps"`
}

// What a gap is about, and what never came of it.
const (
	gapRule    = "rule"   // never matched
	gapVariant = "reply"  // one of several: never said
	gapWhen    = "when"   // a clause of the condition: never true, false, or looked at
	gapUnless  = "unless" // the same
)

// Gap is one thing that no case showed.
type Gap struct {
	File string `json:"file"`
	Line int    `json:"line"` // of the rule
	Rule string `json:"rule"`
	What string `json:"what"` // rule, reply, when, unless
	// Text is the reply, as it was rendered for some event, or the clause as it is written.
	Text string `json:"text"`
	// Never is what never came: matched, said, true, false, evaluated.
	Never string `json:"never"`
}

func (c *Coverage) text(b *strings.Builder) {
	for _, g := range c.Gaps {
		wrapped(b, "", fmt.Sprintf("%s:%d: coverage: rule %s: %s", g.File, g.Line, quote(g.Rule), g.says()))
	}
	if len(c.Gaps) > 0 {
		b.WriteByte('\n')
		return
	}
	fmt.Fprintf(b, "coverage: the cases reach every rule, reply and clause (%s)\n", counted(c.Rules, "rule"))
}

func (g *Gap) says() string {
	switch g.What {
	case gapRule:
		return "no case matches it"
	case gapVariant:
		return "no case has it say " + quote(g.Text)
	}
	return fmt.Sprintf("%s: %s was never %s", g.What, g.Text, g.Never)
}
