package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
)

// copiedAt is when the tests take their copies; what is in them came in a minute before.
var copiedAt = time.UnixMilli(1_700_000_000_000)

// arrives has an event come in, and claims it.
func arrives(t *testing.T, store *sqlite.Store, key string) inbox.Item {
	t.Helper()
	before := copiedAt.Add(-time.Minute)
	if _, err := store.Accept(t.Context(), []inbox.Arrival{{Key: key, Account: "1", Thread: key, Change: []byte("{}"), Received: before}}); err != nil {
		t.Fatal(err)
	}
	items, err := store.Claim(t.Context(), share.Of(1), before, time.Hour)
	if err != nil || len(items) != 1 {
		t.Fatal(len(items), err)
	}
	return items[0]
}

// plans enters a reply to the event, due then, and gives it back.
func plans(t *testing.T, store *sqlite.Store, item inbox.Item, due time.Time, change func(*ledger.Plan)) ledger.Delivery {
	t.Helper()
	plan := ledger.Plan{Account: "1", Rule: "price", Action: rules.ActionReply, Text: "See " + item.Key, Due: due, Received: copiedAt}
	if change != nil {
		change(&plan)
	}
	deliveries, err := store.Enter(t.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) {
		return ledger.Entry{Record: ledger.Record{Verdict: ledger.VerdictReply}, Now: copiedAt, Plans: []ledger.Plan{plan}}, nil
	})
	if err != nil || len(deliveries) != 1 {
		t.Fatal(len(deliveries), err)
	}
	return deliveries[0]
}

func sendNow(p *ledger.Plan) { p.Now = true }

// copyOf backs a database up and opens the copy as the daemon does.
func copyOf(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy.db")
	if err := openDesk(t, path).Backup(t.Context(), copied, copiedAt); err != nil {
		t.Fatal(err)
	}
	return open(t, copied)
}

// TestACopyDoubtsWhatItsOriginalMaySay looks at what was open and planned when a copy was taken: in the copy none of it is
// sent before it was looked for, in the original nothing changes.
func TestACopyDoubtsWhatItsOriginalMaySay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	original := open(t, path)
	soon, late := copiedAt.Add(-time.Second), copiedAt.Add(time.Hour)
	plans(t, original, arrives(t, original, "soon"), soon, nil)
	plans(t, original, arrives(t, original, "late"), late, nil)
	undecided, forPeople := arrives(t, original, "open"), arrives(t, original, "approve")
	copied := copyOf(t, path)

	if taken, err := copied.TakeDeliveries(t.Context(), share.Of(9), late); err != nil || len(taken) != 0 {
		t.Errorf("the copy sends %v, %v", taken, err)
	}
	if d := plans(t, copied, undecided, soon, sendNow); d.State != ledger.Unknown {
		t.Errorf("what was open is %s in the copy", d.State)
	}
	if d := plans(t, copied, forPeople, soon, func(p *ledger.Plan) { p.Approve = true }); d.State != ledger.Waiting {
		t.Errorf("what waits for a person is %s in the copy", d.State)
	}
	for _, by := range []struct {
		until time.Time
		texts []string
	}{{copiedAt, []string{"See soon", "See open"}}, {late, []string{"See late"}}} {
		doubts, err := copied.TakeDoubts(t.Context(), share.Of(9), by.until, late.Add(time.Hour))
		if err != nil || len(doubts) != len(by.texts) {
			t.Fatalf("by %s: %d doubts, %v", by.until, len(doubts), err)
		}
		for i, d := range doubts {
			if d.Text != by.texts[i] || !d.Began.Equal(copiedAt) {
				t.Errorf("doubt %q began at %s", d.Text, d.Began)
			}
		}
	}
	// What comes in later is only the copy's.
	if d := plans(t, copied, arrives(t, copied, "new"), soon, sendNow); d.State != ledger.Sending {
		t.Errorf("what came in later is %s in the copy", d.State)
	}

	if taken, err := original.TakeDeliveries(t.Context(), share.Of(9), late); err != nil || len(taken) != 2 {
		t.Errorf("the original sends %v, %v", taken, err)
	}
	if d := plans(t, original, undecided, soon, sendNow); d.State != ledger.Sending {
		t.Errorf("what was open is %s in the original", d.State)
	}
}

// TestACopyOfACopy doubts by its own time only.
func TestACopyOfACopy(t *testing.T) {
	folder := t.TempDir()
	path, first := filepath.Join(folder, "answerback.db"), filepath.Join(folder, "first.db")
	original := open(t, path)
	item := arrives(t, original, "open")
	if err := openDesk(t, path).Backup(t.Context(), first, copiedAt.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	open(t, first)
	second := copyOf(t, first)
	plans(t, second, item, copiedAt, sendNow)
	doubts, err := second.TakeDoubts(t.Context(), share.Of(9), copiedAt, copiedAt.Add(time.Hour))
	if err != nil || len(doubts) != 1 || !doubts[0].Began.Equal(copiedAt) {
		t.Errorf("%+v, %v", doubts, err)
	}
}
