package ledger

import "time"

// KeysOutlive is how long the key of an event is kept beyond the event itself, at least: a notification that comes again
// after a year is still known.
const KeysOutlive = 365 * 24 * time.Hour

// Pruning says what has grown old. An event's age begins when all that happens to it has ended: its decision, and the
// last fate of its deliveries.
type Pruning struct {
	Now time.Time
	// Before is the time before which an event must have ended to be removed with its deliveries, and a rule set
	// replaced by another.
	Before time.Time
	// KeysBefore is the time before which an event must have come in for its key to be removed too. It is before
	// Before.
	KeysBefore time.Time
}

// Prune is what grows old at the time now where events are kept for retention.
func Prune(now time.Time, retention time.Duration) Pruning {
	before := now.Add(-retention)
	return Pruning{Now: now, Before: before, KeysBefore: before.Add(-KeysOutlive)}
}

// Pruned is what was removed, in number.
type Pruned struct{ Entries, Deliveries, Marks, Keys, Sets int }

// Any reports whether anything was.
func (p Pruned) Any() bool { return p != Pruned{} }
