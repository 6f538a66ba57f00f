package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Only one end of its own is forgiven a daemon: that it was started on a full disk, and said so.
func TestWhatAFullDiskExcuses(t *testing.T) {
	full := []string{`level=info msg="rules active"`, "answerback: take over from the former run: recover: the disk is full: make room on it (13)"}
	for name, c := range map[string]struct {
		status         int
		listened, full bool
		said           []string
		want           bool
	}{
		"started on a full disk":          {1, false, true, full, true},
		"and a second line of its end":    {1, false, true, append(full[:len(full):len(full)], "stop the store: closed"), true},
		"with room on the disk":           {1, false, false, full, false},
		"after it had listened":           {1, true, true, full, false},
		"for another reason":              {1, false, true, []string{"answerback: take over from the former run: recover: damaged"}, false},
		"only logged":                     {1, false, true, []string{`level=error msg="the disk is full"`}, false},
		"logged, then for another reason": {1, false, true, []string{`level=error msg="the disk is full"`, "answerback: port in use"}, false},
		"in silence":                      {1, false, true, nil, false},
		"by a panic":                      {2, false, true, full, false},
		"by a signal":                     {-1, false, true, full, false},
	} {
		if got := foundNoRoom(c.status, c.listened, c.full, c.said); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A daemon that never had good rules ends over bad ones, and has to: nobody breaks them before one has kept a good set.
func TestRulesAreBrokenOnlyOnceSomeAreKept(t *testing.T) {
	s := &storm{site: &site{dir: t.TempDir(), scribe: newScribe(time.Now)}}
	if err := os.Mkdir(s.path("rules"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, kept := range []bool{false, true} {
		s.rulesKept.Store(kept)
		if err := s.tryDeed(t.Context(), deed{kind: editBadly, n: 2}, nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(s.dir, "rules", "rules.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if broken := strings.Contains(string(text), "mood: approve"); broken != kept {
			t.Errorf("kept: %v, broken: %v", kept, broken)
		}
	}
}
