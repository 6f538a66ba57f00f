package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/answerback/answerback/bot/ledger"
)

// smallDiskEnv says that the test binary runs where it may mount.
const smallDiskEnv = "ANSWERBACK_TEST_SMALL_DISK"

// aloneWithMounts runs the test once more in a process with mounts of its own, which end with it. It reports whether
// this is that process.
func aloneWithMounts(t *testing.T) bool {
	t.Helper()
	if os.Getenv(smallDiskEnv) != "" {
		return true
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), smallDiskEnv+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	said, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		t.Skipf("a process may have no mounts of its own here: %v", err)
	case err != nil:
		t.Errorf("%v:\n%s", err, said)
	case bytes.Contains(said, []byte("--- SKIP")):
		t.Skipf("%s", said)
	}
	return false
}

// smallDisk is a disk of some megabytes, of which the log beside the database may take half, at a path.
type smallDisk string

func mountSmallDisk(t *testing.T, path string) smallDisk {
	t.Helper()
	if err := os.MkdirAll(path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=24m,mode=700"); err != nil {
		t.Skipf("nothing can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return smallDisk(path)
}

func (d smallDisk) ballast() string { return filepath.Join(string(d), "ballast") }

// fill leaves no room on the disk.
func (d smallDisk) fill(t *testing.T) {
	t.Helper()
	file, err := os.OpenFile(d.ballast(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for err == nil {
		_, err = file.Write(make([]byte, 4096))
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}

func (d smallDisk) free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		t.Fatal(err)
	}
}

// The disk fills up in the midst of work, three times, once over a crash: Meta is answered with 503, readiness says why,
// and when there is room again all that was acknowledged is answered, once.
func TestAFullDisk(t *testing.T) {
	t.Parallel()
	if !aloneWithMounts(t) {
		return
	}
	s := newSite(t, killRules)
	disk := mountSmallDisk(t, filepath.Join(s.dir, "disk"))
	config := filepath.Join(s.dir, "answerback.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, config, string(text)+"database: sqlite:disk/answerback.db\n")
	s.start(t)
	sender := startSender(s, 1)
	defer sender.stop()
	sender.to(s.daemon.webhook)
	next := 0
	offer := func(n int) { sender.offer(next, n); next += n }
	ready := func(want int, says string) func() bool {
		return func() bool {
			status, body, err := s.daemon.ask("GET", "/readyz", nil)
			return err == nil && status == want && strings.Contains(body, says)
		}
	}
	for round := range 3 {
		offer(20)
		disk.fill(t)
		s.until(t, "the store takes all on a full disk", func() bool {
			if len(sender.work) == 0 {
				offer(50)
			}
			return ready(503, "the disk is full")()
		})
		if round == 1 {
			if err := s.daemon.kill(); err != nil {
				t.Fatal(err)
			}
			// It may find that there is nothing to write, and start. Else it says why it doesn't.
			if err := s.tryStart(t); err != nil && !strings.Contains(err.Error(), "the disk is full") {
				t.Fatal(err)
			}
		}
		disk.free(t)
		if s.daemon.isOver() {
			s.start(t)
		}
		sender.to(s.daemon.webhook)
		s.until(t, "not ready again", ready(200, ""))
		sender.wait()
	}
	found, counts := s.atRest(t, string(disk))
	t.Logf("%d events, deliveries %v, %d notifications sent", next, counts.Deliveries, sender.tries.Load())
	for _, fault := range onceOnly(sender.acknowledged(), found, counts, s.fake.Replies()) {
		t.Error(fault)
	}
	if posted := counts.Deliveries[ledger.Posted]; posted < next*9/10 {
		t.Errorf("only %d of %d were answered", posted, next)
	}
	if log := s.daemon.said(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic") {
		t.Errorf("the log:\n%s", log)
	}
}

// tryStart starts the daemon or says why it doesn't.
func (s *site) tryStart(t *testing.T) error {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "TMPDIR=" + s.dir}
	daemon, err := startProcess(path, s.dir, "answerback.yaml", s.log(), env)
	if err == nil {
		s.daemon = daemon
	}
	return err
}

// atRest waits until nothing is left to do and reads the ledger of a stopped daemon, wherever that is.
func (s *site) atRest(t *testing.T, folder string) ([]verdict, ledger.Counts) {
	t.Helper()
	for {
		ended := func() bool { return s.metric("answerback_inbox_backlog") == "0" }
		if await(ended) != nil { // what couldn't be ended on the full disk comes back with its lease
			s.until(t, "events stay open", ended)
		}
		s.stop(t)
		within := *s
		within.dir = folder
		found, counts := within.ledger(t)
		if counts.Open+counts.Deliveries[ledger.Planned]+counts.Deliveries[ledger.Sending] == 0 && !within.doubts {
			return found, counts
		}
		s.start(t)
	}
}
