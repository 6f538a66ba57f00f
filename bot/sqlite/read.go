package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

const (
	selectSettled = `SELECT id, account, media, conversation, rule, text, request, received, due, expires, attempts,
		variant, author, username, approved, place, live, state, ended, coalesce(posted_id, ''), reason, because FROM deliveries `

	ofEvent = `WHERE id BETWEEN ? AND ? ORDER BY id`

	pending = `WHERE state = 'waiting' AND (expires = 0 OR expires >= ?)`
)

// reader reads the ledger back, over connections of its own.
type reader struct{ db *sql.DB }

// Record implements [ledger.Reader].
func (r reader) Record(ctx context.Context, seq int64) (ledger.Record, error) {
	record, err := r.record(ctx, seq)
	if err != nil {
		return ledger.Record{}, fmt.Errorf("event %d: %w", seq, err)
	}
	return record, nil
}

func (r reader) record(ctx context.Context, seq int64) (ledger.Record, error) {
	var (
		kept        ledger.Record
		facts, more []byte
	)
	err := r.db.QueryRowContext(ctx, `SELECT verdict, because, rule, mode, revision, facts, rest
		FROM entries WHERE seq = ?`, seq).
		Scan(&kept.Verdict, &kept.Because, &kept.Rule, &kept.Mode, &kept.Revision, &facts, &more)
	if errors.Is(err, sql.ErrNoRows) {
		return kept, ledger.ErrNoEntry
	}
	if err != nil {
		return kept, err
	}
	if facts != nil {
		if err := json.Unmarshal(facts, &kept.Event); err != nil {
			return kept, fmt.Errorf("facts: %w", err)
		}
	}
	var rest rest
	if err := json.Unmarshal(more, &rest); err != nil {
		return kept, fmt.Errorf("record: %w", err)
	}
	if rest.Actions == nil {
		if rest.Actions, err = r.actions(ctx, seq); err != nil {
			return kept, err
		}
	}
	return kept.Restore(rest.Actions, rest.Rules), nil
}

// actions are those of an entry's deliveries.
func (r reader) actions(ctx context.Context, seq int64) ([]rules.Action, error) {
	deliveries, err := r.deliveries(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("deliveries: %w", err)
	}
	actions := make([]rules.Action, len(deliveries))
	for i, delivery := range deliveries {
		actions[i] = actionOfPlan(delivery.Plan)
	}
	return actions, nil
}

// Deliveries implements [ledger.Reader].
func (r reader) Deliveries(ctx context.Context, seq int64) ([]ledger.Settled, error) {
	settled, err := r.deliveries(ctx, seq)
	if err != nil {
		return nil, fmt.Errorf("deliveries of event %d: %w", seq, err)
	}
	return settled, nil
}

func (r reader) deliveries(ctx context.Context, seq int64) (settled []ledger.Settled, err error) {
	return r.settled(ctx, ofEvent, seq*perEvent, seq*perEvent+perEvent-1)
}

// settled are the deliveries that which, the end of the query, names.
func (r reader) settled(ctx context.Context, which string, args ...any) (settled []ledger.Settled, err error) {
	rows, err := r.db.QueryContext(ctx, selectSettled+which, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		d, err := scanSettled(rows)
		if err != nil {
			return nil, err
		}
		settled = append(settled, d)
	}
	return settled, rows.Err()
}

func scanSettled(rows *sql.Rows) (ledger.Settled, error) {
	var (
		d                             ledger.Settled
		request                       []byte
		received, due, expires, ended int64
	)
	err := rows.Scan(&d.ID, &d.Account, &d.Media, &d.Conversation, &d.Rule, &d.Text, &request, &received, &due, &expires,
		&d.Attempts, &d.Variant, &d.Author.ID, &d.Author.Username, &d.Approved, &d.To, &d.Live, &d.State, &ended, &d.Fate.PostedID,
		&d.Fate.Reason, &d.Fate.Because)
	if err != nil {
		return d, err
	}
	d.Seq, d.Action = d.ID/perEvent, actionOf(d.ID)
	d.Received, d.Due, d.Expires = moment(received), moment(due), moment(expires)
	if ended != 0 {
		d.Fate.State, d.Fate.At = d.State, moment(ended)
	}
	if d.Fate.State == ledger.Sending { // again: the attempt before was surely not sent
		d.Fate.State = ledger.Planned
	}
	return d, json.Unmarshal(request, &d.Request)
}

// Backlog implements [ledger.Reader].
func (r reader) Backlog(ctx context.Context) (n int, err error) {
	if err := r.db.QueryRowContext(ctx, `SELECT count(*) FROM inbox`).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the backlog: %w", err)
	}
	return n, nil
}

// Counts implements [ledger.Reader].
func (r reader) Counts(ctx context.Context) (ledger.Counts, error) {
	counts := ledger.Counts{Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}}
	rows, err := r.db.QueryContext(ctx, `SELECT 'open', '', count(*) FROM inbox
		UNION ALL SELECT 'verdict', verdict, count(*) FROM entries GROUP BY verdict
		UNION ALL SELECT 'delivery', state, count(*) FROM deliveries GROUP BY state`)
	if err != nil {
		return ledger.Counts{}, fmt.Errorf("count: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var sort, name string
		var n int
		if err := rows.Scan(&sort, &name, &n); err != nil {
			return ledger.Counts{}, fmt.Errorf("count: %w", err)
		}
		switch sort {
		case "open":
			counts.Open = n
		case "verdict":
			counts.Verdicts[ledger.Verdict(name)] = n
		case "delivery":
			counts.Deliveries[ledger.State(name)] = n
		}
	}
	if err := rows.Err(); err != nil {
		return ledger.Counts{}, fmt.Errorf("count: %w", err)
	}
	return counts, nil
}
