package sqlite_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/sqlite"
)

// TestMigrate brings a database of the first version up to date, once it may.
func TestMigrate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "answerback.db")
	if err := sqlite.Migrate(t.Context(), path); err == nil || !strings.Contains(err.Error(), "there is none yet") {
		t.Errorf("no file: %v", err)
	}
	if _, err := sqlite.ReadVersions(t.Context(), path); err == nil || !strings.Contains(err.Error(), "there is none yet") {
		t.Errorf("no file: %v", err)
	}
	spine(t, path)
	for range 2 { // to look changes nothing
		v, err := sqlite.ReadVersions(t.Context(), path)
		if err != nil || v.Current != 1 || v.Known <= 1 || len(v.Pending) != int(v.Known)-1 || v.Pending[0] != "00002_people" || !slices.IsSorted(v.Pending) {
			t.Fatalf("%+v, %v", v, err)
		}
	}
	if err := sqlite.Migrate(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	v, err := sqlite.ReadVersions(t.Context(), path)
	if err != nil || v.Current != v.Known || len(v.Pending) != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	store := open(t, path)
	if deliveries, err := store.Deliveries(t.Context(), 1); err != nil || len(deliveries) != 1 {
		t.Errorf("%v, %v", deliveries, err)
	}
	if err := sqlite.Migrate(t.Context(), path); err == nil || !strings.Contains(err.Error(), "in use by process") {
		t.Errorf("in use: %v", err)
	}
	if _, err := sqlite.ReadVersions(t.Context(), path); err != nil {
		t.Errorf("in use: %v", err)
	}
}
