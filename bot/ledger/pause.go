package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Scope is what a pause is of.
type Scope string

// The scopes of pauses.
const (
	ScopeAll     Scope = "all"
	ScopeAccount Scope = "account"
	ScopeRule    Scope = "rule"
)

// Pause is a person's word that nothing is to be said for a while. Events are decided all the same: what would be said
// is held back, for good. Replies planned before wait until the pause ends, and expire by their age.
type Pause struct {
	Scope Scope
	// Name is the account's id or the rule's name; empty for all. The rule may be of any account.
	Name string
	// Until is when it ends by itself; zero: somebody has to end it.
	Until time.Time
	// Reason is for people, and By who they may ask; empty where unknown.
	Reason, By string
	Since      time.Time
}

// None reports whether there is no pause.
func (p Pause) None() bool { return p.Scope == "" }

// Outlasts reports whether the pause ends after the other; any outlasts none.
func (p Pause) Outlasts(other Pause) bool {
	switch {
	case p.None() || other.None():
		return other.None() && !p.None()
	case p.Until.IsZero() || other.Until.IsZero():
		return p.Until.IsZero() && !other.Until.IsZero()
	default:
		return p.Until.After(other.Until)
	}
}

// String tells the pause to a person, as in `rule "price" is paused until 2024-01-01T12:00:00Z: wrong price`.
func (p Pause) String() string {
	of, until := "everything", ""
	if p.Scope != ScopeAll {
		of = fmt.Sprintf("%s %q", p.Scope, p.Name)
	}
	if !p.Until.IsZero() {
		until = " until " + p.Until.UTC().Format(time.RFC3339)
	}
	return fmt.Sprintf("%s is paused%s: %s", of, until, p.Reason)
}

// PausedError says that something can't be said because of a pause.
type PausedError struct{ Pause Pause }

func (e *PausedError) Error() string { return e.Pause.String() }

// ErrNotPaused says that there is no pause to end.
var ErrNotPaused = errors.New("not paused")

// Holding is a pause and what it holds back.
type Holding struct {
	Pause
	// Planned is how many replies that were planned before it wait for its end.
	Planned int
}

// Switch is where a person pauses and resumes. It works beside a daemon that has the same ledger open, and without one;
// what is decided after it has returned knows of it.
type Switch interface {
	// Pause begins a pause, in the place of another of the same.
	Pause(ctx context.Context, pause Pause) error
	// Resume ends a pause. ErrNotPaused if there is none, or it has ended by itself.
	Resume(ctx context.Context, scope Scope, name string, now time.Time) error
	// Pauses are those that last: of all first, then of accounts and of rules, by name.
	Pauses(ctx context.Context, now time.Time) ([]Holding, error)
}
