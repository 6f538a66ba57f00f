package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// The daemon, the demo and a start that fails leave nothing running behind them.
func TestNothingRunsOn(t *testing.T) {
	s := newSite(t, edition(1))
	config := filepath.Join(s.dir, "answerback.yaml")
	broken := filepath.Join(s.dir, "broken.yaml")
	text, err := os.ReadFile(config)
	if err != nil {
		t.Fatal(err)
	}
	write(t, broken, strings.Replace(string(text), "listen: 127.0.0.1:0", "listen: 203.0.113.1:80", 1))
	for _, test := range []struct {
		name   string
		args   []string
		status int
	}{
		{"run", []string{"run", "-c", config}, exitGood},
		{"a start that fails", []string{"run", "-c", broken}, exitFailed},
		{"demo --once", []string{"demo", "--once"}, exitGood},
		{"demo", []string{"demo"}, exitGood},
	} {
		t.Run(test.name, func(t *testing.T) {
			running := goleak.IgnoreCurrent()
			said := &said{}
			stop := make(chan os.Signal, 1)
			c := &cli{
				stdin: strings.NewReader(""), stdout: said, stderr: said, getenv: os.LookupEnv, now: time.Now,
				signals: func() (<-chan os.Signal, <-chan os.Signal, func()) { return stop, nil, func() {} },
			}
			status := make(chan int, 1)
			go func() { status <- c.main(test.args) }()
			err := await(func() bool {
				return len(status) > 0 || strings.Contains(said.String(), "listening") || strings.Contains(said.String(), "Ctrl-C")
			})
			stop <- syscall.SIGTERM
			if got := <-status; err != nil || got != test.status {
				t.Errorf("status %d, want %d (%v); it says:\n%s", got, test.status, err, said)
			}
			goleak.VerifyNone(t, running)
		})
	}
}

// said is what was written, by whichever goroutine.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(b)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}
