package sqlite

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
)

func openStore(t *testing.T) *Store {
	t.Helper()
	store, err := Open(t.Context(), filepath.Join(t.TempDir(), "answerback.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

func arrivals(n int, text string) []inbox.Arrival {
	list := make([]inbox.Arrival, n)
	for i := range list {
		list[i] = inbox.Arrival{Key: fmt.Sprint(text, i), Thread: fmt.Sprint(text, i), Change: []byte(text), Received: time.Now()}
	}
	return list
}

// hold keeps the writer busy until release is called; then it turns to what was queued meanwhile, all at once.
func hold(t *testing.T, w *writer) (release func()) {
	t.Helper()
	began, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		if err := w.do(context.Background(), func(*tx) error { close(began); <-end; return nil }); err != nil {
			t.Error(err)
		}
	}()
	<-began
	return func() { close(end); <-ended }
}

// waitQueued returns when so many jobs are queued.
func waitQueued(w *writer, n int) {
	for {
		w.mu.Lock()
		queued := len(w.queued)
		w.mu.Unlock()
		if queued == n {
			return
		}
		runtime.Gosched()
	}
}

func TestCallersShareATransaction(t *testing.T) {
	store := openStore(t)
	release := hold(t, store.writer)
	var all sync.WaitGroup
	const n = 50
	transactions := map[int64]bool{}
	for i := range n {
		all.Go(func() {
			err := store.writer.do(t.Context(), func(tx *tx) error {
				transactions[tx.count] = true // only the writer's goroutine comes here
				_, err := tx.accept(&arrivals(n, "a")[i], hashesOf(&arrivals(n, "a")[i]))
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	waitQueued(store.writer, n)
	release()
	all.Wait()
	if len(transactions) != 1 {
		t.Errorf("%d callers took %d transactions", n, len(transactions))
	}
}

func TestAFailedCallerIsAlone(t *testing.T) {
	store := openStore(t)
	release := hold(t, store.writer)
	mine := errors.New("mine")
	fail := map[int]func() error{
		3: func() error { return mine },
		5: func() error { panic("oh") },
	}
	const n = 8
	list, errs := arrivals(n, "a"), make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			errs[i] = store.writer.do(t.Context(), func(tx *tx) error {
				if _, err := tx.accept(&list[i], hashesOf(&list[i])); err != nil {
					return err
				}
				if fail[i] != nil {
					return fail[i]() // after having written
				}
				return nil
			})
		})
	}
	waitQueued(store.writer, n)
	release()
	all.Wait()
	for i, err := range errs {
		if bad := fail[i] != nil; bad != (err != nil) {
			t.Errorf("caller %d: got error %v", i, err)
		}
	}
	if !errors.Is(errs[3], mine) || !errors.Is(errs[5], errPanic) {
		t.Errorf("got errors %v and %v", errs[3], errs[5])
	}
	items, err := store.Claim(t.Context(), share.Of(n), time.Now(), time.Minute)
	if err != nil || len(items) != n-len(fail) {
		t.Errorf("claimed %d events, %v", len(items), err)
	}
}

func TestAnEndedContextTakesBackWhatIsQueued(t *testing.T) {
	store := openStore(t)
	release := hold(t, store.writer)
	ctx, cancel := context.WithCancel(t.Context())
	ran, answer := false, make(chan error)
	go func() { answer <- store.writer.do(ctx, func(*tx) error { ran = true; return nil }) }()
	waitQueued(store.writer, 1)
	cancel()
	if err := <-answer; !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	release()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
	if ran {
		t.Error("ran although it was taken back")
	}
}

func TestAnEndedContextLeavesWhatIsRunning(t *testing.T) {
	store := openStore(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	list := arrivals(1, "a")
	err := store.writer.do(ctx, func(tx *tx) error {
		cancel()
		_, err := tx.accept(&list[0], hashesOf(&list[0]))
		return err
	})
	if err != nil {
		t.Error(err)
	}
	if items, err := store.Claim(t.Context(), share.Of(2), time.Now(), time.Minute); err != nil || len(items) != 1 {
		t.Errorf("claimed %d events, %v", len(items), err)
	}
}

func TestCloseWaitsForWhatIsQueued(t *testing.T) {
	store := openStore(t)
	release := hold(t, store.writer)
	answer, closed := make(chan error, 1), make(chan error, 1)
	go func() { answer <- store.writer.do(t.Context(), func(*tx) error { return nil }) }()
	waitQueued(store.writer, 1)
	go func() { closed <- store.Close() }()
	release()
	if err := <-answer; err != nil {
		t.Errorf("queued before Close: got error %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := store.writer.do(t.Context(), func(*tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: got error %v", err)
	}
}

// TestAFullDisk has SQLite refuse to grow the file, as it does where the disk is full.
func TestAFullDisk(t *testing.T) {
	store := openStore(t)
	setLimit := func(pages int) {
		err := store.writer.do(t.Context(), func(tx *tx) error {
			limit, err := tx.conn.prepare(fmt.Sprint("PRAGMA max_page_count = ", pages))
			if err != nil {
				return err
			}
			_, err = limit.first()
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Accept(t.Context(), arrivals(1, "before")); err != nil {
		t.Fatal(err)
	}
	setLimit(1) // SQLite takes it as: not larger than it is
	_, err := store.Accept(t.Context(), arrivals(10_000, "too much"))
	if err == nil || !strings.Contains(err.Error(), diskFull) {
		t.Errorf("got error %v", err)
	}
	setLimit(1_000_000)
	if accepted, err := store.Accept(t.Context(), arrivals(1, "too much")); err != nil || accepted.New != 1 {
		t.Errorf("when there is room again: %+v, %v", accepted, err)
	}
	items, err := store.Claim(t.Context(), share.Of(10), time.Now(), time.Minute)
	if err != nil || len(items) != 2 {
		t.Errorf("claimed %d events, %v", len(items), err)
	}
}

// TestATransactionLeftOpen is what an error between BEGIN and COMMIT could leave behind.
func TestATransactionLeftOpen(t *testing.T) {
	store := openStore(t)
	if _, err := store.writer.tx.beginStmt.exec(); err != nil { // the writer is idle: nobody else uses the connection
		t.Fatal(err)
	}
	if accepted, err := store.Accept(t.Context(), arrivals(1, "a")); err != nil || accepted.New != 1 {
		t.Errorf("%+v, %v", accepted, err)
	}
}

// TestKeysWithOneHash makes two keys collide, which SHA-256 would do in one of some million databases.
func TestKeysWithOneHash(t *testing.T) {
	store := openStore(t)
	list := arrivals(3, "a")
	accept := func(i, rank int, want bool) {
		t.Helper()
		a := list[i]
		a.Rank, a.Change = rank, fmt.Append(nil, "rank ", rank)
		h := hashesOf(&a)
		h.key = math.MaxInt64 // the number after it is the least
		err := store.writer.do(t.Context(), func(tx *tx) error {
			isNew, err := tx.accept(&a, h)
			if err == nil && isNew != want {
				t.Errorf("event %d is new: %v", i, isNew)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range list {
		accept(i, 1, true)
	}
	items, err := store.Claim(t.Context(), share.Of(1), time.Now(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.Enter(t.Context(), items[0].Seq, func(ledger.Book) (ledger.Entry, error) { return ledger.Entry{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		accept(i, i, false)
	}
	items, err = store.Claim(t.Context(), share.Of(10), time.Now(), time.Minute)
	if err != nil || len(items) != 2 {
		t.Fatalf("claimed %+v, %v", items, err)
	}
	for i, want := range []string{"rank 1", "rank 2"} {
		if got := string(items[i].Change); items[i].Key != list[i+1].Key || got != want {
			t.Errorf("event %q has change %q, want %q", items[i].Key, got, want)
		}
	}
}

// TestACrowdKeepsItsOrder is the thread's order where too many events are open to count them.
func TestACrowdKeepsItsOrder(t *testing.T) {
	store := openStore(t)
	list := arrivals(2, "a")
	list[1].Thread = list[0].Thread
	if _, err := store.Accept(t.Context(), list); err != nil {
		t.Fatal(err)
	}
	if err := store.writer.do(t.Context(), func(tx *tx) error { tx.threads.crowd(); return nil }); err != nil {
		t.Fatal(err)
	}
	for _, want := range list {
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

// TestSettings guards what no crash of a test can show: that a commit waits for the disk.
func TestSettings(t *testing.T) {
	store := openStore(t)
	for setting, want := range map[string]any{"synchronous": int64(2), "journal_mode": "wal", "busy_timeout": int64(5000), "journal_size_limit": int64(67_108_864)} {
		err := store.writer.do(t.Context(), func(tx *tx) error {
			ask, err := tx.conn.prepare(`PRAGMA ` + setting)
			if err != nil {
				return err
			}
			row, err := ask.first()
			if err == nil && row[0] != want {
				t.Errorf("%s is %v, want %v", setting, row[0], want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestALockedFile is what a desk could do that stands still in the midst of a decision: those who ask together are told
// so after one wait, not after one each, and nothing of it is left when the lock is free again.
func TestALockedFile(t *testing.T) {
	store := openStore(t)
	run := func(conn *connection, text string) {
		t.Helper()
		statement, err := conn.prepare(text)
		if err == nil {
			_, err = statement.first()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	other, err := connect(t.Context(), dataSource(store.path))
	if err != nil {
		t.Fatal(err)
	}
	defer other.close()

	const n = 20
	list := arrivals(n, "a")
	jobs := make([]*job, n)
	for i := range jobs {
		jobs[i] = &job{done: make(chan struct{}), run: func(tx *tx) error {
			_, err := tx.accept(&list[i], hashesOf(&list[i]))
			return err
		}}
	}
	run(store.writer.tx.conn, `PRAGMA busy_timeout = 0`) // the writer is idle: nobody else uses the connection
	run(other, `BEGIN IMMEDIATE`)
	before := store.writer.tx.count
	store.writer.commit(slices.Clone(jobs))
	if waits := store.writer.tx.count - before; waits != 1 {
		t.Errorf("waited for the lock %d times", waits)
	}
	for i, j := range jobs {
		if <-j.done; !errors.Is(j.err, errNotBegun) || !isBusy(j.err) {
			t.Errorf("caller %d: got error %v", i, j.err)
		}
	}
	if err := store.Probe(t.Context()); !errors.Is(err, errNotBegun) || !strings.Contains(err.Error(), "another program keeps the database locked") {
		t.Errorf("probe: got error %v", err)
	} else if !errors.Is(err, inbox.ErrUnavailable) {
		t.Errorf("the error doesn't say that the store is unavailable: %v", err)
	}
	run(other, `ROLLBACK`)
	if err := store.Probe(t.Context()); err != nil {
		t.Errorf("probe: %v", err)
	}
	if accepted, err := store.Accept(t.Context(), list); err != nil || accepted.New != n {
		t.Errorf("when it is free again: %+v, %v", accepted, err)
	}
}
