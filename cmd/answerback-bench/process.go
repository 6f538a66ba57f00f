package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is the program that is measured.
type process struct {
	name    string
	address string        // where notifications go
	admin   string        // where metrics are; "" if it has none
	ready   time.Duration // from the start until it listened
	cmd     *exec.Cmd
	log     string
}

const (
	appSecret = "bench-secret"
	token     = "bench-token"
	accountID = "17841405726653026"
)

const benchRules = `rules:
  - name: challenge
    on: mention
    when: has(text, "challenge")
    reply: Challenge accepted!
`

const benchConfig = `listen: 127.0.0.1:0
admin: {listen: "127.0.0.1:0"}
database: sqlite:bench.db
rules: rules.yaml
workers: %d
limits: {replies_per_hour: 0, replies_per_thread: 0}
instagram:
  graph_url: %s
  app_secret: %s
  verify_token: bench
accounts:
  - {id: "%s", username: bluebottle, access_token: %s}
`

// startAnswerback runs the binary in an empty folder.
func startAnswerback(ctx context.Context, p plan, graph, dir string) (*process, error) {
	files := map[string]string{
		"rules.yaml":      benchRules,
		"answerback.yaml": fmt.Sprintf(benchConfig, p.workers, graph, appSecret, accountID, token),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return start(ctx, "answerback", dir, p.binary, "run", "-c", filepath.Join(dir, "answerback.yaml"))
}

// startBare runs the yardstick.
func startBare(ctx context.Context, p plan, graph, dir string) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(ctx, "bare", dir, self, bareVerb, "-graph", graph, "-secret", appSecret, "-token", token,
		"-workers", strconv.Itoa(p.workers))
}

var (
	listening = regexp.MustCompile(`listening.*\bwebhooks="?([0-9.:]+)`)
	admitting = regexp.MustCompile(`listening.*\badmin="?([0-9.:]+)`)
)

// start runs a program, its output in a file, and waits until it says there where it listens.
func start(ctx context.Context, name, dir, path string, args ...string) (*process, error) {
	p := &process{name: name, cmd: exec.CommandContext(ctx, path, args...), log: filepath.Join(dir, name+".log")}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd.Stdout, p.cmd.Stderr = log, log
	begun := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for time.Since(begun) < 10*time.Second {
		said, err := os.ReadFile(p.log)
		if err != nil {
			return nil, err
		}
		if m := listening.FindSubmatch(said); m != nil {
			p.address, p.ready = string(m[1]), time.Since(begun)
			if m := admitting.FindSubmatch(said); m != nil {
				p.admin = string(m[1])
			}
			return p, nil
		}
		time.Sleep(2 * time.Millisecond)
	}
	p.cmd.Process.Kill()
	p.cmd.Wait()
	return nil, fmt.Errorf("%s doesn't say where it listens; see %s", name, p.log)
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("%s ended badly: %w; see %s", p.name, err, p.log)
	}
	return nil
}

// cpu is the processor time that the process has used.
func (p *process) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	// The name in brackets may hold anything; utime and stime are the 12th and 13th fields after it, in ticks.
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * (time.Second / ticksPerSecond)
}

// ticksPerSecond is Linux's USER_HZ, the same on all its platforms that Go runs on.
const ticksPerSecond = 100

// memory is the process's resident memory in MiB, now and at its highest.
func (p *process) memory() (now, peak float64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		key, value, _ := strings.Cut(line, ":")
		kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		switch key {
		case "VmRSS":
			now = kib / 1024
		case "VmHWM":
			peak = kib / 1024
		}
	}
	return now, peak
}
