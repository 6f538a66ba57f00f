package main

import (
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

var (
	anAddress = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	aFolder   = regexp.MustCompile(`[^\s"]*/answerback-demo-\d+`)
	aProcess  = regexp.MustCompile(`process \d+`)
	aRevision = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
)

// mask: mask FILE OUT copies a file (or stdout, stderr) with what differs between runs masked.
func mask(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: mask FILE OUT")
	}
	text := ts.ReadFile(args[0])
	text = strings.ReplaceAll(text, ts.Getenv("WORK"), "$WORK")
	text = anAddress.ReplaceAllString(text, "127.0.0.1:PORT")
	text = aFolder.ReplaceAllString(text, "$$TMP")
	text = aProcess.ReplaceAllString(text, "process N")
	text = aRevision.ReplaceAllString(text, "REVISION")
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o600))
}

// occupy: occupy listens on an address for the rest of the script and sets TAKEN to it.
func occupy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: occupy")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	ts.Defer(func() { listener.Close() })
	ts.Setenv("TAKEN", listener.Addr().String())
}

// noSecrets: nosecrets FILE… fails if a file (stdout and stderr too) has one of the script's secrets in it. A folder
// counts as all its files.
func noSecrets(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: nosecrets FILE…")
	}
	for _, name := range args {
		text := ts.ReadFile(name)
		for _, secret := range []string{scriptSecret, scriptToken, scriptVerify, scriptAdmin} {
			if i := strings.Index(text, secret); i >= 0 {
				ts.Fatalf("%s has a secret in it: …%q", name, text[max(0, i-60):i])
			}
		}
	}
}

// fill: fill FILE TEXT SIZE writes a file of a text that is repeated until it has the size.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fill FILE TEXT SIZE")
	}
	size, err := strconv.Atoi(args[2])
	ts.Check(err)
	text := strings.ReplaceAll(args[1], `\n`, "\n")
	out, err := os.Create(filepath.Clean(ts.MkAbs(args[0])))
	ts.Check(err)
	defer out.Close()
	_, err = io.WriteString(out, strings.Repeat(text, size/len(text)+1)[:size])
	ts.Check(err)
}
