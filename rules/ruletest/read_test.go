package ruletest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules/ruletest"
)

func TestRead(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{
		"rules/b_test.yml", "rules/a_test.yaml", "rules/a.yaml", "rules/c.yml", "rules/.a_test.yaml", "rules/a_test.yaml~",
		"rules/test.yaml", "rules/inner/d_test.yaml", "bare/a.yaml",
	} {
		write(t, name, "tests: []")
	}
	if err := os.MkdirAll("rules/folder_test.yaml", 0o755); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		path string
		want []string
	}{
		"a folder":                     {"rules", []string{"rules/a_test.yaml", "rules/b_test.yml"}},
		"a folder without cases":       {"bare", nil},
		"a rule file":                  {"rules/a.yaml", []string{"rules/a_test.yaml"}},
		"a rule file without cases":    {"rules/c.yml", nil},
		"a file that is called a test": {"rules/test.yaml", nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			files, err := ruletest.Read(c.path)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range files {
				got = append(got, filepath.ToSlash(f.Name))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "rules/a.yaml", "")
	write(t, "rules/a_test.yaml", "")
	write(t, "large/a_test.yaml", strings.Repeat("#\n", 2<<20+1))
	write(t, "odd/b.yaml", "")
	if err := os.MkdirAll("odd/b_test.yaml", 0o755); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct{ path, want string }{
		"nothing there":       {"nowhere", "nowhere"},
		"a file of cases":     {"rules/a_test.yaml", `"rules/a_test.yaml" holds cases; give the folder of the rules that they are about: "rules"`},
		"a file too large":    {"large", "larger than 4 MiB"},
		"a folder in a place": {"odd/b.yaml", "not a regular file"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := ruletest.Read(c.path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
