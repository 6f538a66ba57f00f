package main

import (
	"bufio"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// life is a daemon from its start to its end.
type life struct {
	cmd       *exec.Cmd
	listening chan struct{} // closed when it listens
	webhook   string        // then
	ended     chan struct{} // closed when it has ended
	killed    atomic.Bool   // somebody told it to end
	last      []string      // what it said at last
}

var listens = regexp.MustCompile(`listening.*\bwebhooks="?([0-9.:]+)`)

// live starts the daemon.
func (s *site) live() (*life, error) {
	l := &life{listening: make(chan struct{}), ended: make(chan struct{})}
	l.cmd = exec.Command(s.binary, "run", "-c", s.path("answerback.yaml"))
	out, err := l.cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	l.cmd.Stdout = s.log
	if err := l.cmd.Start(); err != nil {
		return nil, err
	}
	go l.follow(s, out)
	return l, nil
}

// follow reads what the daemon says until it has ended.
func (l *life) follow(s *site, out io.Reader) {
	defer close(l.ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		line := lines.Text()
		fmt.Fprintln(s.log, line)
		if l.last = append(l.last, line); len(l.last) > 30 {
			l.last = l.last[1:]
		}
		if m := listens.FindStringSubmatch(line); m != nil && l.webhook == "" {
			l.webhook = "http://" + m[1] + "/webhooks/instagram"
			s.mail.webhook.Store(&l.webhook)
			if !s.disk.wasFull() {
				s.rulesKept.Store(true)
			}
			close(l.listening)
		}
		if strings.Contains(line, "panic") {
			s.scribe.ended("the daemon panicked: " + line)
		}
	}
	s.mail.webhook.Store(nil)
	err := l.cmd.Wait()
	if !l.killed.Load() && !foundNoRoom(l.cmd.ProcessState.ExitCode(), l.isListening(), s.disk.wasFull(), l.last) {
		s.scribe.ended(fmt.Sprintf("the daemon ended by itself: %v\n    %s", err, strings.Join(l.last, "\n    ")))
	}
}

// foundNoRoom reports whether a daemon ended by itself as one may that is started on a full disk: with the status and the
// words of that, before it ever listened. One that runs has to outlive a full disk, and no disk excuses a panic.
func foundNoRoom(status int, listened, full bool, said []string) bool {
	last := slices.IndexFunc(said, func(line string) bool { return strings.HasPrefix(line, "answerback: ") })
	return full && !listened && status == 1 && last >= 0 && strings.Contains(strings.Join(said[last:], "\n"), "disk is full")
}

// signal sends a signal; an ended daemon takes none.
func (l *life) signal(sig syscall.Signal) {
	select {
	case <-l.ended:
	default:
		_ = l.cmd.Process.Signal(sig)
	}
}

// kill ends the daemon without any warning, or, if gentle is set, after it was asked to stop.
func (l *life) kill(gentle time.Duration) {
	l.killed.Store(true)
	if gentle > 0 && l.isListening() {
		l.signal(syscall.SIGTERM)
		select {
		case <-time.After(gentle):
		case <-l.ended:
		}
	}
	l.signal(syscall.SIGKILL)
	<-l.ended
}

// isListening is whether the daemon takes signals: before, they end it.
func (l *life) isListening() bool {
	select {
	case <-l.listening:
		return true
	default:
		return false
	}
}

// stop has the daemon end in its own time.
func (l *life) stop(patience time.Duration) error {
	l.killed.Store(true)
	l.signal(syscall.SIGTERM)
	select {
	case <-l.ended:
		return nil
	case <-time.After(patience):
		l.signal(syscall.SIGKILL)
		<-l.ended
		return fmt.Errorf("the daemon took longer than %s to stop", patience)
	}
}
