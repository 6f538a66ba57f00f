package ledger

import (
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Terms are what the configuration says of replies.
type Terms struct {
	// Mode shadow decides as live and posts nothing: verdict and mode become shadow.
	Mode rules.Mode
	// PerThread is the most replies in one conversation; 0: no cap.
	PerThread int
	// Aliases are other ids of the event's account.
	Aliases []string
	// MessageNode is the node that private replies of the event's account go out from; empty: the account's own. See
	// [platform.Login.MessageNode].
	MessageNode string
}

// MaxNotices is the most that people are notified of one event; a store has that many places.
const MaxNotices = 12

// Conclude walks the candidates of a decision and says what is to be done. It is pure but for what it looks up in the
// book; a nil book knows nothing. Actions of the record are what is to be done now (verdict reply or acted), what
// waits for a person (approve; notifications don't), or what would have been done (shadow). It changes neither event nor
// decision.
//
// What the bot itself said is skipped as own, whatever the rules say of it. Else each candidate in order first has the
// variant drawn that it would say. It is held back, with all that it would do, by the reason that the rules gave for
// that, because an earlier live candidate has the event's one public reply, or its one private one, or hides what this
// one would answer (or the other way round), or by max_age, once_per, cooldown, limit, the replies_per_thread of terms,
// and last, unless it is a shadow one, by a pause, in this order; what stands in the way of none may act. The outcome
// tells when a bound of its own would let the rule pass again.
// A live candidate that doesn't continue ends the walk, whatever became of it; one that waits for approval is as live as
// any. A shadow one never ends it, and takes nothing from those behind it.
//
// The verdict is that of the first of these that exists, and the record names its rule, reason and mode:
//
//  1. the live candidate that replies publicly: reply, or approve;
//  2. the first live candidate that does something else: acted, or approve;
//  3. the first live candidate that was held back or failed: skipped with its reason, or error because failed;
//  4. the first shadow candidate that would have replied, or else have done something: shadow;
//  5. the first shadow candidate that was held back or failed: as 3;
//  6. no candidate: no_match.
//
// The actions are those of all live candidates that act, whichever of them the record names, or of the one shadow
// candidate that it names.
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

// walk is the way along the candidates, and what of it decides.
type walk struct {
	event    *rules.Event
	now      time.Time
	terms    Terms
	book     Book
	outcomes []rules.Outcome // the record's

	live, shadow party
}

// party are the candidates of one sort, live or shadow, as far as they decide.
type party struct {
	replies *voice // the first that replies publicly
	acts    []*voice
	silent  *voice // the first that was held back or failed
}

// first is the one that the record names of those that act, nil if none does.
func (p *party) first() *voice {
	switch {
	case p.replies != nil:
		return p.replies
	case len(p.acts) > 0:
		return p.acts[0]
	}
	return nil
}

// doing is how many of those that act do the action.
func (p *party) doing(action string) int {
	n := 0
	for _, v := range p.acts {
		if v.does(action) {
			n++
		}
	}
	return n
}

// voice is a candidate as it would speak.
type voice struct {
	rules.Candidate
	variant string // the ID of the one drawn; empty if there was nothing to draw
	pause   string // what holds it back, if it is a pause
}

// does reports whether the action is among the candidate's.
func (v *voice) does(action string) bool {
	return slices.ContainsFunc(v.Actions, func(a rules.Action) bool { return a.Action == action })
}

// visit settles a candidate's outcome and notes it where it is the first of its sort.
func (w *walk) visit(c rules.Candidate) error {
	found := &w.live
	if c.Mode == rules.Shadow {
		found = &w.shadow
	}
	outcome := &w.outcomes[c.Index]
	v, err := w.draw(c, outcome)
	if err != nil {
		return err
	}
	if outcome.Outcome == rules.Matched {
		because, until, err := w.heldBack(v)
		if err != nil {
			return err
		}
		if because != "" {
			outcome.Outcome, outcome.Because, outcome.Until = rules.HeldBack, because, until.UTC()
			outcome.Detail = v.pause
		}
	}
	switch outcome.Outcome {
	case rules.Matched:
		found.acts = append(found.acts, v)
		if found.replies == nil && v.does(rules.ActionReply) {
			found.replies = v
		}
	case rules.HeldBack, rules.Failed:
		if found.silent == nil {
			found.silent = v
		}
	}
	return nil
}

// draw has a rule that rotates its replies say another one than the last on this media. The outcome follows: one
// variant may be empty for this event where another isn't.
func (w *walk) draw(c rules.Candidate, outcome *rules.Outcome) (*voice, error) {
	c.Actions = addressed(c.Actions, w.event, w.terms.MessageNode)
	if len(c.Variants) < 2 {
		return &voice{Candidate: c}, nil
	}
	var last string
	if w.book != nil {
		var err error
		if last, err = w.book.LastVariant(w.event.Account.ID, w.event.Media.ID, c.Rule); err != nil {
			return nil, fmt.Errorf("last variant: %w", err)
		}
	}
	drawn := c.Pick(last)
	outcome.Outcome, outcome.Because, outcome.Detail = drawn.Result, drawn.Because, drawn.Detail
	c.Actions = saying(&c, drawn.Text, w.event)
	return &voice{Candidate: c, variant: drawn.ID}, nil
}

// addressed has private replies go out from the node.
func addressed(actions []rules.Action, event *rules.Event, node string) []rules.Action {
	i := slices.IndexFunc(actions, func(a rules.Action) bool { return a.Action == rules.ActionPrivateReply })
	if i < 0 || node == "" {
		return actions
	}
	changed := slices.Clone(actions)
	changed[i].Request = platform.PrivateReplyRequest(node, event.Comment.ID, changed[i].Text)
	return changed
}

// saying is the candidate's actions with the text as their public reply. There is none yet where the first draw was
// silent.
func saying(c *rules.Candidate, text string, event *rules.Event) []rules.Action {
	said := slices.Clone(c.Actions)
	if publicReply(said) == nil {
		said = slices.Insert(said, 0, rules.Action{Action: rules.ActionReply, Rule: c.Rule, Delay: c.Delay})
	}
	reply := publicReply(said)
	reply.Text, reply.Request = text, platform.ReplyRequest(event.Target(), text)
	return said
}

// heldBack says why a candidate that matched must keep silent, and until when if its own bounds say so; "" if it may
// speak.
func (w *walk) heldBack(v *voice) (because rules.Because, until time.Time, err error) {
	if because := w.inTheWay(v); because != "" {
		return because, time.Time{}, nil
	}
	if old := age(w.event, w.now); v.MaxAge > 0 && old > v.MaxAge || v.does(rules.ActionPrivateReply) && old > platform.PrivateReplyWithin {
		return rules.BecauseMaxAge, time.Time{}, nil
	}
	if w.book == nil {
		return "", time.Time{}, nil
	}
	because, until, err = boundsOf(&v.Candidate, w.event, w.now).heldBack(w.book)
	if because != "" || err != nil {
		return because, until, err
	}
	if v.does(rules.ActionReply) {
		if full, err := w.threadFull(); full || err != nil {
			return rules.BecauseLimit, time.Time{}, err
		}
	}
	return w.paused(v)
}

// inTheWay says what of the event itself, or of those before, keeps a candidate from acting; "" if nothing does.
func (w *walk) inTheWay(v *voice) rules.Because {
	live := v.Mode != rules.Shadow
	switch {
	case live && v.does(rules.ActionReply) && (w.live.replies != nil || w.live.doing(rules.ActionHide) > 0),
		live && v.does(rules.ActionHide) && w.live.replies != nil,
		live && v.does(rules.ActionPrivateReply) && w.live.doing(rules.ActionPrivateReply) > 0:
		return rules.BecauseAlreadyAnswered
	case live && v.does(rules.ActionNotify) && w.live.doing(rules.ActionNotify) >= MaxNotices:
		return rules.BecauseLimit
	case len(v.Actions) == 0 || slices.ContainsFunc(v.Actions, saysNothing):
		return rules.BecauseEmptyValue
	}
	return ""
}

// saysNothing is true of words that are none.
func saysNothing(a rules.Action) bool { return a.Text == "" && a.Action != rules.ActionHide }

// paused says whether a pause has the candidate keep silent. A shadow one does so anyway, and tells what it would say.
func (w *walk) paused(v *voice) (because rules.Because, until time.Time, err error) {
	if v.Mode == rules.Shadow {
		return "", time.Time{}, nil
	}
	pause, err := w.book.Paused(w.event.Account.ID, v.Rule, w.now)
	if err != nil || pause.None() {
		return "", time.Time{}, err
	}
	v.pause = pause.String()
	return rules.BecausePaused, pause.Until, nil
}

// threadFull reports whether the event's conversation has all the replies that the terms allow it.
func (w *walk) threadFull() (bool, error) {
	if w.terms.PerThread <= 0 {
		return false, nil
	}
	key, window := Conversation(w.event)
	var since time.Time
	if window > 0 {
		since = w.now.Add(-window)
	}
	said, err := w.book.RepliesIn(w.event.Account.ID, key, since)
	if err != nil {
		return false, fmt.Errorf("replies in conversation %q: %w", key, err)
	}
	return said >= w.terms.PerThread, nil
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
	decides := firstOf(w.live.first(), w.live.silent, w.shadow.first(), w.shadow.silent)
	if decides == nil {
		record.Verdict = VerdictNoMatch
		return
	}
	record.Rule, record.Mode, record.Variant = decides.Rule, decides.Mode, decides.variant
	if w.terms.Mode == rules.Shadow {
		record.Mode = rules.Shadow
	}
	switch outcome := w.outcomes[decides.Index]; {
	case outcome.Outcome == rules.Failed:
		record.Verdict, record.Because = VerdictError, rules.BecauseFailed
	case outcome.Outcome == rules.HeldBack:
		record.Verdict, record.Because = VerdictSkipped, outcome.Because
	default:
		record.Verdict = verdictOf(decides, record.Mode)
		if decides.Mode == rules.Shadow {
			record.act(decides.Actions)
			return
		}
		for _, v := range w.live.acts {
			record.act(v.Actions)
		}
	}
}

// verdictOf is that of an event for which the candidate acts. Notifications wait for nobody's approval.
func verdictOf(v *voice, mode rules.Mode) Verdict {
	switch {
	case mode == rules.Shadow:
		return VerdictShadow
	case mode == rules.Approve && slices.ContainsFunc(v.Actions, func(a rules.Action) bool { return a.Action != rules.ActionNotify }):
		return VerdictApprove
	case v.does(rules.ActionReply):
		return VerdictReply
	}
	return VerdictActed
}

func firstOf(voices ...*voice) *voice {
	i := slices.IndexFunc(voices, func(v *voice) bool { return v != nil })
	if i < 0 {
		return nil
	}
	return voices[i]
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
