package rules_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/answerback/answerback/rules"
)

var update = flag.Bool("update", false, "write what came as what is wanted")

// TestProblems compares what is said of files with what stands in testdata, to the letter and the column.
func TestProblems(t *testing.T) {
	cases, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var src rules.Source
			for _, f := range archive.Files {
				if f.Name != "want" {
					src = append(src, rules.File{Name: f.Name, Text: f.Data, List: strings.HasSuffix(f.Name, ".txt")})
				}
			}
			set, problems := rules.Compile(src)
			if (set == nil) != problems.HasErrors() {
				t.Errorf("set %v with errors %v", set != nil, problems.HasErrors())
			}
			var got bytes.Buffer
			if err := problems.Text(&got); err != nil {
				t.Fatal(err)
			}
			want := &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = got.Bytes()
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got.String()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}
