package sqlite

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

const (
	insertMark = `INSERT INTO marks (hash, entered, delivery, until) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`

	nthMark = `SELECT entered FROM marks WHERE hash = ? ORDER BY entered DESC, delivery DESC LIMIT 1 OFFSET ?`

	// The deliveries of an event that bear the same mark share it: it stands under the first number of the event, as long
	// as one of them does.
	giveMarksBack = `DELETE FROM marks WHERE (hash, entered, delivery) IN (SELECT hashes.value, one.entered, one.id - one.id % 16
		FROM deliveries AS one, json_each(one.marks) AS hashes WHERE one.id = ? AND NOT EXISTS (
			SELECT 1 FROM deliveries AS other, json_each(other.marks) AS theirs
			WHERE other.id BETWEEN one.id - one.id % 16 AND one.id - one.id % 16 + 15 AND other.id <> one.id
				AND other.state NOT IN ('refused', 'cancelled', 'rejected') AND theirs.value = hashes.value))`

	lastVariant = `SELECT variant FROM deliveries WHERE media = ? AND rule = ? AND account = ? AND variant <> ''
		ORDER BY entered DESC, id DESC LIMIT 1`
)

// Marked implements [ledger.Book].
func (b book) Marked(mark ledger.Mark, nth int) (time.Time, error) {
	if nth < 1 {
		return time.Time{}, fmt.Errorf("look up the mark that is number %d: they count from 1", nth)
	}
	row, err := b.tx.nthMark.first(mark.Hash, int64(nth-1))
	if err != nil {
		return time.Time{}, fmt.Errorf("look up mark %q: %w", mark.Hash, err)
	}
	if row == nil {
		return time.Time{}, nil
	}
	return moment(column[int64](row[0])), nil
}

// LastVariant implements [ledger.Book].
func (b book) LastVariant(account, media, rule string) (string, error) {
	row, err := b.tx.lastVariant.first(media, rule, account)
	if err != nil {
		return "", fmt.Errorf("look up the last variant of rule %q: %w", rule, err)
	}
	if row == nil {
		return "", nil
	}
	return column[string](row[0]), nil
}

// mark enters the marks of a delivery.
func (t *tx) mark(id int64, marks []ledger.Mark, entered time.Time) error {
	for _, mark := range marks {
		if _, err := t.insertMark.exec(mark.Hash, entered, id-id%perEvent, mark.Until); err != nil {
			return fmt.Errorf("mark %q: %w", mark.Hash, err)
		}
	}
	return nil
}

// hashesJSON is what a delivery keeps of its marks, nil for none.
func hashesJSON(marks []ledger.Mark) (any, error) {
	if len(marks) == 0 {
		return nil, nil
	}
	hashes := make([]string, len(marks))
	for i, mark := range marks {
		hashes[i] = mark.Hash
	}
	text, err := json.Marshal(hashes)
	return string(text), err
}
