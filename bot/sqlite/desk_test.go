package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// openDesk opens a desk until the test ends.
func openDesk(t testing.TB, path string) *sqlite.Desk {
	t.Helper()
	desk, err := sqlite.OpenDesk(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := desk.Close(); err != nil {
			t.Error(err)
		}
	})
	return desk
}

// files are the names and contents of what stands in a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		content, err := os.ReadFile(filepath.Join(folder, entry.Name()))
		if err != nil && !entry.IsDir() {
			t.Fatal(err)
		}
		contents[entry.Name()] = string(content)
	}
	return contents
}

// TestOpenDeskRefuses guards that a desk makes nothing of what it can't use, and says what to do.
func TestOpenDeskRefuses(t *testing.T) {
	write := func(content string) func(t *testing.T, path string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, c := range map[string]struct {
		prepare func(t *testing.T, path string)
		want    string // in the error, beside the path
	}{
		"no file":                  {func(*testing.T, string) {}, "start the daemon once"},
		"an empty file":            {write(""), "start the daemon once"},
		"a file of something else": {write(strings.Repeat("rules: none, but many words\n", 1000)), "not a database"},
		"a folder": {func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}, "is no regular file"},
		"a database of somebody else": {func(t *testing.T, path string) {
			prepare(t, path, `CREATE TABLE recipes (name TEXT)`)
		}, "tables of another program"},
		"a database of the past": {spine, "start the daemon of this version once"},
		"a database of the future": {func(t *testing.T, path string) {
			open(t, path).Close()
			prepare(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, "written by a newer answerback: its tables are of version 999, this one knows "},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "answerback.db")
			c.prepare(t, path)
			before := files(t, filepath.Dir(path))
			desk, err := sqlite.OpenDesk(t.Context(), path)
			if err == nil {
				desk.Close()
			}
			if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want one with the path and %q", err, c.want)
			}
			after := files(t, filepath.Dir(path))
			if len(before) != len(after) {
				t.Errorf("there were %d files, now there are %d", len(before), len(after))
			}
			for name, content := range before {
				if after[name] != content {
					t.Errorf("%q was changed", name)
				}
			}
		})
	}
	if _, err := sqlite.OpenDesk(t.Context(), ""); err == nil {
		t.Error("opened no path")
	}
	if _, err := sqlite.OpenDesk(t.Context(), filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of no file: got error %v", err)
	}
}

// TestADeskBesideNoDaemon guards that what a desk leaves behind is as private as the daemon's, and the one file again.
func TestADeskBesideNoDaemon(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	store := open(t, path)
	wait(t, store, 0)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil { // as a careless copy would be
		t.Fatal(err)
	}
	desk := openDesk(t, path)
	decideAll(t, desk)
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%q has mode %v", filepath.Base(path)+suffix, info.Mode())
		}
	}
	if err := desk.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); err == nil {
		t.Error("the log outlived Close")
	}
	if got := counts(t, open(t, path)); got[ledger.Planned] != 1 {
		t.Errorf("got %v", got)
	}
}

// wait enters a delivery that waits for a person, for the event with the number.
func wait(t testing.TB, store *sqlite.Store, i int) {
	t.Helper()
	if _, err := store.Accept(t.Context(), []inbox.Arrival{arrivalNo(i)}); err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	items, err := store.Claim(t.Context(), share.Of(1), now.Add(time.Minute), time.Hour)
	if err != nil || len(items) != 1 {
		t.Fatalf("claimed %d events, %v", len(items), err)
	}
	_, err = store.Enter(t.Context(), items[0].Seq, func(ledger.Book) (ledger.Entry, error) {
		return ledger.Entry{
			Record: ledger.Record{Verdict: ledger.VerdictApprove}, Facts: fmt.Appendf(nil, `{"id": %q}`, items[0].Key), Now: now,
			Plans: []ledger.Plan{{
				Account: "1", Media: "2", Action: rules.ActionReply, Text: "hello", Approve: true, Due: now,
				Request: platform.Request{Form: map[string]string{"message": "hello"}}, Marks: []ledger.Mark{{Hash: items[0].Key}},
			}},
		}, nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// decideAll approves all that waits and says which.
func decideAll(t testing.TB, desk *sqlite.Desk) {
	t.Helper()
	waiting, err := desk.Pending(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range waiting {
		if err := desk.Approve(t.Context(), d.ID, "hello again", time.Now()); err != nil {
			t.Error(err)
		}
	}
}

func counts(t testing.TB, store *sqlite.Store) map[ledger.State]int {
	t.Helper()
	counts, err := store.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return counts.Deliveries
}

// deciderEnv makes the test binary a person at a desk, when it is set to the database: that approves the deliveries
// with the ids that come in, a line each, and prints how that ended.
const deciderEnv = "ANSWERBACK_TEST_DECIDER"

// decider is what the process does.
func decider(ctx context.Context, path string) int {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var id int64
		if _, err := fmt.Sscan(lines.Text(), &id); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		desk, err := sqlite.OpenDesk(ctx, path) // anew for each, as a command does
		if err == nil {
			err = errors.Join(desk.Approve(ctx, id, "hello again", time.Now()), desk.Close())
		}
		fmt.Println(err)
	}
	return 0
}

// TestADeskBesideADaemon has another process approve what waits, while this one takes events in and sends: neither
// disturbs the other, and what is approved is taken with the text of the person.
func TestADeskBesideADaemon(t *testing.T) {
	const n = 30
	path := filepath.Join(t.TempDir(), "answerback.db")
	store := open(t, path)
	for i := range n {
		wait(t, store, i)
	}
	waiting, err := openDesk(t, path).Pending(t.Context(), time.Now())
	if err != nil || len(waiting) != n {
		t.Fatalf("%d are waiting, %v", len(waiting), err)
	}

	ctx, stop := context.WithCancel(t.Context())
	var daemon sync.WaitGroup
	for worker := range 4 {
		daemon.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				arrival := arrivalNo(1_000_000*(worker+1) + i)
				if _, err := store.Accept(t.Context(), []inbox.Arrival{arrival}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	approveElsewhere(t, path, waiting)
	stop()
	daemon.Wait()

	taken, err := store.TakeDeliveries(t.Context(), share.Of(2*n), time.Now().Add(time.Minute))
	if err != nil || len(taken) != n {
		t.Fatalf("took %d deliveries, %v", len(taken), err)
	}
	for _, d := range taken {
		if !d.Approved || d.Text != "hello again" || d.Request.Form["message"] != "hello again" {
			t.Errorf("taken: %+v", d)
		}
		if err := store.Finish(t.Context(), d.ID, ledger.Fate{State: ledger.Posted, At: time.Now()}); err != nil {
			t.Error(err)
		}
	}
}

// approveElsewhere has another process approve the deliveries.
func approveElsewhere(t *testing.T, path string, waiting []ledger.Delivery) {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var in, out strings.Builder
	for _, d := range waiting {
		fmt.Fprintln(&in, d.ID)
	}
	cmd := exec.CommandContext(t.Context(), binary)
	cmd.Env = append(os.Environ(), deciderEnv+"="+path)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(in.String()), &out, os.Stderr
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	if want := strings.Repeat("<nil>\n", len(waiting)); out.String() != want {
		t.Errorf("approving ended with\n%s", out.String())
	}
}
