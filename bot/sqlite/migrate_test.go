package sqlite_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// spine makes a database as the first version of the program left it, with a posted and a planned reply.
func spine(t *testing.T, path string) {
	t.Helper()
	migration, err := os.ReadFile(filepath.Join("migrations", "00001_spine.sql"))
	if err != nil {
		t.Fatal(err)
	}
	const delivery = `INSERT INTO deliveries VALUES (?, '1', '2', 'thread/3', 'price', 'hello', ?, 5000, 6000, 7000, 0, ?, ?, ?, ?, ?, '', '')`
	request := []byte(`{"method": "POST", "path": "/3/replies", "form": {"message": "hello"}}`)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, step := range []struct {
		text string
		args []any
	}{
		{`CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL,
			is_applied INTEGER NOT NULL, tstamp TIMESTAMP DEFAULT (datetime('now')))`, nil},
		{`INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1)`, nil},
		{strings.TrimPrefix(string(migration), "-- +goose Up"), nil},
		{delivery, []any{16, request, "posted", 1, 8000, 9000, "18001"}},
		{delivery, []any{32, request, "planned", 0, nil, 0, nil}},
	} {
		if _, err := db.ExecContext(t.Context(), step.text, step.args...); err != nil {
			t.Fatal(err)
		}
	}
}

// TestOldRowsKeepWorking opens a database of the first version.
func TestOldRowsKeepWorking(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	spine(t, path)
	store := open(t, path)
	at := func(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
	plan := ledger.Plan{
		Account: "1", Media: "2", Conversation: "thread/3", Rule: "price", Action: rules.ActionReply, Text: "hello",
		Request:  platform.Request{Method: "POST", Path: "/3/replies", Form: map[string]string{"message": "hello"}},
		Received: at(5000), Due: at(7000),
	}

	settled, err := store.Deliveries(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]ledger.Settled{{
		Delivery: ledger.Delivery{Plan: plan, ID: 16, Seq: 1, State: ledger.Posted, Attempts: 1},
		Fate:     ledger.Fate{State: ledger.Posted, PostedID: "18001", At: at(9000)},
	}}, settled); diff != "" {
		t.Errorf("settled: got + and want -:\n%s", diff)
	}
	event := &rules.Event{Kind: platform.Comment}
	event.Account.ID, event.Media.ID, event.Comment.ID, event.From.Username = "1", "2", "3", "ada"
	history, err := store.History(t.Context(), event, 0, time.Time{})
	if want := (rules.History{MediaReplies: 1, ThreadReplies: 1}); err != nil || history != want {
		t.Errorf("history %+v, %v", history, err)
	}
	taken, err := store.TakeDeliveries(t.Context(), share.Of(10), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]ledger.Delivery{{Plan: plan, ID: 32, Seq: 2, State: ledger.Sending, Attempts: 1}}, taken); diff != "" {
		t.Errorf("taken: got + and want -:\n%s", diff)
	}
	if err := store.Finish(t.Context(), 32, ledger.Fate{State: ledger.Refused, At: time.Now()}); err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	openDesk(t, path)
}
