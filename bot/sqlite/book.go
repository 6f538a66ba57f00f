package sqlite

import (
	"fmt"
	"time"
)

const (
	sentID = `SELECT 1 FROM deliveries WHERE posted_id = ? AND account = ? LIMIT 1`

	// The indexes are named since SQLite would rather go through all that the account said since.
	saidOn = `SELECT 1 FROM deliveries INDEXED BY deliveries_said
			WHERE state IN ('posted', 'unknown') AND media = ?1 AND began >= ?2 AND account = ?3 AND text = ?4 AND id % 16 = 0
		UNION ALL SELECT 1 FROM deliveries INDEXED BY deliveries_sending
			WHERE state = 'sending' AND media = ?1 AND began >= ?2 AND account = ?3 AND text = ?4 AND id % 16 = 0 LIMIT 1`

	rankOf = `SELECT rank FROM inbox WHERE seq = ?`

	repliesIn = `SELECT count(*) FROM deliveries WHERE conversation = ? AND entered >= ? AND account = ?
		AND state NOT IN ('refused', 'cancelled', 'rejected') AND id % 16 = 0`
)

// book looks up what was said, as it stands within the transaction that enters an event.
type book struct {
	tx  *tx
	seq int64
}

// Rank implements [ledger.Book].
func (b book) Rank() (int, error) {
	row, err := b.tx.rank.first(b.seq)
	if err != nil || row == nil {
		return 0, err
	}
	return int(column[int64](row[0])), nil
}

// SentID implements [ledger.Book].
func (b book) SentID(account, id string) (bool, error) {
	if id == "" {
		return false, nil
	}
	row, err := b.tx.sentID.first(id, account)
	if err != nil {
		return false, fmt.Errorf("look up sent id: %w", err)
	}
	return row != nil, nil
}

// SaidOn implements [ledger.Book].
func (b book) SaidOn(account, media, text string, since time.Time) (bool, error) {
	row, err := b.tx.saidOn.first(media, since, account, text)
	if err != nil {
		return false, fmt.Errorf("look up what was said: %w", err)
	}
	return row != nil, nil
}

// RepliesIn implements [ledger.Book].
func (b book) RepliesIn(account, conversation string, since time.Time) (int, error) {
	row, err := b.tx.repliesIn.first(conversation, since, account)
	if err != nil {
		return 0, fmt.Errorf("count replies: %w", err)
	}
	return int(column[int64](row[0])), nil
}
