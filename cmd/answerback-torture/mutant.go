package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mutant is the product with a bug planted, and the promise that this breaks.
type mutant struct {
	name   string
	breaks invariant
	edits  []edit
}

// edit replaces a piece of a source file. It must be there exactly once.
type edit struct{ file, from, to string }

// apply makes the file's mutated text.
func (e edit) apply(source string) (string, error) {
	text, err := os.ReadFile(filepath.Join(source, filepath.FromSlash(e.file)))
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(text), e.from); n != 1 {
		return "", fmt.Errorf("%s holds %d times, and not once: %s", e.file, n, e.from)
	}
	return strings.Replace(string(text), e.from, e.to, 1), nil
}

// build makes the mutant's binary in the folder. The source stays as it is.
func (m mutant) build(ctx context.Context, source, dir string) (binary string, err error) {
	if source, err = filepath.Abs(source); err != nil {
		return "", err
	}
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for i, e := range m.edits {
		text, err := e.apply(source)
		if err != nil {
			return "", fmt.Errorf("plant %q: %w", m.name, err)
		}
		mutated := filepath.Join(dir, fmt.Sprintf("mutated-%d.go", i))
		if err := os.WriteFile(mutated, []byte(text), 0o600); err != nil {
			return "", err
		}
		overlay.Replace[filepath.Join(source, filepath.FromSlash(e.file))] = mutated
	}
	if len(overlay.Replace) != len(m.edits) {
		return "", fmt.Errorf("plant %q: two edits of one file", m.name)
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	listed := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(listed, text, 0o600); err != nil {
		return "", err
	}
	binary = filepath.Join(dir, "answerback")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-overlay", listed, "-o", binary, "./cmd/answerback")
	cmd.Dir = source
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("plant %q: %w\n%s", m.name, err, said)
	}
	return binary, nil
}

// plantAll has each of the chosen bugs found.
func plantAll(ctx context.Context, o options) error {
	chosen := mutants()
	if o.planted != "all" {
		names := strings.Split(o.planted, ",")
		chosen = slices.DeleteFunc(chosen, func(m mutant) bool { return !slices.Contains(names, m.name) })
		if len(chosen) != len(names) {
			return fmt.Errorf("-planted %q names bugs that there aren't", o.planted)
		}
	}
	for _, m := range chosen {
		begun := time.Now()
		if err := plant(ctx, o, m); err != nil {
			return err
		}
		fmt.Printf("planted %q: found, in %s\n\n", m.name, time.Since(begun).Round(time.Second))
	}
	return nil
}

// plant has one bug found: the promise that it breaks has to be reported broken.
func plant(ctx context.Context, o options, m mutant) error {
	dir, err := os.MkdirTemp("", "answerback-mutant-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if o.binary, err = m.build(ctx, o.source, dir); err != nil {
		return err
	}
	o.discard = true
	found, err := torture(ctx, o)
	if err != nil {
		return fmt.Errorf("planted %q: %w", m.name, err)
	}
	broken := map[invariant]int{}
	for _, v := range found.violations {
		broken[v.broken]++
	}
	if broken[m.breaks] == 0 {
		return fmt.Errorf("planted %q, and nobody found that this doesn't hold any more: %s; found was %v", m.name, m.breaks, broken)
	}
	return nil
}
