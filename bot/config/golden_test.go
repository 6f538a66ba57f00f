package config_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/config"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// environment is what ${NAME} means in the tests. What begins with "hush" must never be seen.
func environment(name string) (string, bool) {
	value, ok := map[string]string{
		"TOKEN": "hush-token", "APP_SECRET": "hush-app", "VERIFY": "hush-verify", "EMPTY": "", "WORKERS": "4",
		"USERNAME": "bluebottle", "OPS_URL": "https://example.com/hush", "MONEY": "hush$$${TOKEN}", "BLANKS": " hush ", "WORDS": "many",
	}[name]
	return value, ok
}

// Each archive holds configurations, files beside them (in secrets/), and, last, what is said.
func TestProblems(t *testing.T) {
	archives, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) {
			path, err := filepath.Abs(path)
			if err != nil {
				t.Fatal(err)
			}
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			t.Chdir(t.TempDir())
			last := len(archive.Files) - 1
			got := problemsOf(t, archive.Files[:last])
			if strings.Contains(got, "hush") {
				t.Errorf("a secret is shown:\n%s", got)
			}
			if *update {
				archive.Files[last].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

func problemsOf(t *testing.T, files []txtar.File) string {
	t.Helper()
	var got bytes.Buffer
	for _, f := range files {
		write(t, f.Name, string(f.Data), 0o600)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name, "secrets/") {
			continue
		}
		cfg, found, err := config.Load(f.Name, config.Options{Getenv: environment})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) == 0 {
			t.Errorf("%s: no problem found", f.Name)
		}
		if (cfg == nil) != found.HasErrors() {
			t.Errorf("%s: configuration %v beside %v", f.Name, cfg, found)
		}
		if err := found.Text(&got); err != nil {
			t.Fatal(err)
		}
	}
	return got.String()
}

func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}
