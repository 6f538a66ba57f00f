package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
)

// Terms are what the configuration says of replies.
type Terms struct {
	// Mode shadow decides as live and posts nothing: verdict and mode become shadow.
	Mode rules.Mode
	// PerThread is the most replies in one conversation; 0: no cap.
	PerThread int
	// Aliases are other ids of the event's account.
	Aliases []string
}

// Conclude walks the candidates of a decision and says what is to be done. It is pure but for what it looks up in the
// book; a nil book knows nothing. Actions of the record are what is to be done now (verdict reply) or would have been
// (shadow). It changes neither event nor decision.
//
// What the bot itself said is skipped as own, whatever the rules say of it. Else each candidate in order is held back
// by the reason that the rules gave, by max_age, by the replies_per_thread of terms, or because an earlier live
// candidate has the event's one reply; what stands in the way of none may speak. A live candidate that doesn't
// continue ends the walk, whatever became of it; a shadow one never does, and takes nothing from those behind it.
//
// The verdict is that of the first of these that exists, and the record names its rule, reason and mode:
//
//  1. the live candidate that speaks: reply;
//  2. the first live candidate that was held back or failed: skipped with its reason, or error because failed;
//  3. the first shadow candidate that would have spoken: shadow;
//  4. the first shadow candidate that was held back or failed: as 2;
//  5. no candidate: no_match.
func Conclude(event *rules.Event, decision rules.Decision, now time.Time, terms Terms, book Book) (Record, error) {
	record := newRecord(event, decision.Revision, decision.Rules)
	own, err := isOwn(event, now, terms, book)
	if err != nil {
		return Record{}, err
	}
	if own {
		record.Verdict, record.Because = VerdictSkipped, rules.BecauseOwn
		return record, nil
	}

	w := walk{event: event, now: now, terms: terms, book: book, outcomes: record.Rules}
	for i, candidate := range decision.Candidates {
		if candidate.Index < 0 || candidate.Index >= len(record.Rules) {
			return Record{}, fmt.Errorf("rule %q: outcome %d of %d", candidate.Rule, candidate.Index, len(record.Rules))
		}
		if err := w.visit(candidate); err != nil {
			return Record{}, fmt.Errorf("rule %q: %w", candidate.Rule, err)
		}
		if candidate.Mode != rules.Shadow && !candidate.Continue {
			w.leave(decision.Candidates[i+1:])
			break
		}
	}
	w.enter(&record)
	return record, nil
}

// walk is the way along the candidates, and what of it decides: of the live and of the shadow ones the first that may
// speak, and the first that fell silent.
type walk struct {
	event    *rules.Event
	now      time.Time
	terms    Terms
	book     Book
	outcomes []rules.Outcome // the record's

	live, shadow struct{ speaks, silent *rules.Candidate }
}

// visit settles a candidate's outcome and notes it where it is the first of its sort.
func (w *walk) visit(c rules.Candidate) error {
	found := &w.live
	if c.Mode == rules.Shadow {
		found = &w.shadow
	}
	outcome := &w.outcomes[c.Index]
	if outcome.Outcome == rules.Matched {
		because, err := w.heldBack(c)
		if err != nil {
			return err
		}
		if because != "" {
			outcome.Outcome, outcome.Because = rules.HeldBack, because
		}
	}
	switch outcome.Outcome {
	case rules.Matched:
		if found.speaks == nil {
			found.speaks = &c
		}
	case rules.HeldBack, rules.Failed:
		if found.silent == nil {
			found.silent = &c
		}
	}
	return nil
}

// heldBack says why a candidate that matched must keep silent; "" if it may speak.
func (w *walk) heldBack(c rules.Candidate) (rules.Because, error) {
	if c.Mode != rules.Shadow && w.live.speaks != nil {
		return rules.BecauseAlreadyAnswered, nil
	}
	if reply := publicReply(c.Actions); reply == nil || reply.Text == "" {
		return rules.BecauseEmptyValue, nil
	}
	if c.MaxAge > 0 && age(w.event, w.now) > c.MaxAge {
		return rules.BecauseMaxAge, nil
	}
	if w.book == nil || w.terms.PerThread <= 0 {
		return "", nil
	}
	key, window := Conversation(w.event)
	var since time.Time
	if window > 0 {
		since = w.now.Add(-window)
	}
	said, err := w.book.RepliesIn(w.event.Account.ID, key, since)
	if err != nil {
		return "", fmt.Errorf("replies in conversation %q: %w", key, err)
	}
	if said >= w.terms.PerThread {
		return rules.BecauseLimit, nil
	}
	return "", nil
}

// leave marks the candidates behind the end of the walk.
func (w *walk) leave(rest []rules.Candidate) {
	for _, c := range rest {
		if c.Index >= 0 && c.Index < len(w.outcomes) {
			w.outcomes[c.Index] = rules.Outcome{Name: w.outcomes[c.Index].Name, Outcome: rules.NotReached}
		}
	}
}

// enter writes into the record what the walk came to.
func (w *walk) enter(record *Record) {
	decides := firstOf(w.live.speaks, w.live.silent, w.shadow.speaks, w.shadow.silent)
	if decides == nil {
		record.Verdict = VerdictNoMatch
		return
	}
	record.Rule, record.Mode = decides.Rule, decides.Mode
	if w.terms.Mode == rules.Shadow {
		record.Mode = rules.Shadow
	}
	switch outcome := w.outcomes[decides.Index]; {
	case outcome.Outcome == rules.Failed:
		record.Verdict, record.Because = VerdictError, rules.BecauseFailed
	case outcome.Outcome == rules.HeldBack:
		record.Verdict, record.Because = VerdictSkipped, outcome.Because
	case record.Mode == rules.Shadow:
		record.Verdict = VerdictShadow
		record.say(decides.Actions)
	default:
		record.Verdict = VerdictReply
		record.say(decides.Actions)
	}
}

func firstOf(candidates ...*rules.Candidate) *rules.Candidate {
	i := slices.IndexFunc(candidates, func(c *rules.Candidate) bool { return c != nil })
	if i < 0 {
		return nil
	}
	return candidates[i]
}

// age is how old the event is; a time in the future counts as now.
func age(event *rules.Event, now time.Time) time.Duration {
	return max(0, now.Sub(event.Time))
}

// publicReply is the first public reply among the actions, nil without one.
func publicReply(actions []rules.Action) *rules.Action {
	i := slices.IndexFunc(actions, func(a rules.Action) bool { return a.Action == rules.ActionReply })
	if i < 0 {
		return nil
	}
	return &actions[i]
}
