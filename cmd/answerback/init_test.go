package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What can't be written whole is taken back: nothing is left but what was there before.
func TestWriteNewTakesBack(t *testing.T) {
	// The second file is where the third one wants a folder, which shows only when it is written.
	clashing := []newFile{{"a/b/first", []byte("1")}, {"second", []byte("2")}, {"second/third", []byte("3")}}
	for name, before := range map[string][]string{
		"a new folder":        nil,
		"an empty folder":     {"bot"},
		"a folder in use":     {"bot", "bot/a", "bot/a/own"},
		"a folder with a b/":  {"bot", "bot/a", "bot/a/b"},
		"a folder of another": {"bot", "bot/own"},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for _, dir := range before {
				if err := os.Mkdir(filepath.Join(root, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			if err := writeNew(filepath.Join(root, "bot"), clashing); err == nil {
				t.Fatal("nothing went wrong")
			}
			if diff := cmp.Diff(before, under(t, root)); diff != "" {
				t.Errorf("(-before +after):\n%s", diff)
			}
		})
	}
}

// under are all paths below a folder, sorted.
func under(t *testing.T, root string) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, _ fs.DirEntry, err error) error {
		if path != "." {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	return paths
}

// Every command that the new folder's README shows can be given in it.
func TestNewFolderReadme(t *testing.T) {
	answerback, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "bot")
	if out, err := exec.Command(answerback, "init", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	readme, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	run := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(readme), -1) {
		for line := range strings.Lines(block[1]) {
			arguments, ours := strings.CutPrefix(strings.TrimSpace(line), "answerback ")
			if !ours {
				t.Errorf("nobody tries %q", line)
				continue
			}
			run++
			cmd := exec.Command("sh", "-c", `"$0" `+arguments, answerback)
			cmd.Dir = dir
			if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
				t.Errorf("%s: %v\n%s", line, err, out)
			}
		}
	}
	if run < 4 {
		t.Errorf("only %d commands were found", run)
	}
}

func TestShellWord(t *testing.T) {
	for path, want := range map[string]string{
		"bot":          "bot",
		"some/bot-2.1": "some/bot-2.1",
		"my bot":       "'my bot'",
		"it's":         `'it'\''s'`,
		"$(x)":         "'$(x)'",
		"-bot":         "'-bot'",
		"a\x1b[31m":    `'a\x1b[31m'`,
		"":             "''",
	} {
		if got := shellWord(path); got != want {
			t.Errorf("%q: got %s, want %s", path, got, want)
		}
	}
}
