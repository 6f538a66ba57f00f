package sqlite

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/share"
)

// sabotage puts another file in the place of one that this process has open, under each of its descriptors, as if the
// disk behind them were gone.
func sabotage(t *testing.T, path, other string) {
	t.Helper()
	with, err := os.OpenFile(other, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer with.Close()
	open, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, link := range open {
		if target, err := os.Readlink(link); err != nil || target != path {
			continue
		}
		fd, err := strconv.Atoi(filepath.Base(link))
		if err == nil {
			err = syscall.Dup3(int(with.Fd()), fd, syscall.O_CLOEXEC)
		}
		if err != nil {
			t.Fatal(err)
		}
		found++
	}
	if found == 0 {
		t.Fatalf("%q is not open", path)
	}
}

// What is written to /dev/null is taken and never synced: a store that went on with such a connection would trust what
// is on no disk.
func TestAConnectionThatFailedIsNotTrusted(t *testing.T) {
	store := openStore(t)
	if _, err := store.Accept(t.Context(), arrivals(1, "before")); err != nil {
		t.Fatal(err)
	}
	for i, key := range []string{"first", "second"} {
		sabotage(t, store.path+"-wal", "/dev/null")
		if accepted, err := store.Accept(t.Context(), arrivals(1, key)); err != nil || accepted.New != 1 {
			t.Fatalf("%+v, %v", accepted, err)
		}
		items, err := store.Claim(t.Context(), share.Of(10), time.Now(), time.Nanosecond)
		if err != nil || len(items) != i+2 {
			t.Errorf("claimed %d events, %v", len(items), err)
		}
	}
	var err error
	for range keptReaders + 1 { // each of those that were open may fail once
		if _, err = store.NextDue(t.Context()); err == nil {
			break
		}
	}
	if err != nil {
		t.Errorf("reading goes on failing: %v", err)
	}
	store.writer.checkpoints.ask()
}

// While the file is away nothing is accepted, and no other is made in its place.
func TestAFileThatIsAwayComesBack(t *testing.T) {
	store := openStore(t)
	sabotage(t, store.path+"-wal", "/dev/null")
	away := store.path + ".away"
	if err := os.Rename(store.path, away); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		_, err := store.Accept(t.Context(), arrivals(1, "a"))
		if err == nil || !strings.Contains(err.Error(), "can't be opened") {
			t.Errorf("got error %v", err)
		}
	}
	if _, err := os.Stat(store.path); err == nil {
		t.Error("another file was made")
	}
	if err := os.Rename(away, store.path); err != nil {
		t.Fatal(err)
	}
	if accepted, err := store.Accept(t.Context(), arrivals(1, "a")); err != nil || accepted.New != 1 {
		t.Errorf("when it is back: %+v, %v", accepted, err)
	}
}
