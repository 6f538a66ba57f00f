package examples_test

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/examples"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite what the samples are expected to give")

// Each example is used as its readers use it, by the binary itself: the rules have no problems, the configuration can be
// read, and the samples give what lies in testdata.
func TestExamples(t *testing.T) {
	answerback := build(t)
	for _, name := range folders(t) {
		t.Run(name, func(t *testing.T) {
			out := run(t, answerback, name, "check", "--deny-warnings", "rules")
			if !strings.Contains(out, "no problems") {
				t.Errorf("check says: %s", out)
			}
			samples, err := filepath.Glob(filepath.Join(name, "samples", "*.json"))
			if err != nil || len(samples) == 0 {
				t.Fatalf("no samples: %v", err)
			}
			args := []string{"dry-run", "-c", "answerback.yaml", "-r", "rules"}
			for _, sample := range samples {
				args = append(args, filepath.Join("samples", filepath.Base(sample)))
			}
			compare(t, filepath.Join("testdata", name+".txt"), run(t, answerback, name, args...))
		})
	}
}

// What is embedded is what lies there.
func TestQuickstartIsEmbedded(t *testing.T) {
	for _, name := range []string{"quickstart/answerback.yaml", "quickstart/rules/quickstart.yaml"} {
		embedded, err := examples.Quickstart.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lies, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(embedded, lies) {
			t.Errorf("%s differs", name)
		}
	}
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

// run runs the binary in a folder, without any of the environment in which secrets would stand; it must end well and
// have nothing to complain of.
func run(t *testing.T, answerback, dir string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(answerback, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, []string{}, &stdout, &stderr
	if err := cmd.Run(); err != nil || stderr.Len() > 0 {
		t.Fatalf("%q: %v\n%s%s", args, err, &stdout, &stderr)
	}
	return stdout.String()
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
