package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
)

// prepare writes a database by plain SQL, as a stranger would.
func prepare(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		want    string // in the error, beside the path
	}{
		"a file of something else": {func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("rules: none, but many words\n", 1000)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, "not a database"},
		"a damaged database": {func(t *testing.T, path string) {
			open(t, path).Close()
			damage(t, path)
		}, "malformed"},
		"a database of somebody else": {func(t *testing.T, path string) {
			prepare(t, path, `CREATE TABLE recipes (name TEXT)`)
		}, "tables of another program"},
		"a database of the future": {func(t *testing.T, path string) {
			open(t, path).Close()
			prepare(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, "newer version of the program: its tables are of version 999, this program knows "},
		"a folder": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is no regular file"},
		"a database with two names": {func(t *testing.T, path string) {
			other := filepath.Join(t.TempDir(), "other.db")
			open(t, other)
			if err := os.Link(other, path); err != nil {
				t.Fatal(err)
			}
		}, "the file has 2 names (hard links)"},
		"an open database": {func(t *testing.T, path string) { open(t, path) }, "in use by process"},
		"an open database under another name": {func(t *testing.T, path string) {
			other := filepath.Join(t.TempDir(), "other.db")
			open(t, other)
			if err := os.Symlink(other, path); err != nil {
				t.Fatal(err)
			}
		}, "in use by process"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "answerback.db")
			c.prepare(t, path)
			_, err := sqlite.Open(t.Context(), path)
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with the path and %q", err, c.want)
			}
		})
	}
}

// damage overwrites the file behind its first page's header.
func damage(t *testing.T, path string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte(strings.Repeat("\xa5", 4000)), 100); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesNoPath(t *testing.T) {
	for _, path := range []string{"", filepath.Join(t.TempDir(), "no", "such", "folder.db")} {
		if store, err := sqlite.Open(t.Context(), path); err == nil {
			store.Close()
			t.Errorf("opened %q", path)
		}
	}
}

func TestOpenAgain(t *testing.T) {
	for _, name := range []string{"answerback.db", "odd name?mode=memory&x=%41#ü.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			for i := range 3 {
				store := open(t, path)
				accepted, err := store.Accept(t.Context(), []inbox.Arrival{arrivalNo(i), arrivalNo(i), arrivalNo(i + 1)})
				want := inbox.Accepted{New: 1, Duplicate: 2}
				if i == 0 {
					want = inbox.Accepted{New: 2, Duplicate: 1}
				}
				if err != nil || accepted != want {
					t.Errorf("opened for the %dth time: %+v, %v", i+1, accepted, err)
				}
				if err := store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := os.Stat(path); err != nil {
				t.Error(err)
			}
			if _, err := os.Stat(path + "-wal"); err == nil {
				t.Error("the log outlived Close")
			}
		})
	}
}

// TestNumbersGoOn guards that no event gets the number of one that was decided in a former run.
func TestNumbersGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	for i := range 3 {
		store := open(t, path)
		if _, err := store.Accept(t.Context(), []inbox.Arrival{arrivalNo(i)}); err != nil {
			t.Fatal(err)
		}
		items, err := store.Claim(t.Context(), share.Of(10), time.Now(), time.Minute)
		if err != nil || len(items) != 1 || items[0].Seq != int64(i+1) {
			t.Fatalf("claimed %+v, %v", items, err)
		}
		_, err = store.Enter(t.Context(), items[0].Seq, func(ledger.Book) (ledger.Entry, error) { return ledger.Entry{}, nil })
		if err != nil {
			t.Fatal(err)
		}
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestThreadsGoOn guards a thread's order over runs of the program.
func TestThreadsGoOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	list := []inbox.Arrival{arrivalNo(0), arrivalNo(1), arrivalNo(2)}
	for i := range list {
		list[i].Thread = "one"
	}
	store := open(t, path)
	if _, err := store.Accept(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	for _, want := range list {
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		store = open(t, path)
		items, err := store.Claim(t.Context(), share.Of(10), time.Now(), time.Minute)
		if err != nil || len(items) != 1 || items[0].Key != want.Key {
			t.Fatalf("claimed %+v, %v", items, err)
		}
		_, err = store.Enter(t.Context(), items[0].Seq, func(ledger.Book) (ledger.Entry, error) { return ledger.Entry{}, nil })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	store := open(t, path)
	if _, err := store.Accept(t.Context(), []inbox.Arrival{arrivalNo(0)}); err != nil {
		t.Fatal(err)
	}
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%q has mode %v", filepath.Base(path)+suffix, info.Mode())
		}
	}
}
