package sqlite_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/bot/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victimEnv); path != "" {
		os.Exit(victim(context.Background(), path, os.Getenv(victimRunEnv)))
	}
	if path := os.Getenv(deciderEnv); path != "" {
		os.Exit(decider(context.Background(), path))
	}
	if err := tryLess(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	goleak.VerifyTestMain(m)
}

// tryLess has rapid try as often as checks says, unless somebody has asked for a number of their own.
func tryLess() error {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "rapid.checks" })
	if asked {
		return nil
	}
	return flag.Set("rapid.checks", checks)
}

// Each case begins with a copy of an empty database: to make the tables takes longer than most cases do.
func TestStore(t *testing.T) {
	empty := emptyDatabase(t)
	storetest.Run(t, func(t *testing.T) storetest.Place {
		path := filepath.Join(t.TempDir(), "answerback.db")
		if err := os.WriteFile(path, empty, 0o600); err != nil {
			t.Fatal(err)
		}
		return place(path)
	})
}

// emptyDatabase is the file of a store that was opened once.
func emptyDatabase(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "empty.db")
	store, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// place is a database's path.
type place string

func (p place) Open(ctx context.Context) (storetest.Store, error) { return sqlite.Open(ctx, string(p)) }

func (p place) OpenDesk(ctx context.Context) (storetest.Desk, error) {
	return sqlite.OpenDesk(ctx, string(p))
}

// open opens a database until the test ends.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), path)
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
