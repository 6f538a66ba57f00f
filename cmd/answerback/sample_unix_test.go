//go:build unix

package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestCaseFromPipe would hang: to open a pipe into which nobody writes blocks for ever.
func TestCaseFromPipe(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "sample.json")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("the system has no named pipes:", err)
	}
	if _, err := (&cli{}).sampleEvents(pipe); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("got %v", err)
	}
}
