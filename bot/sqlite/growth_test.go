package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// aDay lets events of one day come in, be answered and be finished, all at once.
func aDay(t *testing.T, store *Store, number, events int, now time.Time) {
	t.Helper()
	var arrivals []inbox.Arrival
	for i := range events {
		key := fmt.Sprintf("%d/%d", number, i)
		arrivals = append(arrivals, inbox.Arrival{
			Key: key, Account: "1", Thread: key, Change: bytes.Repeat([]byte("x"), 600), Notified: now, Received: now,
		})
	}
	if _, err := store.Accept(t.Context(), arrivals); err != nil {
		t.Fatal(err)
	}
	items, err := store.Claim(t.Context(), share.Of(events), now, time.Minute)
	if err != nil || len(items) != events {
		t.Fatalf("claimed %d, %v", len(items), err)
	}
	var all sync.WaitGroup
	for _, item := range items {
		all.Go(func() {
			plan := ledger.Plan{
				Account: "1", Media: "2", Conversation: item.Thread, Rule: "a", Action: rules.ActionReply, Text: "hello", Now: true,
				Received: now, Due: now, Marks: []ledger.Mark{{Hash: item.Key, Until: now.Add(48 * time.Hour)}},
			}
			entered, err := store.Enter(t.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) {
				return ledger.Entry{Record: ledger.Record{Verdict: ledger.VerdictReply, Revision: "r"}, Facts: item.Change, Now: now, Plans: []ledger.Plan{plan}}, nil
			})
			if err != nil {
				t.Error(err)
				return
			}
			if err := store.Finish(t.Context(), entered[0].ID, ledger.Fate{State: ledger.Posted, PostedID: item.Key, At: now}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// pages are those of the database, used and free.
func pages(t *testing.T, store *Store) (all, free int) {
	t.Helper()
	err := store.db.QueryRow(`SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count`).Scan(&all, &free)
	if err != nil {
		t.Fatal(err)
	}
	return all, free
}

// TestGrowthEnds guards that a file under a steady stream stops growing when as much goes as comes: freed pages are used
// again.
func TestGrowthEnds(t *testing.T) {
	t.Parallel()
	store := openStore(t)
	const (
		perDay    = 50
		retention = 5 * 24 * time.Hour
		keys      = 20 * 24 * time.Hour
	)
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	largest := 0
	for number := range 200 {
		aDay(t, store, number, perDay, now)
		now = now.Add(24 * time.Hour)
		old := ledger.Pruning{Now: now, Before: now.Add(-retention), KeysBefore: now.Add(-retention - keys)}
		if _, err := store.Prune(t.Context(), old, func(context.Context) error { return nil }); err != nil {
			t.Fatal(err)
		}
		all, free := pages(t, store)
		if number < 100 { // past the second time that old keys go
			largest = max(largest, all)
		} else if all > largest+largest/20 {
			t.Fatalf("day %d: %d pages (%d free) after %d", number, all, free, largest)
		}
	}
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if left := counts.Verdicts[ledger.VerdictReply]; left < 5*perDay || left > 7*perDay {
		t.Errorf("%d events are left", left)
	}
	var hashes, marks int
	if err := store.db.QueryRow(`SELECT (SELECT count(*) FROM keys), (SELECT count(*) FROM marks)`).Scan(&hashes, &marks); err != nil {
		t.Fatal(err)
	}
	if hashes < 25*perDay || hashes > 60*perDay || marks > 3*perDay {
		t.Errorf("%d keys and %d marks are left", hashes, marks)
	}
}
