package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
)

// pairOf is two arrivals that come together, so that a copy of one moment has both or none.
func pairOf(i int) []inbox.Arrival {
	pair := make([]inbox.Arrival, 2)
	for n := range pair {
		key := fmt.Sprintf("%d/%d", i, n)
		pair[n] = inbox.Arrival{Key: key, Account: "1", Thread: key, Change: []byte("{}"), Received: time.UnixMilli(int64(i + 1))}
	}
	return pair
}

// TestBackupBesideWrites takes copies while events come in and are entered: each is whole, of one moment, has all that was
// there before it began, and is a database to go on with.
func TestBackupBesideWrites(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "answerback.db")
	store, desk := open(t, path), openDesk(t, path)

	written, stop, done := make(chan int), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- func() error {
			for i := 0; ; i++ {
				if _, err := store.Accept(t.Context(), pairOf(i)); err != nil {
					return err
				}
				items, err := store.Claim(t.Context(), share.Of(1), time.UnixMilli(1<<40), time.Minute)
				if err != nil || len(items) != 1 {
					return fmt.Errorf("claimed %d: %w", len(items), err)
				}
				_, err = store.Enter(t.Context(), items[0].Seq, func(ledger.Book) (ledger.Entry, error) {
					return ledger.Entry{Record: ledger.Record{Verdict: ledger.VerdictNoMatch}, Now: time.UnixMilli(1)}, nil
				})
				if err != nil {
					return err
				}
				select {
				case written <- i + 1:
				case <-stop:
					return nil
				default:
				}
			}
		}()
	}()
	for n := range 5 {
		before := 0
		select {
		case before = <-written:
		case err := <-done:
			t.Fatal(err)
		}
		copied := filepath.Join(folder, fmt.Sprint("copy", n))
		if err := desk.Backup(t.Context(), copied, time.UnixMilli(1)); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("copy: %v, %v", info.Mode(), err)
		}
		checkCopy(t, copied, before)
	}
	close(stop)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".copy*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// checkCopy opens a copy as the daemon does.
func checkCopy(t *testing.T, path string, before int) {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	entered := counts.Verdicts[ledger.VerdictNoMatch]
	if all := counts.Open + entered; all%2 != 0 || all < 2*before || entered < before {
		t.Errorf("the copy has %d open events and %d entries, after %d pairs", counts.Open, entered, before)
	}
	for i := range before {
		accepted, err := store.Accept(t.Context(), pairOf(i))
		if err != nil || accepted.Duplicate != 2 {
			t.Fatalf("pair %d in the copy: %+v, %v", i, accepted, err)
		}
	}
}

func TestBackupRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	open(t, path)
	desk := openDesk(t, path)
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	logged := filepath.Join(t.TempDir(), "copy.db")
	if err := os.WriteFile(logged+"-wal", []byte("another's"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{
		"a file that is there": taken, "itself": path, "a folder that isn't there": filepath.Join(taken+"s", "a"), "a log that is left": logged,
	} {
		if err := desk.Backup(t.Context(), to, time.UnixMilli(1)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if content, err := os.ReadFile(taken); err != nil || string(content) != "precious" {
		t.Errorf("%q, %v", content, err)
	}
	if _, err := os.Stat(taken + "s"); !os.IsNotExist(err) {
		t.Errorf("a folder was made: %v", err)
	}
}

// TestBackupInterrupted leaves nothing behind, wherever it is cut off: a context that ends at its nth look does that.
func TestBackupInterrupted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	store := open(t, path)
	plans(t, store, arrives(t, store, "1"), copiedAt, nil)
	desk, folder := openDesk(t, path), t.TempDir()
	for looks := 0; ; looks++ {
		ctx, cancel := context.WithCancel(t.Context())
		err := desk.Backup(&waning{Context: ctx, looks: looks, end: cancel}, filepath.Join(folder, "copy.db"), copiedAt)
		cancel()
		if err == nil && looks > 3 {
			return
		}
		if left, globErr := filepath.Glob(filepath.Join(folder, "*")); err == nil || globErr != nil || len(left) > 0 {
			t.Fatalf("after %d looks: %v, left %v", looks, err, left)
		}
		if left, globErr := filepath.Glob(filepath.Join(folder, ".*")); globErr != nil || len(left) > 0 {
			t.Fatalf("after %d looks: left %v", looks, left)
		}
	}
}

// waning ends when it is asked whether it has for the nth time.
type waning struct {
	context.Context
	looks int
	end   func()
}

func (w *waning) Err() error {
	if w.looks--; w.looks < 0 {
		w.end()
	}
	return w.Context.Err()
}
