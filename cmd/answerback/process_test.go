package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// patience bounds what a test waits for. It is only ever used up by a failing test.
const patience = 60 * time.Second

// process is a daemon that runs as a user runs it: the binary, a configuration file, signals, a log on stderr.
type process struct {
	cmd     *exec.Cmd
	log     string // the file that stdout and stderr go to
	webhook string // where notifications go
	admin   string // where health, metrics and reload are
	ended   chan struct{}
}

// listeningLine is that of both forms of the log: text, where the fields follow the message, and JSON, where they are
// sorted.
var listeningLine = regexp.MustCompile(`admin"?[=:]"([0-9.:]+)".*listening.*webhooks"?[=:]"([0-9.:]+)"|` +
	`listening admin="([0-9.:]+)".*webhooks="([0-9.:]+)"`)

// startProcess runs the daemon until it listens. Its log is appended to a file, as a supervisor does it.
func startProcess(binary, dir, config, log string, env []string) (*process, error) {
	out, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	before, err := out.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	p := &process{log: log, cmd: exec.Command(binary, "run", "-c", config), ended: make(chan struct{})}
	p.cmd.Dir, p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = dir, env, out, out
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		p.cmd.Wait()
		close(p.ended)
	}()
	found, err := p.listens(before)
	if err != nil {
		p.cmd.Process.Kill()
		<-p.ended
		return nil, err
	}
	p.admin, p.webhook = "http://"+found[1]+found[3], "http://"+found[2]+found[4]+"/webhooks/instagram"
	return p, nil
}

// listens waits for the line in the log behind an offset that says where the daemon listens.
func (p *process) listens(offset int64) (found []string, err error) {
	err = await(func() bool {
		over := p.isOver()
		found = listeningLine.FindStringSubmatch(p.said()[offset:])
		return found != nil || over
	})
	if found == nil {
		return nil, fmt.Errorf("the daemon doesn't listen (%v); its log:\n%s", err, p.said()[offset:])
	}
	return found, nil
}

func (p *process) isOver() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// said is the log so far.
func (p *process) said() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// stop asks the daemon to end and waits until it has. A status that isn't 0 is an error with the log.
func (p *process) stop() error {
	if err := p.signal(syscall.SIGTERM); err != nil {
		return err
	}
	if err := p.gone(); err != nil {
		return err
	}
	if !p.cmd.ProcessState.Success() {
		return fmt.Errorf("the daemon ended with %s; its log:\n%s", p.cmd.ProcessState, p.said())
	}
	return nil
}

// kill ends the daemon as a power failure does.
func (p *process) kill() error {
	if err := p.signal(syscall.SIGKILL); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return p.gone()
}

func (p *process) signal(s os.Signal) error { return p.cmd.Process.Signal(s) }

// gone waits until the process has ended.
func (p *process) gone() error {
	if err := await(p.isOver); err != nil {
		p.cmd.Process.Kill()
		return fmt.Errorf("the daemon doesn't end; its log:\n%s", p.said())
	}
	return nil
}

// ask asks the admin address.
func (p *process) ask(method, path string, header http.Header) (status int, body string, err error) {
	request, err := http.NewRequest(method, p.admin+path, nil)
	if err != nil {
		return 0, "", err
	}
	for key, values := range header {
		request.Header[key] = values
	}
	return do(request)
}

// do sends a request over a connection of its own and reads the answer.
func do(request *http.Request) (status int, body string, err error) {
	client := &http.Client{
		Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	var text bytes.Buffer
	_, err = text.ReadFrom(response.Body)
	return response.StatusCode, text.String(), err
}

var errPatience = errors.New("waited in vain for " + patience.String())

// await looks again and again until it is done, or patience is used up.
func await(done func() bool) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, errPatience)
	defer cancel()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-look.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}

// binary is the program as testscript laid it out: this test binary under the program's name, so with the race
// detector where the tests have it.
func binary() (string, error) {
	for _, dir := range strings.Split(os.Getenv("PATH"), string(os.PathListSeparator)) {
		if strings.Contains(dir, "testscript-main") {
			return exec.LookPath(dir + "/answerback")
		}
	}
	return "", errors.New("testscript's folder is not in PATH")
}
