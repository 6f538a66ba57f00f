package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
)

// selectEvents gives open and decided events the same columns.
const selectEvents = `SELECT * FROM (
	SELECT seq, key, account, received, attempts, 0 AS decided, '' AS verdict, '' AS because, '' AS rule, 0 AS reopened,
		coalesce(due, 0) AS due, reason FROM inbox
	UNION ALL SELECT seq, key, account, received, attempts, decided, verdict, because, rule,
		coalesce((SELECT asked FROM reopened WHERE reopened.seq = entries.seq), 0), 0, '' FROM entries)`

// Events implements [ledger.Browser].
func (r reader) Events(ctx context.Context, filter ledger.Filter) ([]ledger.Event, error) {
	where, args := conditions(filter)
	query := selectEvents + where + ` ORDER BY seq DESC`
	if filter.Limit > 0 {
		query, args = query+` LIMIT ?`, append(args, filter.Limit)
	}
	events, err := r.events(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list events: %w", err)
	}
	return events, nil
}

// Event implements [ledger.Browser].
func (r reader) Event(ctx context.Context, seq int64) (ledger.Event, error) {
	events, err := r.events(ctx, selectEvents+` WHERE seq = ?`, seq)
	if err == nil && len(events) == 0 {
		err = ledger.ErrNoEvent
	}
	if err != nil {
		return ledger.Event{}, fmt.Errorf("event %d: %w", seq, err)
	}
	return events[0], nil
}

// conditions are a filter in SQL.
func conditions(f ledger.Filter) (where string, args []any) {
	var all []string
	add := func(wanted bool, condition string, values ...any) {
		if wanted {
			all, args = append(all, condition), append(args, values...)
		}
	}
	add(f.Open, `decided = 0`)
	add(f.Verdict != "", `verdict = ?`, string(f.Verdict))
	add(f.Delivery != "", `seq IN (SELECT id / 16 FROM deliveries WHERE state = ?)`, string(f.Delivery))
	add(f.Account != "", `account = ?`, f.Account)
	add(f.Rule != "", `rule = ?`, f.Rule)
	add(!f.Since.IsZero(), `received >= ?`, millis(f.Since))
	add(!f.Until.IsZero(), `received < ?`, millis(f.Until))
	add(f.Before != 0, `seq < ?`, f.Before)
	if len(all) == 0 {
		return "", nil
	}
	return ` WHERE ` + strings.Join(all, ` AND `), args
}

func (r reader) events(ctx context.Context, query string, args ...any) ([]ledger.Event, error) {
	events, err := r.bareEvents(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	for i := range events {
		if events[i].Deliveries, err = r.deliveries(ctx, events[i].Seq); err != nil {
			return nil, err
		}
	}
	return events, nil
}

// bareEvents are events without their deliveries.
func (r reader) bareEvents(ctx context.Context, query string, args ...any) (events []ledger.Event, err error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		event, err := scanEvent(rows)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, rows.Err()
}

func scanEvent(rows *sql.Rows) (ledger.Event, error) {
	var (
		e                                ledger.Event
		received, decided, reopened, due int64
	)
	err := rows.Scan(&e.Seq, &e.Key, &e.Account, &received, &e.Attempts, &decided, &e.Verdict, &e.Because, &e.Rule, &reopened,
		&due, &e.Reason)
	e.Received, e.Decided, e.Reopened, e.Due = moment(received), moment(decided), moment(reopened), moment(due)
	return e, err
}
