package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/outline"
	"github.com/answerback/answerback/rules/platform"
)

// printRecord tells a decision to a person: what came, what was decided and why, what would be said, and how.
func printRecord(out io.Writer, r ledger.Record) error {
	var b strings.Builder
	recordHead(&b, r)
	for _, o := range r.Rules {
		if o.Outcome != rules.NotReached && o.Outcome != rules.NotApplicable {
			line(&b, "rule", outcomeWords(o))
		}
	}
	b.WriteByte('\n')
	_, err := io.WriteString(out, b.String())
	return err
}

// printExplained tells a decision as printRecord does, but of every rule, and with what its conditions came to.
func printExplained(out io.Writer, r ledger.Record, colour bool) error {
	var b strings.Builder
	recordHead(&b, r)
	if len(r.Rules) > 0 {
		b.WriteString("  rules\n" + outline.Style{Indent: 4, Colour: colour}.Rules(decidingFirst(r)))
	}
	b.WriteByte('\n')
	_, err := io.WriteString(out, b.String())
	return err
}

// decidingFirst puts the rule that decided before the others, which stay in the order of evaluation.
func decidingFirst(r ledger.Record) []rules.Outcome {
	all := slices.Clone(r.Rules)
	slices.SortStableFunc(all, func(a, b rules.Outcome) int {
		switch r.Rule {
		case a.Name:
			return -1
		case b.Name:
			return 1
		}
		return 0
	})
	return all
}

func recordHead(b *strings.Builder, r ledger.Record) {
	fmt.Fprintf(b, "%s: %s %s\n", printable(r.Sample), r.Event.Kind, r.Event.ID)
	if r.Event.Kind == platform.StoryInsights {
		line(b, "story", r.Event.Story.Words())
	} else {
		authorAndText(b, &r.Event)
	}
	line(b, "verdict", verdictWords(r))
	for _, action := range r.Actions {
		actionLines(b, action, r.Rule)
	}
}

func authorAndText(b *strings.Builder, e *rules.Event) {
	author := e.From.Username
	if author == "" {
		author = "(unknown)"
	}
	line(b, "from", printable(author))
	line(b, "text", fmt.Sprintf("%q", e.Text))
}

// actionLines tell what is done, and how. Whose action it is stands there where that isn't the rule that decided.
func actionLines(b *strings.Builder, a rules.Action, decided string) {
	words := fmt.Sprintf("%q", a.Text)
	switch a.Action {
	case rules.ActionHide:
		words = "the comment"
	case rules.ActionNotify:
		words = printable(a.To) + ": " + words
	}
	if a.Rule != decided && a.Rule != "" {
		words += fmt.Sprintf(" (by rule %q)", a.Rule)
	}
	line(b, shortAction(a.Action), words)
	if a.Request.None() {
		return
	}
	line(b, "request", a.Request.Method+" "+a.Request.Path)
	for _, key := range slices.Sorted(maps.Keys(a.Request.Form)) {
		line(b, "", fmt.Sprintf("%s=%q", key, a.Request.Form[key]))
	}
}

// shortAction is an action's name as a label.
func shortAction(action string) string {
	if action == rules.ActionPrivateReply {
		return "private"
	}
	return action
}

func line(b *strings.Builder, label, value string) { fmt.Fprintf(b, "  %-8s %s\n", label, value) }

func verdictWords(r ledger.Record) string {
	words := string(r.Verdict)
	if r.Rule != "" {
		words += fmt.Sprintf(", by rule %q", r.Rule)
	}
	if r.Because != "" {
		words += ", because " + string(r.Because)
	}
	if r.Mode == rules.Shadow {
		words += " (shadow: never posted)"
	}
	return words
}

func outcomeWords(o rules.Outcome) string {
	words := fmt.Sprintf("%q %s", o.Name, o.Outcome)
	if o.Because != "" {
		words += " (" + string(o.Because) + ")"
	}
	if o.Detail != "" {
		words += ": " + o.Detail
	}
	return words
}

// printable keeps what strangers typed, and the names of files that came from elsewhere, from steering a terminal.
func printable(s string) string {
	quoted := fmt.Sprintf("%q", s)
	return quoted[1 : len(quoted)-1]
}
