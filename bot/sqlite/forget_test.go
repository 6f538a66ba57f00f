package sqlite_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// secret is in all that one person wrote, and in nothing else.
const secret = "xyzzyplugh"

// wrote lets people write comments of all lengths, one in five of them ada, and answers most.
func wrote(t *testing.T, store *sqlite.Store, random *rand.Rand, from, to int) {
	t.Helper()
	now := time.UnixMilli(1_700_000_000_000)
	for i := from; i < to; i++ {
		author, word := rules.From{ID: fmt.Sprint(100 + i), Username: fmt.Sprint("user", i)}, "hello"
		if random.IntN(5) == 0 {
			author, word = rules.From{ID: "8812340917", Username: "ada"}, secret
		}
		text := strings.Repeat(word+" ", 1+random.IntN(1+random.IntN(700)))
		change, err := json.Marshal(map[string]any{"field": "comments", "value": map[string]any{"id": fmt.Sprint(i), "text": text, "from": author}})
		if err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprint("1/comment/", i)
		_, err = store.Accept(t.Context(), []inbox.Arrival{{Key: key, Account: "1", Thread: key, Change: change, Received: now}})
		if err != nil {
			t.Fatal(err)
		}
		if random.IntN(6) == 0 {
			continue // it stays open
		}
		items, err := store.Claim(t.Context(), share.Of(1), now, time.Hour)
		if err != nil || len(items) != 1 {
			t.Fatal(len(items), err)
		}
		answerComment(t, store, items[0], now)
	}
}

// answerComment says what the author wrote.
func answerComment(t *testing.T, store *sqlite.Store, item inbox.Item, now time.Time) {
	t.Helper()
	var change struct {
		Value struct {
			ID, Text string
			From     rules.From
		}
	}
	if err := json.Unmarshal(item.Change, &change); err != nil {
		t.Fatal(err)
	}
	event := rules.Event{Kind: platform.Comment, Text: change.Value.Text, From: change.Value.From}
	facts, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	text := "@" + event.From.Username + " " + strings.Fields(event.Text)[0]
	request := platform.Request{Method: "POST", Path: "/" + change.Value.ID + "/replies", Form: map[string]string{"message": text}}
	plan := ledger.Plan{
		Account: "1", Media: "2", Conversation: "thread/3", Rule: "a", Action: rules.ActionReply, Text: text, Request: request,
		Author: event.From, Now: true, Received: now, Due: now, Marks: []ledger.Mark{{Hash: item.Key}},
	}
	entered, err := store.Enter(t.Context(), item.Seq, func(ledger.Book) (ledger.Entry, error) {
		return ledger.Entry{Record: ledger.Record{Verdict: ledger.VerdictReply}, Facts: facts, Now: now, Plans: []ledger.Plan{plan}}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Finish(t.Context(), entered[0].ID, ledger.Fate{State: ledger.Posted, PostedID: "9" + change.Value.ID, At: now}); err != nil {
		t.Fatal(err)
	}
}

// TestForgottenIsGoneFromTheFiles reads the bytes of all files of the database, beside the daemon's open store: nothing of
// what the person wrote is in them.
func TestForgottenIsGoneFromTheFiles(t *testing.T) {
	for seed := range uint64(8) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, "answerback.db")
			store, desk := open(t, path), openDesk(t, path)
			random := rand.New(rand.NewPCG(seed, 0))
			now := time.UnixMilli(1_700_000_000_000).Add(time.Hour)
			wrote(t, store, random, 1, 250)
			if !holds(t, folder, secret) || !holds(t, folder, "@ada") {
				t.Fatal("the files don't hold what was written")
			}
			forgotten, err := desk.Forget(t.Context(), "@Ada", now, false)
			if err != nil || forgotten.Events < 10 || forgotten.Open == 0 || forgotten.Busy > 0 {
				t.Fatalf("forgotten %+v, %v", forgotten, err)
			}
			for _, what := range []string{secret, "@ada", `"ada"`, "8812340917"} {
				if holds(t, folder, what) {
					t.Errorf("%q is still in the files", what)
				}
			}
			if again, err := desk.Forget(t.Context(), "8812340917", now, false); err != nil || again.Any() {
				t.Errorf("again: %+v, %v", again, err)
			}
			for i := 1; i < 250; i++ {
				key := fmt.Sprint("1/comment/", i)
				accepted, err := store.Accept(t.Context(), []inbox.Arrival{{Key: key, Account: "1", Thread: key, Received: now}})
				if err != nil || accepted.New > 0 {
					t.Fatalf("event %d comes again: %+v, %v", i, accepted, err)
				}
			}
		})
	}
}

// holds reports whether any file in the folder has the text in its bytes.
func holds(t *testing.T, folder, text string) bool {
	t.Helper()
	for _, content := range files(t, folder) {
		if strings.Contains(content, text) {
			return true
		}
	}
	return false
}
