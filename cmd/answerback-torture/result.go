package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// result is what a run came to.
type result struct {
	dir           string
	seen          witness
	entries       []entry
	violations    []violation
	kills, deaths int
	tries, calls  int64
}

// judge looks at the end of a run. Nobody tells the scribe anything any more.
func (s *storm) judge(dir string, entries []entry) result {
	r := result{dir: dir, seen: s.scribe.seen, entries: entries, kills: s.kills, deaths: s.deaths, tries: s.mail.tries.Load(), calls: s.calls.Load()}
	r.violations = check(r.seen, entries, s.overtake)
	return r
}

// String is the run in figures.
func (r result) String() string {
	ends := map[string]int{}
	for _, e := range r.entries {
		end := e.Verdict
		if e.Because != "" {
			end += " (" + e.Because + ")"
		}
		for _, d := range e.Deliveries {
			end += ", " + d.State
		}
		ends[end]++
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d kills, %d deaths on a full disk; %d notifications sent, %d Graph calls, %d of them in trouble, %d replies\n",
		r.kills, r.deaths, r.tries, r.calls, r.troubles(), len(r.seen.said))
	fmt.Fprintf(&b, "%d events in the ledger:", len(r.entries))
	for _, end := range slices.Sorted(maps.Keys(ends)) {
		fmt.Fprintf(&b, "\n  %6d %s", ends[end], end)
	}
	if len(r.violations) == 0 {
		b.WriteString("\nnothing was violated")
	}
	return b.String()
}

func (r result) troubles() (n int) {
	for _, all := range r.seen.tried {
		n += len(all)
	}
	return n
}

// history is a violation with all that is known of what it is about, on both sides.
func (r result) history(v violation) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nVIOLATED: %s\n  %s\n", v.broken, v.how)
	if v.group == "" {
		return b.String()
	}
	for _, x := range sorted(r.seen.expected) {
		if x.group != v.group {
			continue
		}
		fmt.Fprintf(&b, "  first sent %s: %s (%s)\n", x.taken.Format(clock), x.key, x.subject)
		for _, e := range r.entries {
			if line, err := json.Marshal(e); err == nil && e.Event == x.key {
				fmt.Fprintf(&b, "  the ledger: %s\n", line)
			}
		}
	}
	for _, t := range r.seen.tried[v.group] {
		fmt.Fprintf(&b, "  %s %s met %s\n", t.at.Format(clock), t.what, t.name)
	}
	for _, s := range r.seen.said {
		if s.group == v.group {
			fmt.Fprintf(&b, "  %s Instagram made %s: %q\n", s.at.Format(clock), s.id, s.text)
		}
	}
	return b.String()
}

// clock is how moments are told; the daemon's log has them by the second.
const clock = time.StampMicro
