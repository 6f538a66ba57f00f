package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"time"

	"github.com/answerback/answerback/bot/ledger"
)

const (
	// pruneBatch is how many events, marks or keys one transaction removes. It holds up the writer for a few
	// milliseconds.
	pruneBatch = 200

	// milestoneEvery is how exactly it is known when an event came in: so much longer than asked for may it be kept.
	milestoneEvery = time.Hour

	// keysEvery is how much has to have grown old before the keys are looked through: their order is that of hashes,
	// so that it takes a look at each, and the old ones are everywhere among them.
	keysEvery = 30 * 24 * time.Hour

	// setSlack is how long after a rule set was replaced an event may still be decided by it.
	setSlack = time.Hour
)

const (
	lateMilestone = `SELECT 1 FROM milestones WHERE at > ? LIMIT 1`

	insertMilestone = `INSERT INTO milestones (at, last) VALUES (?, ?)`

	dropMilestones = `DELETE FROM milestones WHERE at < ?`

	// over is what may go of the entries: ?1 and later numbers, nothing happened since ?2. A state that this text
	// doesn't know is none that has ended.
	over = `seq >= ?1 AND decided < ?2 AND NOT EXISTS (SELECT 1 FROM deliveries
		WHERE deliveries.id BETWEEN entries.seq * 16 AND entries.seq * 16 + 15
		AND (state NOT IN ('posted', 'refused', 'cancelled', 'rejected') OR entered >= ?2 OR ended >= ?2 OR began >= ?2))`

	oldEntries = `SELECT seq FROM entries WHERE ` + over + ` AND seq <= ?3 ORDER BY seq LIMIT ?4`

	deleteEntry      = `DELETE FROM entries WHERE ` + over + ` AND seq = ?1`
	deleteDeliveries = `DELETE FROM deliveries WHERE id BETWEEN ? AND ?`

	oldMarks = `SELECT hash, entered, delivery FROM marks WHERE (hash, entered, delivery) > (?, ?, ?)
		AND until > 0 AND until <= ? ORDER BY hash, entered, delivery LIMIT ?`
	deleteMark = `DELETE FROM marks WHERE hash = ? AND entered = ? AND delivery = ?`

	oldKeys = `SELECT hash FROM keys WHERE hash >= ? AND seq <= ? AND NOT EXISTS (SELECT 1 FROM inbox WHERE inbox.seq = keys.seq)
		AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.seq = keys.seq) ORDER BY hash LIMIT ?`
	deleteKey = `DELETE FROM keys WHERE hash = ?`

	// A set's time ends with the activation of the one after it. Of the entries that are that old only few are left,
	// those that wait for something.
	oldSets = `SELECT revision FROM rule_sets AS old WHERE
		(SELECT activated FROM rule_sets WHERE turn > old.turn ORDER BY turn LIMIT 1) < ?1
		AND NOT EXISTS (SELECT 1 FROM entries WHERE seq <= ?2 AND entries.revision = old.revision) LIMIT ?3`
	deleteSet = `DELETE FROM rule_sets WHERE revision = ? AND turn < (SELECT max(turn) FROM rule_sets)`
)

// Prune implements [ledger.Store]. What is old is looked for over the connections of readers; the writer only removes.
func (s *Store) Prune(ctx context.Context, old ledger.Pruning, pause func(context.Context) error) (ledger.Pruned, error) {
	p := pruning{Store: s, Pruning: old, pause: pause}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{{"milestones", p.milestones}, {"entries", p.entries}, {"marks", p.marks}, {"keys", p.keys}, {"rule sets", p.sets}} {
		if err := step.run(ctx); err != nil {
			return p.pruned, fmt.Errorf("prune %s: %w", step.name, err)
		}
	}
	return p.pruned, nil
}

// pruning is one round.
type pruning struct {
	*Store
	ledger.Pruning
	pause  func(context.Context) error
	pruned ledger.Pruned

	reached     int64     // up to this number all events came in before Before
	reachedAt   time.Time // when they had
	keysReached int64     // before KeysBefore; 0: the keys can wait
}

// milestones sets one if it is time, and reads how far the old events reach. A clock that was set back sets none before
// it has made up for that: what came in since would be taken to be older than it is.
func (p *pruning) milestones(ctx context.Context) error {
	err := p.writer.do(ctx, func(tx *tx) error {
		row, err := tx.lateMilestone.first(p.Now.Add(-milestoneEvery))
		if err != nil || row != nil {
			return err
		}
		_, err = tx.insertMilestone.exec(p.Now, tx.nextSeq-1)
		return err
	})
	if err != nil {
		return err
	}
	const reached = `SELECT coalesce(max(last), 0), coalesce(max(at), 0), coalesce(min(at), 0) FROM milestones WHERE at < ?`
	var first, last int64
	err = p.db.QueryRowContext(ctx, reached, millis(p.Before)).Scan(&p.reached, &last, &first)
	if err != nil {
		return err
	}
	p.reachedAt = moment(last)
	if err := p.db.QueryRowContext(ctx, reached, millis(p.KeysBefore)).Scan(&p.keysReached, &last, &first); err != nil {
		return err
	}
	if first > millis(p.KeysBefore.Add(-keysEvery)) {
		p.keysReached = 0
	}
	return nil
}

// entries removes events with their deliveries. Each is looked at again by the transaction that removes it, since a
// person may have had a delivery sent once more.
func (p *pruning) entries(ctx context.Context) error {
	for from, more := int64(0), true; more; {
		seqs, err := numbers(ctx, p.db, oldEntries, from, millis(p.Before), p.reached, pruneBatch)
		if err != nil || len(seqs) == 0 {
			return err
		}
		from, more = seqs[len(seqs)-1]+1, len(seqs) == pruneBatch
		var entries, deliveries int64
		err = p.remove(ctx, func(tx *tx) error {
			entries, deliveries = 0, 0
			for _, seq := range seqs {
				gone, err := tx.deleteEntry.exec(seq, p.Before)
				if err != nil {
					return err
				}
				if gone == 0 {
					continue
				}
				its, err := tx.deleteDeliveries.exec(seq*perEvent, seq*perEvent+perEvent-1)
				if err != nil {
					return err
				}
				entries, deliveries = entries+gone, deliveries+its
			}
			return nil
		}, func() {
			p.pruned.Entries += int(entries)
			p.pruned.Deliveries += int(deliveries)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// marks removes those that have an end, and outlived it.
func (p *pruning) marks(ctx context.Context) error {
	type mark struct {
		hash              string
		entered, delivery int64
	}
	for last, more := (mark{}), true; more; {
		var batch []mark
		err := queryEach(ctx, p.db, func(rows *sql.Rows) error {
			err := rows.Scan(&last.hash, &last.entered, &last.delivery)
			batch = append(batch, last)
			return err
		}, oldMarks, last.hash, last.entered, last.delivery, millis(p.Now), pruneBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		more = len(batch) == pruneBatch
		err = p.remove(ctx, func(tx *tx) error {
			for _, m := range batch {
				if _, err := tx.deleteMark.exec(m.hash, m.entered, m.delivery); err != nil {
					return err
				}
			}
			return nil
		}, func() { p.pruned.Marks += len(batch) })
		if err != nil {
			return err
		}
	}
	return nil
}

// keys removes those of events that are long gone. That two keys have one hash and the older one's end sets the other
// free is left to chance: it takes two of the same 64 bits.
func (p *pruning) keys(ctx context.Context) error {
	if p.keysReached == 0 {
		return nil
	}
	for from, more := int64(math.MinInt64), true; more; {
		hashes, err := numbers(ctx, p.db, oldKeys, from, p.keysReached, pruneBatch)
		if err != nil {
			return err
		}
		if len(hashes) == 0 {
			break
		}
		last := hashes[len(hashes)-1]
		more = len(hashes) == pruneBatch && last < math.MaxInt64
		from = last + 1
		err = p.remove(ctx, func(tx *tx) error {
			for _, hash := range hashes {
				if _, err := tx.deleteKey.exec(hash); err != nil {
					return err
				}
			}
			return nil
		}, func() { p.pruned.Keys += len(hashes) })
		if err != nil {
			return err
		}
	}
	return p.remove(ctx, func(tx *tx) error {
		_, err := tx.dropMilestones.exec(p.KeysBefore)
		return err
	}, func() {})
}

// sets removes rule sets by which nothing was decided that is still here.
func (p *pruning) sets(ctx context.Context) error {
	until := millis(p.reachedAt.Add(-setSlack))
	var revisions []string
	err := queryEach(ctx, p.db, func(rows *sql.Rows) error {
		var revision string
		err := rows.Scan(&revision)
		revisions = append(revisions, revision)
		return err
	}, oldSets, until, p.reached, pruneBatch)
	if err != nil || p.reached == 0 || len(revisions) == 0 {
		return err
	}
	var gone int64
	return p.remove(ctx, func(tx *tx) error {
		gone = 0
		for _, revision := range revisions {
			n, err := tx.deleteSet.exec(revision)
			if err != nil {
				return err
			}
			gone += n
		}
		return nil
	}, func() { p.pruned.Sets += int(gone) })
}

// remove runs one of the small transactions, counts what it removed, and lets others go first.
func (p *pruning) remove(ctx context.Context, run func(*tx) error, count func()) error {
	if err := p.writer.do(ctx, run); err != nil {
		return err
	}
	count()
	return p.pause(ctx)
}

// numbers are the first column of a query's rows.
func numbers(ctx context.Context, db *sql.DB, query string, args ...any) (list []int64, err error) {
	err = queryEach(ctx, db, func(rows *sql.Rows) error {
		var n int64
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	}, query, args...)
	return list, err
}

// queryEach calls use at each row of a query.
func queryEach(ctx context.Context, db *sql.DB, use func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := use(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
