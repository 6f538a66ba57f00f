package sqlite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const (
	insertEntry = `INSERT INTO entries (seq, key, account, thread, change, notified, received, attempts,
			decided, verdict, because, rule, mode, revision, facts, rest)
		SELECT seq, key, account, thread, change, notified, received, attempts, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9
		FROM inbox WHERE seq = ?1`

	selectEntry = `SELECT 1 FROM entries WHERE seq = ?`

	takeOut = `DELETE FROM inbox WHERE seq = ? RETURNING thread_hash`

	// The oldest of those that are left in the thread comes up, at once.
	nextOfThread = `SELECT seq, account, media, coalesce(turn, 0) FROM inbox
		WHERE due IS NULL AND seq = (SELECT min(seq) FROM inbox WHERE thread_hash = ?)`

	comeUp = `UPDATE inbox SET due = max(received, 1), turn = ?2 WHERE seq = ?1`

	insertDelivery = `INSERT INTO deliveries (id, account, media, conversation, rule, text, request, received, entered,
		due, expires, state, attempts, began, variant, author, username, marks, reason, place, live)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
)

// rest is what of a record has no column of its own and isn't in the facts.
type rest struct {
	Actions []rules.Action  `json:"actions,omitempty"` // where they aren't those of the deliveries
	Rules   []rules.Outcome `json:"rules"`
}

// restOf leaves out actions that the deliveries hold already, each with its text and request.
func restOf(entry *ledger.Entry) rest {
	kept := entry.Record.Kept()
	if slices.EqualFunc(kept.Actions, entry.Plans, planned) {
		kept.Actions = nil
	}
	return rest{Actions: kept.Actions, Rules: kept.Rules}
}

// planned reports whether the action can be made of the plan again. Of one that waits for a person it can't: that may
// change the text.
func planned(action rules.Action, plan ledger.Plan) bool {
	made := actionOfPlan(plan)
	return !plan.Approve && action.Action == made.Action && action.Rule == made.Rule && action.Text == made.Text &&
		action.To == made.To && action.Delay == made.Delay &&
		action.Request.Method == made.Request.Method && action.Request.Path == made.Request.Path &&
		maps.Equal(action.Request.Form, made.Request.Form)
}

// actionOfPlan is the action that a plan was made of, if it had no delay; a delivery's due time may have moved since.
func actionOfPlan(plan ledger.Plan) rules.Action {
	return rules.Action{
		Action: plan.Action, Rule: plan.Rule, Text: plan.Text, To: plan.To, Request: plan.Request, Delay: time.Duration(0).String(),
	}
}

// Enter implements [ledger.Store].
func (s *Store) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	var (
		entered []ledger.Delivery
		cameUp  bool
		refusal error // conclude's
	)
	err := s.writer.do(ctx, func(tx *tx) error {
		refusal = nil
		entry, err := tx.conclude(seq, conclude)
		if err != nil {
			refusal = err
			return err
		}
		if err := tx.enter(seq, &entry); err != nil {
			return err
		}
		if cameUp, err = tx.end(seq); err != nil {
			return err
		}
		entered, err = tx.planAll(seq, &entry)
		return err
	})
	switch {
	case refusal != nil:
		return nil, refusal
	case err != nil:
		return nil, fmt.Errorf("enter event %d: %w", seq, err)
	}
	if cameUp {
		s.announce()
	}
	return entered, nil
}

// conclude asks for the entry; a panic there is its error.
func (t *tx) conclude(seq int64, conclude func(ledger.Book) (ledger.Entry, error)) (entry ledger.Entry, err error) {
	err = attempt(func(tx *tx) (err error) {
		entry, err = conclude(book{tx, seq})
		return err
	}, t)
	return entry, err
}

// enter writes the entry beside the event as the inbox has it.
func (t *tx) enter(seq int64, entry *ledger.Entry) error {
	rest, err := json.Marshal(restOf(entry))
	if err != nil {
		return err
	}
	record := &entry.Record
	entered, err := t.insertEntry.exec(seq, entry.Now, string(record.Verdict), string(record.Because), record.Rule,
		string(record.Mode), record.Revision, nullable(entry.Facts), rest)
	if err != nil || entered > 0 {
		return err
	}
	row, err := t.entry.first(seq)
	switch {
	case err != nil:
		return err
	case row != nil:
		return ledger.ErrDecided
	default:
		return errors.New("no such event")
	}
}

// end takes the event out of the inbox and lets the next of its thread come up.
func (t *tx) end(seq int64) (cameUp bool, err error) {
	row, err := t.takeOut.first(seq)
	if err != nil || row == nil {
		return false, err
	}
	thread := column[int64](row[0])
	if more := t.threads.end(thread); !more {
		return false, nil
	}
	row, err = t.nextOfThread.first(thread)
	if err != nil || row == nil {
		return false, err
	}
	next, account, media, turn := column[int64](row[0]), column[string](row[1]), column[string](row[2]), column[int64](row[3])
	if turn <= t.turns.of(account).reached { // others have gone by while it waited
		turn = t.turns.next(account, media)
	}
	_, err = t.comeUp.exec(next, turn)
	return err == nil, err
}

func (t *tx) planAll(seq int64, entry *ledger.Entry) ([]ledger.Delivery, error) {
	if len(entry.Plans) == 0 {
		return nil, nil
	}
	deliveries := make([]ledger.Delivery, 0, len(entry.Plans))
	var ordinals ordinals
	for _, plan := range entry.Plans {
		number, err := ordinals.of(plan.Action)
		if err != nil {
			return nil, fmt.Errorf("plan %q: %w", plan.Action, err)
		}
		delivery, err := t.plan(seq, number, plan, entry.Now)
		if err != nil {
			return nil, fmt.Errorf("plan %q: %w", plan.Action, err)
		}
		deliveries = append(deliveries, delivery)
	}
	return deliveries, nil
}

func (t *tx) plan(seq, number int64, plan ledger.Plan, now time.Time) (ledger.Delivery, error) {
	request, err := json.Marshal(plan.Request)
	if err != nil {
		return ledger.Delivery{}, err
	}
	hashes, err := hashesJSON(plan.Marks)
	if err != nil {
		return ledger.Delivery{}, err
	}
	plan.Author.Username = strings.ToLower(plan.Author.Username)
	d := ledger.Delivery{Plan: plan, ID: seq*perEvent + number, Seq: seq, State: ledger.Planned}
	var began any
	switch {
	case plan.Approve: // whatever else: a person has the last word
		d.State, d.Now = ledger.Waiting, false
	case t.copied.doubts(seq, plan.Action):
		t.copied.doubt(&d)
	case plan.Now:
		d.State, d.Attempts, began = ledger.Sending, 1, now
	}
	_, err = t.insertDelivery.exec(d.ID, d.Account, d.Media, d.Conversation, d.Rule, d.Text, request, d.Received, now,
		d.Due, d.Expires, string(d.State), int64(d.Attempts), began, d.Variant, d.Author.ID, d.Author.Username, hashes, d.PutOff, d.To, d.Live)
	if err != nil {
		return ledger.Delivery{}, err
	}
	if d.State == ledger.Unknown {
		if _, err := t.doubtEntered.exec(t.copied.at, d.ID); err != nil {
			return ledger.Delivery{}, err
		}
	}
	return d, t.mark(d.ID, plan.Marks, now)
}
