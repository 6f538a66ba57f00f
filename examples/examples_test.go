package examples_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/examples"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the samples are expected to give")

// Each example is used as its readers use it, by the binary itself: the rules have no problems, their cases hold, the
// configuration can be read, and the samples give what lies in testdata.
func TestExamples(t *testing.T) {
	answerback := build(t)
	for _, name := range folders(t) {
		t.Run(name, func(t *testing.T) {
			if out, told := run(t, answerback, name, "check", "--deny-warnings", "rules"); !strings.Contains(out, "no problems") || told != "" {
				t.Errorf("check says: %s%s", out, told)
			}
			if out, told := run(t, answerback, name, "test", "rules"); !strings.Contains(out, "all held") || told != "" {
				t.Errorf("test says: %s%s", out, told)
			}
			samples, err := filepath.Glob(filepath.Join(name, "samples", "*.json"))
			if err != nil || len(samples) == 0 {
				t.Fatalf("no samples: %v", err)
			}
			args := []string{"dry-run", "-c", "answerback.yaml", "-r", "rules"}
			for _, sample := range samples {
				args = append(args, filepath.Join("samples", filepath.Base(sample)))
			}
			out, told := run(t, answerback, name, args...)
			compare(t, filepath.Join("testdata", name+".txt"), out+told)
		})
	}
}

// What is embedded is what lies there, and all of it but what tools and runs leave.
func TestEmbedded(t *testing.T) {
	for name, embedded := range map[string]fs.FS{"quickstart": examples.Quickstart, "starter": examples.Starter} {
		for path, lies := range files(t, os.DirFS("."), name) {
			if left := strings.HasSuffix(path, ".schema.json") || strings.Contains(path, ".db"); left {
				continue
			}
			got, err := fs.ReadFile(embedded, path)
			if err != nil {
				t.Error(err)
			} else if !bytes.Equal(got, lies) {
				t.Errorf("%s differs", path)
			}
		}
	}
}

func files(t *testing.T, in fs.FS, root string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := fs.WalkDir(in, root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		found[path], err = fs.ReadFile(in, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// build builds the binary as `make build` does.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "answerback")
	cmd := exec.Command("go", "build", "-o", path, "../cmd/answerback")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// run runs the binary in a folder, without any of the environment in which secrets would stand; it must end well. told is
// what it says beside its results.
func run(t *testing.T, answerback, dir string, args ...string) (results, told string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(answerback, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, []string{}, &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%q: %v\n%s%s", args, err, &stdout, &stderr)
	}
	return stdout.String(), stderr.String()
}

// folders are the examples.
func folders(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob("*/answerback.yaml")
	if err != nil || len(found) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for i := range found {
		found[i] = filepath.Dir(found[i])
	}
	return found
}

func compare(t *testing.T, golden, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
