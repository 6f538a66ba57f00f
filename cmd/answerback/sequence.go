package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// sequence is the one ledger that the samples of a dry run share, and its clock.
type sequence struct {
	memory ledger.Memory
	clock  time.Time // the time of the event before; zero before the first
}

// conclude judges an event at its own time, at which it is never too old: alone, or in a sequence after what was said
// before. An event that came before in the sequence is ledger.ErrDecided.
func (d *dryRun) conclude(name string, event *rules.Event, terms ledger.Terms) (ledger.Record, error) {
	if d.shared == nil {
		decision := d.decide(event)
		record, err := ledger.Conclude(event, decision, event.Time, terms, nil)
		d.tellUnjudged(event, decision)
		return record, err
	}
	if d.shared.memory.Decided(event.ID) {
		return ledger.Record{}, ledger.ErrDecided
	}
	if event.Time.Before(d.shared.clock) {
		fmt.Fprintf(d.stderr, "%s: %s happened at %s, before the event that it follows (%s); a daemon would have seen them the other way round\n",
			name, event.ID, event.Time.UTC().Format(time.RFC3339), d.shared.clock.UTC().Format(time.RFC3339))
	}
	d.shared.clock = event.Time
	event.History = d.shared.memory.History(event)
	return d.shared.memory.Enter(event, d.decide(event), event.Time, terms)
}

// tellUnjudged names, once each, what only a ledger could have told.
func (d *dryRun) tellUnjudged(event *rules.Event, decision rules.Decision) {
	for _, c := range decision.Candidates {
		if bounds := boundsOf(c.Bounds); len(bounds) > 0 && decision.Rules[c.Index].Outcome == rules.Matched {
			d.tellOnce(fmt.Sprintf("rule %q: %s not judged, since each event is judged alone (--sequence judges them in order)",
				c.Rule, wasOrWere(bounds)))
		}
	}
	for _, fact := range d.set.Reads(event.Kind) {
		if strings.HasPrefix(fact, "history.") {
			d.tellOnce(fmt.Sprintf("the rules read %s, which is 0 where each event is judged alone (--sequence counts)", fact))
		}
	}
}

// boundsOf are the keys by which a rule is held back because of what it said before.
func boundsOf(b rules.Bounds) []string {
	var keys []string
	for key, given := range map[string]bool{
		"once_per": len(b.OncePer) > 0,
		"cooldown": len(b.Cooldowns) > 0,
		"limit":    b.Limit.Max > 0,
	} {
		if given {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

func wasOrWere(keys []string) string {
	if len(keys) == 1 {
		return keys[0] + " was"
	}
	return strings.Join(keys[:len(keys)-1], ", ") + " and " + keys[len(keys)-1] + " were"
}
