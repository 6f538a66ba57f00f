package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")
	yamlBlock  = regexp.MustCompile("(?s)```yaml\n(.*?)```")
	// fileBlock is what the reader is asked to write down.
	fileBlock = regexp.MustCompile("(?s)into `([\\w/.-]+\\.yaml)`[^\n]*\n(?:[^`\n]*\n)*```yaml\n(.*?)```")
)

// recognised are commands of the README that other tests stand for: each makes or runs all of this.
var recognised = map[string]bool{"make build": true, "make demo": true, "make test": true}

// Every command of the README does what a reader expects of it, who writes the files that it asks for: status 0, and
// something to read.
func TestReadmeCommands(t *testing.T) {
	readme, root := readReadme(t)
	answerback, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	clone := clone(t, root)
	for _, file := range fileBlock.FindAllStringSubmatch(readme, -1) {
		// What lies in the clone is the project's own, through a link.
		folder, _, _ := strings.Cut(file[1], "/")
		if _, err := os.Lstat(filepath.Join(root, folder)); err == nil {
			t.Fatalf("the README has its reader write %s, where the project has something", file[1])
		}
		write(t, filepath.Join(clone, file[1]), file[2])
	}
	run, made := 0, 0
	for _, block := range shellBlock.FindAllStringSubmatch(readme, -1) {
		for line := range strings.Lines(strings.ReplaceAll(block[1], "\\\n", "")) {
			line = strings.TrimSpace(line)
			arguments, ours := strings.CutPrefix(line, "bin/answerback ")
			switch {
			case recognised[line]:
				made++
			case !ours:
				t.Errorf("nobody tries %q", line)
			default:
				run++
				cmd := exec.Command("sh", "-c", `"$0" `+arguments, answerback)
				cmd.Dir = clone
				if out, err := cmd.CombinedOutput(); err != nil || len(out) == 0 {
					t.Errorf("%s: %v\n%s", line, err, out)
				}
			}
		}
	}
	if run < 3 || made < len(recognised) {
		t.Errorf("of the README only %d commands of ours and %d of make were found", run, made)
	}
}

// The rules that the README shows are good as they stand.
func TestReadmeRules(t *testing.T) {
	readme, _ := readReadme(t)
	answerback, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(readme, -1)
	if len(blocks) == 0 {
		t.Fatal("the README shows no rules")
	}
	for _, block := range blocks {
		path := filepath.Join(t.TempDir(), "rules.yaml")
		write(t, path, block[1])
		if out, err := exec.Command(answerback, "check", "--deny-warnings", path).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// clone is a folder in which all lies that lies in the project's.
func clone(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if err := os.Symlink(filepath.Join(root, entry.Name()), filepath.Join(dir, entry.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func readReadme(t *testing.T) (text, root string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(readme), root
}
