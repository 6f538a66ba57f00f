package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	"github.com/sirupsen/logrus/hooks/test"

	"github.com/answerback/answerback/rules"
)

func lines(logged *test.Hook, level logrus.Level, with string) int {
	n := 0
	for _, e := range logged.AllEntries() {
		if e.Level == level && strings.Contains(e.Message, with) {
			n++
		}
	}
	return n
}

func put(t *testing.T, file, name string) {
	t.Helper()
	if err := os.WriteFile(file, []byte("rules:\n  - name: "+name+"\n    reply: hello\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A system that has no more inotify instances to give: edits are seen by the poll alone.
func TestWithoutAWatcher(t *testing.T) {
	log, logged := test.NewNullLogger()
	file := filepath.Join(t.TempDir(), "rules.yaml")
	put(t, file, "old")
	told := make(chan Result, 10)
	opts := Options{Path: file, Log: log, Poll: 5 * time.Millisecond, OnReload: func(r Result) { told <- r }}.withDefaults()
	bell := &folder{path: file, poll: opts.Poll, log: log}
	bell.tellLost(os.ErrPermission)
	bell.tellLost(os.ErrPermission)
	s, err := start(opts, bell, rules.Read)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Stop()
	<-told
	put(t, file, "new")
	for r := range told {
		if r.Changed && r.Set.Names()[0] == "new" {
			break
		}
	}
	if n := lines(logged, logrus.WarnLevel, "can't be watched"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestWatchLostAndRegained(t *testing.T) {
	log, logged := test.NewNullLogger()
	dir := filepath.Join(t.TempDir(), "rules")
	f := newFolder(dir, time.Second, log)
	defer f.close()
	for range 3 {
		if f.renew() {
			t.Error("a folder that isn't there is watched")
		}
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if !f.renew() || f.renew() {
		t.Error("want one renewal")
	}
	lost, again := lines(logged, logrus.WarnLevel, "can't be watched"), lines(logged, logrus.InfoLevel, "watched again")
	if lost != 1 || again != 1 {
		t.Errorf("told of the loss %d times, of the end of it %d times", lost, again)
	}
}
