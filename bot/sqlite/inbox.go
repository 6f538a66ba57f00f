package sqlite

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql/driver"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/share"
)

const (
	insertKey = `INSERT INTO keys (hash, seq) VALUES (?, ?) ON CONFLICT DO NOTHING`

	// Of an event whose row is gone, or whose author was forgotten, there is no key left to compare.
	findKey = `SELECT keys.seq, coalesce(inbox.key, nullif(entries.key, ''), ?2) = ?2 FROM keys
		LEFT JOIN inbox ON inbox.seq = keys.seq LEFT JOIN entries ON entries.seq = keys.seq WHERE keys.hash = ?1`

	insertEvent = `INSERT INTO inbox (seq, key, rank, account, thread, change, notified, received, thread_hash, due, media, turn)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?9, CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE thread_hash = ?9) THEN NULL ELSE ?10 END, ?11, ?12)`

	replaceChange = `UPDATE inbox SET rank = ?1, change = ?2, facts = NULL WHERE seq = ?3 AND rank < ?1`

	// What is leased stays where it is in the index of turns. It is passed over, which takes the longer the more is in
	// work, never the more is waiting. The limit is a sum since SQLite prepares a statement anew for each new value of a
	// bare one, which takes longer than the claim.
	claimDue = `UPDATE inbox SET leased = ?1, attempts = attempts + 1
		WHERE seq IN (SELECT seq FROM inbox WHERE account = ?4 AND turn IS NOT NULL AND due IS NOT NULL AND due <= ?2 AND leased <= ?2
			ORDER BY turn, seq LIMIT ?3 + 0)
		RETURNING seq, turn, attempts, facts, key, rank, account, thread, change, notified, received, media`

	nextWaiting = `SELECT account FROM inbox WHERE account >= ? AND turn IS NOT NULL AND due IS NOT NULL ORDER BY account LIMIT 1`

	// What was put off and is due again.
	dueAgain = `SELECT seq, account, media FROM inbox WHERE turn IS NULL AND due IS NOT NULL AND due <= ? ORDER BY due, seq LIMIT ?`

	giveTurn = `UPDATE inbox SET turn = ? WHERE seq = ?`

	// mostDueAgain bounds a claim's work, unless it asks for more.
	mostDueAgain = 500

	renewLease = `UPDATE inbox SET leased = ? WHERE seq = ? AND leased > 0`

	retryEvent = `UPDATE inbox SET due = ?, turn = NULL, leased = 0, facts = coalesce(?, facts), reason = ? WHERE seq = ? AND leased > 0`

	giveBack = `UPDATE inbox SET leased = 0, attempts = attempts - 1 WHERE seq = ? AND leased > 0`

	endLeases = `UPDATE inbox SET leased = 0 WHERE leased > 0`

	// It is written to the file even where it is the same, and nothing else makes use of it.
	probe = `PRAGMA user_version = 1`

	// Of what has its turn most is due, and a few of those tell; what is leased, which may be more due, is as few as the
	// workers, and stands before it.
	nextDue = `SELECT coalesce(min(at), 0) FROM (
		SELECT max(due, leased) AS at FROM (SELECT due, leased FROM inbox INDEXED BY inbox_turn
			WHERE turn IS NOT NULL AND due IS NOT NULL LIMIT 256)
		UNION ALL SELECT due FROM (SELECT due FROM inbox WHERE turn IS NULL AND due IS NOT NULL ORDER BY due LIMIT 1))`
)

// Accept implements [inbox.Store].
func (s *Store) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	if len(arrivals) == 0 {
		return inbox.Accepted{}, nil
	}
	hashed := make([]hashes, len(arrivals))
	for i := range arrivals {
		hashed[i] = hashesOf(&arrivals[i])
	}
	var accepted inbox.Accepted
	err := s.writer.do(ctx, func(tx *tx) error {
		accepted = inbox.Accepted{}
		for i := range arrivals {
			isNew, err := tx.accept(&arrivals[i], hashed[i])
			if err != nil {
				return fmt.Errorf("event %q: %w", arrivals[i].Key, err)
			}
			if isNew {
				accepted.New++
			} else {
				accepted.Duplicate++
			}
		}
		return nil
	})
	if err != nil {
		return inbox.Accepted{}, fmt.Errorf("accept: %w", err)
	}
	if accepted.New > 0 {
		s.announce()
	}
	return accepted, nil
}

// hashes are those of an arrival's key and thread, made before the writer is asked.
type hashes struct {
	key, thread int64
}

func hashesOf(a *inbox.Arrival) hashes {
	return hashes{key: hashOf(a.Key), thread: hashOf(a.Thread)}
}

func hashOf(s string) int64 {
	sum := sha256.Sum256([]byte(s))
	return int64(binary.LittleEndian.Uint64(sum[:]))
}

func (t *tx) accept(a *inbox.Arrival, h hashes) (isNew bool, err error) {
	seq := t.nextSeq
	for ; ; h.key++ { // past keys of other events that have the same hash
		changed, err := t.insertKey.exec(h.key, seq)
		if err != nil {
			return false, err
		}
		if changed > 0 {
			break
		}
		if known, err := t.acceptAgain(a, h.key); known || err != nil {
			return false, err
		}
	}
	t.nextSeq++
	t.threads.begin(h.thread)
	_, err = t.insertEvent.exec(seq, a.Key, int64(a.Rank), a.Account, a.Thread, blob(a.Change), a.Notified, a.Received,
		h.thread, dueAt(a.Received), a.Media, t.turns.next(a.Account, a.Media))
	return err == nil, err
}

// acceptAgain takes from a duplicate what it knows more. It is none if the hash is that of another key.
func (t *tx) acceptAgain(a *inbox.Arrival, hash int64) (known bool, err error) {
	row, err := t.findKey.first(hash, a.Key)
	if err != nil || row == nil {
		return false, err
	}
	if same := column[int64](row[1]) == 1; !same {
		return false, nil
	}
	_, err = t.replaceChange.exec(int64(a.Rank), blob(a.Change), column[int64](row[0]))
	return true, err
}

// Claim implements [inbox.Store].
func (s *Store) Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	if room.Most <= 0 {
		return nil, nil
	}
	var claimed []claim
	err := s.writer.do(ctx, func(tx *tx) error {
		claimed = claimed[:0]
		if err := tx.takeUpAgain(now, max(mostDueAgain, room.Most)); err != nil {
			return err
		}
		return tx.waiting.share(room, func(account string, most int) (int, error) {
			before := len(claimed)
			err := tx.claim.each(func(row []driver.Value) error {
				claimed = append(claimed, claimOf(row))
				tx.turns.claimed(account, claimed[len(claimed)-1].turn)
				return nil
			}, dueAt(now.Add(lease)), now, int64(most), account)
			return len(claimed) - before, err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	slices.SortFunc(claimed, func(a, b claim) int { return cmp.Or(cmp.Compare(a.turn, b.turn), cmp.Compare(a.Seq, b.Seq)) })
	items := make([]inbox.Item, len(claimed))
	for i, c := range claimed {
		items[i] = c.Item
	}
	return items, nil
}

// takeUpAgain gives what was put off and is due its turn, longest due first.
func (t *tx) takeUpAgain(now time.Time, most int) error {
	type event struct {
		seq            int64
		account, media string
	}
	var due []event
	err := t.dueAgain.each(func(row []driver.Value) error {
		due = append(due, event{column[int64](row[0]), column[string](row[1]), column[string](row[2])})
		return nil
	}, now, int64(most))
	if err != nil {
		return err
	}
	for _, e := range due {
		if _, err := t.giveTurn.exec(t.turns.next(e.account, e.media), e.seq); err != nil {
			return err
		}
	}
	return nil
}

// claim is a claimed event with the turn that puts it in order, which SQLite doesn't see to.
type claim struct {
	inbox.Item
	turn int64
}

func claimOf(row []driver.Value) claim {
	return claim{turn: column[int64](row[1]), Item: inbox.Item{
		Seq:      column[int64](row[0]),
		Attempts: int(column[int64](row[2])),
		Facts:    column[[]byte](row[3]),
		Arrival: inbox.Arrival{
			Key:      column[string](row[4]),
			Rank:     int(column[int64](row[5])),
			Account:  column[string](row[6]),
			Thread:   column[string](row[7]),
			Change:   column[[]byte](row[8]),
			Notified: moment(column[int64](row[9])),
			Received: moment(column[int64](row[10])),
			Media:    column[string](row[11]),
		},
	}}
}

// Renew implements [inbox.Store].
func (s *Store) Renew(ctx context.Context, seqs []int64, until time.Time) error {
	return s.each(ctx, "renew", seqs, func(tx *tx, seq int64) error {
		_, err := tx.renew.exec(dueAt(until), seq)
		return err
	})
}

// Retry implements [inbox.Store].
func (s *Store) Retry(ctx context.Context, seq int64, due time.Time, facts []byte, reason string) error {
	return s.each(ctx, "retry", []int64{seq}, func(tx *tx, seq int64) error {
		changed, err := tx.retry.exec(dueAt(due), nullable(facts), reason, seq)
		if err == nil && changed == 0 {
			err = fmt.Errorf("event %d is not in work", seq)
		}
		return err
	})
}

// Release implements [inbox.Store].
func (s *Store) Release(ctx context.Context, seqs []int64) error {
	return s.each(ctx, "release", seqs, func(tx *tx, seq int64) error {
		_, err := tx.giveBack.exec(seq)
		return err
	})
}

// each runs one statement for each of the events, all in one transaction.
func (s *Store) each(ctx context.Context, verb string, seqs []int64, run func(tx *tx, seq int64) error) error {
	if len(seqs) == 0 {
		return nil
	}
	err := s.writer.do(ctx, func(tx *tx) error {
		for _, seq := range seqs {
			if err := run(tx, seq); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	return nil
}

// Probe implements [inbox.Store].
func (s *Store) Probe(ctx context.Context) error {
	err := s.writer.do(ctx, func(tx *tx) error {
		_, err := tx.probe.exec()
		return err
	})
	if err != nil {
		return fmt.Errorf("probe: %w", err)
	}
	return nil
}

// NextDue implements [inbox.Store].
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	return s.earliest(ctx, "next due event", nextDue)
}

// dueAt is when something is due or ends, as it is stored: 0 would be none, and long ago is long enough.
func dueAt(t time.Time) int64 { return max(millis(t), 1) }

// blob is b as SQLite keeps what may not be NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// nullable is b, or NULL for nil.
func nullable(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
