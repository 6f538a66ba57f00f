//go:build unix

package rules_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/answerback/answerback/rules"
)

// TestReadPipe would hang: to open a pipe into which nobody writes blocks for ever.
func TestReadPipe(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "a.yaml")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip("the system has no named pipes:", err)
	}
	for _, path := range []string{dir, pipe} {
		if _, err := rules.Read(path); err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: got %v", path, err)
		}
	}
}
