package yamlpos_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// shape has a field of every kind that can be decoded.
type shape struct {
	Pos     yamlpos.Pos
	Name    string                     `yaml:"name"`
	Text    yamlpos.Text               `yaml:"text"`
	Empty   yamlpos.Text               `yaml:"empty,empty"`
	Enabled bool                       `yaml:"enabled"`
	Maybe   *bool                      `yaml:"maybe"`
	Count   int                        `yaml:"count"`
	Wait    yamlpos.Duration           `yaml:"wait"`
	On      yamlpos.Texts              `yaml:"on"`
	Words   []string                   `yaml:"words"`
	Lists   yamlpos.Map[yamlpos.Texts] `yaml:"lists"`
	Plain   map[string]int             `yaml:"plain"`
	Inner   inner                      `yaml:"inner"`
	Rules   []inner                    `yaml:"rules"`
	Later   *yamlpos.Node              `yaml:"later"`
}

type inner struct {
	embedded
	When  yamlpos.Text  `yaml:"when"`
	Reply yamlpos.Texts `yaml:"reply"`
}

type embedded struct {
	Place yamlpos.Pos
	Name  yamlpos.Text `yaml:"name"`
}

func decode(file string, src []byte) (shape, problem.List) {
	var s shape
	doc, found := yamlpos.Parse(file, src)
	found = append(found, doc.Decode(&s)...)
	found.Sort()
	return s, found
}

// Each archive holds files and, last, what is said of them.
func TestProblems(t *testing.T) {
	archives, err := filepath.Glob("testdata/problems/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			last := len(archive.Files) - 1
			if archive.Files[last].Name != "want" {
				t.Fatalf("the last section is %q", archive.Files[last].Name)
			}
			var got bytes.Buffer
			for _, f := range archive.Files[:last] {
				_, found := decode(f.Name, f.Data)
				if len(found) == 0 {
					t.Errorf("%s: no problem found", f.Name)
				}
				if err := found.Text(&got); err != nil {
					t.Fatal(err)
				}
			}
			if *update {
				archive.Files[last].Data = got.Bytes()
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(string(archive.Files[last].Data), got.String()); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}
