//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// second runs another daemon on a database, by whatever name, until it has ended, and gives what it said.
func (s *site) second(t *testing.T, database string) string {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(s.dir, "answerback.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(s.dir, "second.yaml"), string(config)+fmt.Sprintf("database: %q\n", "sqlite:"+database))
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, "run", "-c", "second.yaml")
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + s.dir}, &said, &said
	if err := cmd.Run(); !errors.As(err, new(*exec.ExitError)) || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("the second daemon ended with %v; it said:\n%s", err, said.String())
	}
	return said.String()
}

// Two daemons on one file would say everything twice, by whatever name they know it; one that was killed holds nothing.
func TestASecondDaemonIsRefused(t *testing.T) {
	t.Parallel()
	s := newSite(t, killRules)
	elsewhere := t.TempDir()
	for link, target := range map[string]string{
		filepath.Join(s.dir, "link.db"):           "answerback.db",
		filepath.Join(elsewhere, "answerback.db"): filepath.Join(s.dir, "answerback.db"),
		filepath.Join(elsewhere, "folder"):        s.dir,
	} {
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
	}
	s.start(t)
	inUse := fmt.Sprintf("in use by process %d", s.daemon.cmd.Process.Pid)
	for _, name := range []string{
		"answerback.db", "./rules/../answerback.db", "../" + filepath.Base(s.dir) + "/answerback.db", filepath.Join(s.dir, "answerback.db"),
		"link.db", filepath.Join(elsewhere, "answerback.db"), filepath.Join(elsewhere, "folder", "answerback.db"),
	} {
		if said := s.second(t, name); !strings.Contains(said, inUse) {
			t.Errorf("by the name %s: it said\n%s", name, said)
		}
	}
	hard := filepath.Join(elsewhere, "hard.db")
	if err := os.Link(filepath.Join(s.dir, "answerback.db"), hard); err != nil {
		t.Fatal(err)
	}
	if said := s.second(t, hard); !strings.Contains(said, "has 2 names (hard links)") {
		t.Errorf("by a hard link it said\n%s", said)
	}
	if err := os.Remove(hard); err != nil {
		t.Fatal(err)
	}
	if s.daemon.isOver() {
		t.Errorf("the first daemon is over:\n%s", s.daemon.said())
	}

	if err := s.daemon.kill(); err != nil {
		t.Fatal(err)
	}
	s.start(t)
	if said := s.second(t, "link.db"); !strings.Contains(said, fmt.Sprintf("in use by process %d", s.daemon.cmd.Process.Pid)) {
		t.Errorf("after a crash of the first it said\n%s", said)
	}
	s.stop(t)
}
