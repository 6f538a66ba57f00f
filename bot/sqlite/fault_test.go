package sqlite

import (
	"bytes"
	"database/sql"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
)

// setting sets something on the writer's connection, while the writer is idle and nobody else uses it.
func setting(t *testing.T, store *Store, text string) {
	t.Helper()
	set, err := store.writer.tx.conn.prepare(text)
	if err == nil {
		_, err = set.first()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A file system that turns read-only fails every write, and none after it is writable again.
func TestAReadOnlyDatabase(t *testing.T) {
	store := openStore(t)
	setting(t, store, `PRAGMA query_only = on`)
	for range 2 {
		_, err := store.Accept(t.Context(), arrivals(1, "a"))
		if err == nil || !strings.Contains(err.Error(), readOnly) {
			t.Errorf("got error %v", err)
		}
		if err := store.Probe(t.Context()); err == nil || !strings.Contains(err.Error(), readOnly) {
			t.Errorf("probe: got error %v", err)
		}
	}
	setting(t, store, `PRAGMA query_only = off`)
	if accepted, err := store.Accept(t.Context(), arrivals(1, "a")); err != nil || accepted.New != 1 {
		t.Errorf("when it is writable again: %+v, %v", accepted, err)
	}
}

// TestTheLogShrinks guards that what the log has grown to while somebody read for long is given back.
func TestTheLogShrinks(t *testing.T) {
	store := openStore(t)
	long, err := store.db.BeginTx(t.Context(), &sql.TxOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if err := long.QueryRow(`SELECT count(*) FROM inbox`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	accept := func(key string, size int) {
		t.Helper()
		a := inbox.Arrival{Key: key, Thread: key, Change: bytes.Repeat([]byte("x"), size), Received: time.Now()}
		if accepted, err := store.Accept(t.Context(), []inbox.Arrival{a}); err != nil || accepted.New != 1 {
			t.Fatal(accepted, err)
		}
	}
	log := func() int64 {
		info, err := os.Stat(store.path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	const limit = 67_108_864
	for i := range 8 {
		accept(strings.Repeat("a", i+1), 10_000_000)
	}
	if log() <= limit {
		t.Fatalf("the log has %d bytes: nothing is shown by this", log())
	}
	if err := long.Rollback(); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"b", "c"} { // the first has the log copied, the second begins it anew
		accept(key, 1)
	}
	if log() > limit {
		t.Errorf("the log has %d bytes when nobody reads any more", log())
	}
}
