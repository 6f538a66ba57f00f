package ruletest_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/ruletest"
)

var update = flag.Bool("update", false, "write what came as what is wanted")

// archived are the parts of a golden file: rules, files of cases, and what is wanted of them.
type archived struct {
	path    string
	archive *txtar.Archive
	rules   rules.Source
	cases   []rules.File
}

// goldens are the golden files of a folder.
func goldens(t testing.TB, folder string) map[string]archived {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no golden files", err)
	}
	all := map[string]archived{}
	for _, path := range paths {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		a := archived{path: path, archive: archive}
		for _, f := range archive.Files {
			file := rules.File{Name: f.Name, Text: f.Data}
			switch {
			case strings.HasSuffix(f.Name, "_test.yaml"):
				a.cases = append(a.cases, file)
			case strings.HasSuffix(f.Name, ".yaml"):
				a.rules = append(a.rules, file)
			}
		}
		all[strings.TrimSuffix(filepath.Base(path), ".txtar")] = a
	}
	return all
}

// compare compares with a part of the archive, or writes it.
func (a archived) compare(t *testing.T, part, got string) {
	t.Helper()
	for i := range a.archive.Files {
		f := &a.archive.Files[i]
		if f.Name != part {
			continue
		}
		if *update {
			f.Data = []byte(got)
			if err := os.WriteFile(a.path, txtar.Format(a.archive), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(string(f.Data), got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", part, diff)
		}
	}
}

// samples are read by their paths.
func samples(path string) ([]rules.Event, error) {
	event := rules.Event{Kind: platform.Comment, ID: "1/comment/7", Text: "challenge?", Time: ruletest.Noon(),
		From: rules.From{ID: "9", Username: "ada"}, Account: rules.Account{ID: "1"}, Media: rules.Media{ID: "5"}}
	switch path {
	case "samples/challenge.json":
		return []rules.Event{event}, nil
	case "samples/two.json":
		return []rules.Event{event, event}, nil
	case "samples/none.json":
		return nil, nil
	case "samples/textless.json":
		return nil, fmt.Errorf("%w: the text is missing", ruletest.ErrUndecidable)
	}
	return nil, errors.New("no such file")
}

// What is said of cases that have something wrong, to the letter and the column.
func TestProblems(t *testing.T) {
	for name, golden := range goldens(t, "problems") {
		t.Run(name, func(t *testing.T) {
			_, problems := ruletest.Load(golden.rules, golden.cases, samples)
			if len(problems) == 0 {
				t.Error("no problem found")
			}
			var got bytes.Buffer
			if err := problems.Text(&got); err != nil {
				t.Fatal(err)
			}
			golden.compare(t, "want", got.String())
		})
	}
}

// What a set's own cases say of it.
func TestReview(t *testing.T) {
	for name, golden := range goldens(t, "review") {
		t.Run(name, func(t *testing.T) {
			set, suite := load(t, golden)
			var got bytes.Buffer
			if err := suite.Review(set).Text(&got); err != nil {
				t.Fatal(err)
			}
			golden.compare(t, "want", got.String())
		})
	}
}

// What came of cases, in every form.
func TestReports(t *testing.T) {
	for name, golden := range goldens(t, "reports") {
		t.Run(name, func(t *testing.T) {
			set, suite := load(t, golden)
			report := suite.Run(set, ruletest.Options{Ledger: newBrief, Coverage: strings.Contains(name, "coverage")})
			var text, machine, junit bytes.Buffer
			for _, err := range []error{
				report.Text(&text),
				report.JSON(&machine, report.Failed() == 0, nil),
				report.JUnit(&junit, problem.List{{File: "a.yaml", Line: 3, Severity: problem.Error, Code: "E999", Message: "an \x1b[31m <error>"}}),
			} {
				if err != nil {
					t.Fatal(err)
				}
			}
			golden.compare(t, "want.txt", text.String())
			golden.compare(t, "want.json", machine.String())
			golden.compare(t, "want.xml", junit.String())
			readXML(t, junit.Bytes())
			harmless(t, text.String())
			if again := suite.Run(set, ruletest.Options{Ledger: newBrief}); again.Failed() != report.Failed() {
				t.Errorf("%d failed, then %d", report.Failed(), again.Failed())
			}
		})
	}
}

// load compiles rules and cases that are good.
func load(t *testing.T, golden archived) (*rules.Set, *ruletest.Suite) {
	t.Helper()
	set, problems := rules.Compile(golden.rules)
	suite, wrong := ruletest.Load(golden.rules, golden.cases, samples)
	for _, p := range append(problems, wrong...) {
		if p.Severity != problem.Warning {
			t.Fatal(p)
		}
	}
	return set, suite
}

func readXML(t *testing.T, doc []byte) {
	t.Helper()
	in := xml.NewDecoder(bytes.NewReader(doc))
	for {
		if _, err := in.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v in\n%s", err, doc)
		}
	}
}

// harmless makes sure that what strangers typed doesn't steer a terminal.
func harmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		if r != '\n' && (r < ' ' || r >= '\u007f' && r <= '\u009f' || r == '\u202e' || r == '\u200b') {
			t.Fatalf("the text holds %U", r)
		}
	}
}
