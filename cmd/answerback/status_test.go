package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// exitStatus: status N [ARG…] runs answerback and compares its exit status; out and err hold what it said. "<FILE" as
// the last argument is its standard input.
func exitStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: status N [ARG…]")
	}
	path, err := binary()
	ts.Check(err)
	want, args := args[0], args[1:]
	cmd := exec.Command(path)
	if last := len(args) - 1; last >= 0 && strings.HasPrefix(args[last], "<") {
		cmd.Stdin = strings.NewReader(ts.ReadFile(args[last][1:]))
		args = args[:last]
	}
	cmd.Args = append(cmd.Args, args...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = scriptEnv(ts)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		ts.Fatalf("%v", err)
	}
	ts.Check(os.WriteFile(ts.MkAbs("out"), stdout.Bytes(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("err"), stderr.Bytes(), 0o600))
	ts.Logf("[status %d]\n[out]\n%s[err]\n%s", cmd.ProcessState.ExitCode(), &stdout, &stderr)
	if got := fmt.Sprint(cmd.ProcessState.ExitCode()); got != want {
		ts.Fatalf("answerback %q ends with %s, want %s", args, got, want)
	}
	for name, text := range map[string]string{"stdout": stdout.String(), "stderr": stderr.String()} {
		for _, word := range []string{"panic:", "goroutine ", "DATA RACE"} {
			if strings.Contains(text, word) {
				ts.Fatalf("%s has %q:\n%s", name, word, text)
			}
		}
	}
}
