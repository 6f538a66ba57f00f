package sqlite_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/share"
)

// Looks that find nothing must not look like news, or nobody would ever rest.
func TestLooksThatFindNothingLeaveTheVersion(t *testing.T) {
	store, now := open(t, filepath.Join(t.TempDir(), "answerback.db")), time.Now()
	before, err := store.Version(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, look := range map[string]func() error{
		"Claim":          func() error { _, err := store.Claim(t.Context(), share.Of(1), now, time.Minute); return err },
		"TakeDeliveries": func() error { _, err := store.TakeDeliveries(t.Context(), share.Of(1), now); return err },
		"TakeDoubts":     func() error { _, err := store.TakeDoubts(t.Context(), share.Of(1), now, now); return err },
		"Expire":         func() error { _, err := store.Expire(t.Context(), now); return err },
		"Reopen":         func() error { _, err := store.Reopen(t.Context(), now); return err },
		"Pauses":         func() error { _, err := store.Pauses(t.Context(), now); return err },
		"NextDue":        func() error { _, err := store.NextDue(t.Context()); return err },
	} {
		if err := look(); err != nil {
			t.Fatal(err)
		}
		if after, err := store.Version(t.Context()); err != nil || after != before {
			t.Errorf("%s: %v, version %d after %d", name, err, after, before)
		}
	}
}
