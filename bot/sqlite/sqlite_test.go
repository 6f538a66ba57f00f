package sqlite_test

import (
	"context"
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
	goleak.VerifyTestMain(m)
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Place { return place(filepath.Join(t.TempDir(), "answerback.db")) })
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
