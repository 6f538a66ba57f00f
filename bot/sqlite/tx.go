package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// tx is the transaction under way, with all the statements that write or that must see what is being written.
type tx struct {
	conn    *connection
	nextSeq int64
	count   int64 // of transactions begun
	threads threads
	turns   turns
	copied  copied

	// Who of the accounts comes next: with events, with deliveries, with doubts; and of the places with
	// notifications.
	waiting, planned, doubted, noticed round

	beginStmt, commitStmt, rollbackStmt *statement

	insertKey, findKey, insertEvent, replaceChange *statement
	claim, renew, retry, giveBack, endLeases       *statement
	probe                                          *statement
	dueAgain, giveTurn                             *statement
	insertEntry, entry, takeOut                    *statement
	nextOfThread, comeUp                           *statement
	insertDelivery, take, finishSent, finishUnsent *statement
	doubt, takeDoubts, finishDoubted, endLooks     *statement
	settlePosted, settleUnsaid, settleUnknown      *statement
	contested, doubtEntered                        *statement
	takeNotices, repeat                            *statement
	insertMark, giveMarksBack, expire              *statement
	hastenEvents, hastenDeliveries, hastenDoubts   *statement
	sentID, saidOn, repliesIn, rank                *statement
	nthMark, lastVariant                           *statement
	activate, keepToken                            *statement
	findPauses, sweepPauses, expirePaused          *statement
	reopen, reopenNext, forgetReopened, dropEntry  *statement
	lateMilestone, insertMilestone, dropMilestones *statement
	deleteEntry, deleteDeliveries                  *statement
	deleteMark, deleteKey, deleteSet               *statement
	setBack                                        setBack
}

func newTx(ctx context.Context, path string) (*tx, error) {
	conn, err := connect(ctx, dataSource(path, "_pragma=cache_size(-16000)",
		"_pragma=wal_autocheckpoint("+pagesOfLog+")", "_pragma=journal_size_limit("+bytesOfLog+")"))
	if err != nil {
		return nil, err
	}
	t := &tx{conn: conn, turns: newTurns()}
	if err := t.prepare(); err != nil {
		return nil, errors.Join(err, conn.close())
	}
	if err := errors.Join(t.countOn(), t.countOpen(), t.findTurns(), t.readCopied()); err != nil {
		return nil, errors.Join(err, conn.close())
	}
	return t, nil
}

// texts are the statements' SQL.
func (t *tx) texts() map[**statement]string {
	return map[**statement]string{
		&t.beginStmt:    `BEGIN IMMEDIATE`,
		&t.commitStmt:   `COMMIT`,
		&t.rollbackStmt: `ROLLBACK`,

		&t.insertKey:     insertKey,
		&t.findKey:       findKey,
		&t.insertEvent:   insertEvent,
		&t.replaceChange: replaceChange,
		&t.claim:         claimDue,
		&t.renew:         renewLease,
		&t.retry:         retryEvent,
		&t.giveBack:      giveBack,
		&t.endLeases:     endLeases,
		&t.probe:         probe,
		&t.dueAgain:      dueAgain,
		&t.giveTurn:      giveTurn,

		&t.waiting.next: nextWaiting,
		&t.planned.next: nextPlanned,
		&t.doubted.next: nextDoubted,
		&t.noticed.next: nextNoticed,

		&t.insertEntry:    insertEntry,
		&t.entry:          selectEntry,
		&t.nextOfThread:   nextOfThread,
		&t.comeUp:         comeUp,
		&t.takeOut:        takeOut,
		&t.insertDelivery: insertDelivery,

		&t.take:         takePlanned,
		&t.finishSent:   finishSent,
		&t.finishUnsent: finishUnsent,
		&t.doubt:        doubtDeliveries,
		&t.repeat:       repeatDeliveries,
		&t.takeNotices:  takeNoticed,

		&t.takeDoubts:    takeDoubts,
		&t.finishDoubted: finishDoubted,
		&t.endLooks:      endLooks,
		&t.settlePosted:  settlePosted,
		&t.settleUnsaid:  settleUnsaid,
		&t.settleUnknown: settleUnknown,
		&t.contested:     contested,
		&t.doubtEntered:  doubtEntered,

		&t.insertMark:    insertMark,
		&t.giveMarksBack: giveMarksBack,
		&t.expire:        expireWaiting,

		&t.hastenEvents:     hastenEvents,
		&t.hastenDeliveries: hastenDeliveries,
		&t.hastenDoubts:     hastenDoubts,
		&t.findPauses:       findPauses,
		&t.sweepPauses:      sweepPauses,
		&t.expirePaused:     expirePaused,

		&t.reopen:         reopenEvent,
		&t.reopenNext:     nextReopened,
		&t.forgetReopened: forgetReopened,
		&t.dropEntry:      dropEntry,

		&t.sentID:      sentID,
		&t.saidOn:      saidOn,
		&t.repliesIn:   repliesIn,
		&t.rank:        rankOf,
		&t.nthMark:     nthMark,
		&t.lastVariant: lastVariant,

		&t.activate:  activateSet,
		&t.keepToken: keepToken,

		&t.lateMilestone:      lateMilestone,
		&t.insertMilestone:    insertMilestone,
		&t.dropMilestones:     dropMilestones,
		&t.setBack.events:     setBackEvents,
		&t.setBack.planned:    setBackPlanned,
		&t.setBack.doubts:     setBackDoubts,
		&t.setBack.marks:      setBackMarks,
		&t.setBack.delivery:   setBackDelivery,
		&t.setBack.milestones: setBackMilestones,
		&t.setBack.former:     dropLateMilestones,

		&t.deleteEntry:      deleteEntry,
		&t.deleteDeliveries: deleteDeliveries,
		&t.deleteMark:       deleteMark,
		&t.deleteKey:        deleteKey,
		&t.deleteSet:        deleteSet,
	}
}

func (t *tx) prepare() error {
	for at, text := range t.texts() {
		var err error
		if *at, err = t.conn.prepare(text); err != nil {
			return err
		}
	}
	return nil
}

// countOn finds the number of the next event. Deliveries count too: their numbers are made of the events'. Of events
// that were removed a milestone tells.
func (t *tx) countOn() error {
	last, err := t.conn.prepare(`SELECT max(
		coalesce((SELECT max(seq) FROM inbox), 0),
		coalesce((SELECT max(seq) FROM entries), 0),
		coalesce((SELECT max(id) / 16 FROM deliveries), 0),
		coalesce((SELECT last FROM milestones ORDER BY at DESC LIMIT 1), 0))`)
	if err != nil {
		return err
	}
	row, err := last.first()
	if err != nil {
		return fmt.Errorf("last event: %w", err)
	}
	t.nextSeq = column[int64](row[0]) + 1
	return nil
}

// countOpen looks through what waits, but not for long: see [most].
func (t *tx) countOpen() error {
	open, err := t.conn.prepare(`SELECT thread_hash, account, media, coalesce(turn, 0) FROM inbox LIMIT ?`)
	if err != nil {
		return err
	}
	n := 0
	err = open.each(func(row []driver.Value) error {
		n++
		t.threads.begin(column[int64](row[0]))
		t.turns.found(column[string](row[1]), column[string](row[2]), column[int64](row[3]))
		return nil
	}, int64(most+1))
	if err != nil {
		return fmt.Errorf("open events: %w", err)
	}
	if n > most {
		t.threads.crowd()
	}
	return nil
}

// findTurns has each account's turns go on from the first that waits.
func (t *tx) findTurns() error {
	first, err := t.conn.prepare(`SELECT turn FROM inbox WHERE account = ? AND turn IS NOT NULL AND due IS NOT NULL ORDER BY turn LIMIT 1`)
	if err != nil {
		return err
	}
	for at := ""; ; {
		row, err := t.waiting.next.first(at)
		if err != nil || row == nil {
			return err
		}
		account := column[string](row[0])
		if row, err = first.first(account); err != nil || row == nil {
			return err
		}
		t.turns.begin(account, column[int64](row[0]))
		at = behind(account)
	}
}

// begin opens a transaction. Should a former one have been left open by an error on the way, it is ended first.
func (t *tx) begin() error {
	t.count++
	_, err := t.beginStmt.exec()
	if err != nil && !isBusy(err) {
		t.rollback()
		_, err = t.beginStmt.exec()
	}
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	return nil
}

// isBusy reports whether somebody else held the lock on the file for longer than the busy timeout.
func isBusy(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && failure.Code()&0xff == sqlite3.SQLITE_BUSY
}

func (t *tx) commit() error {
	_, err := t.commitStmt.exec()
	if err == nil {
		t.threads.commit()
	}
	return err
}

// rollback ends the transaction. That there is none is no error worth telling: SQLite ends it by itself after some.
func (t *tx) rollback() {
	_, _ = t.rollbackStmt.exec()
	t.threads.rollback()
}

func (t *tx) close() error {
	return t.conn.close()
}
