package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// Judged implements [ledger.Store].
func (s *Store) Judged(ctx context.Context, seq int64) (event rules.Event, at time.Time, err error) {
	var facts []byte
	var decided int64
	err = s.db.QueryRowContext(ctx, `SELECT facts, decided FROM entries WHERE seq = ?`, seq).Scan(&facts, &decided)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		err = ledger.ErrNoEntry
	case err == nil && facts != nil:
		err = json.Unmarshal(facts, &event)
	}
	if err != nil {
		return rules.Event{}, time.Time{}, fmt.Errorf("event %d as it was judged: %w", seq, err)
	}
	return event, moment(decided), nil
}
