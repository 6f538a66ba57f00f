package sqlite

import (
	"errors"
	"fmt"
	"syscall"

	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/answerback/answerback/bot/inbox"
)

// fault is what an operator needs to know of an error of SQLite or the system; "" if it is none that one could mend.
func fault(err error) string {
	if errors.Is(err, syscall.ENOSPC) {
		return diskFull
	}
	if errors.Is(err, syscall.EROFS) {
		return readOnly
	}
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return ""
	}
	switch code := failure.Code(); code & 0xff {
	case sqlite3.SQLITE_FULL:
		return diskFull
	case sqlite3.SQLITE_READONLY:
		return readOnly
	case sqlite3.SQLITE_BUSY:
		return "another program keeps the database locked: end what it does there"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged
	case sqlite3.SQLITE_CANTOPEN:
		return "the file, or one that SQLite needs beside it, can't be opened: see whether the disk is full, and who may write to the folder"
	case sqlite3.SQLITE_IOERR:
		if code == sqlite3.SQLITE_IOERR_SHMSIZE {
			return diskFull // so SQLite says that there is no room for the index of its log
		}
		return "the disk can't be read or written: see the system's log, and whether the disk is full, read-only or gone"
	default:
		return ""
	}
}

const (
	damaged  = "the file is damaged, or is no database: put a backup in its place"
	diskFull = "the disk is full: make room on it"
	readOnly = "the database is read-only: see who may write to the file and its folder, and how the disk is mounted"
)

// unavailable is an error that is nobody's fault who asked the store for something.
type unavailable struct{ error }

func (u unavailable) Unwrap() error { return u.error }

// Is implements what [errors.Is] asks for.
func (u unavailable) Is(target error) bool { return target == inbox.ErrUnavailable }

// explain puts before an error what an operator needs to know of it.
func explain(err error) error {
	what := fault(err)
	switch {
	case what == "":
		return err
	case what == damaged:
		return fmt.Errorf("%s (%w)", what, err)
	default:
		return unavailable{fmt.Errorf("%s (%w)", what, err)}
	}
}

// isBroken reports whether a connection can't be trusted any more after an error. What the system kept of the file
// after it failed to write or sync it may be another thing than what is on the disk, and a file that was lost and came
// back is found only by opening it again.
func isBroken(err error) bool {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return false
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL:
		return true
	default:
		return false
	}
}
