package rules_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules"
)

func write(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "b.yml", "a.yaml", "10.yaml", "a_test.yaml", "b_test.yml", ".hidden.yaml", "c.yaml~", "notes.txt", "yaml")
	if err := os.Mkdir(filepath.Join(dir, "sub.yaml"), 0o700); err != nil {
		t.Fatal(err)
	}
	elsewhere := t.TempDir()
	write(t, elsewhere, "target")
	if err := os.Symlink(filepath.Join(elsewhere, "target"), filepath.Join(dir, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	src, err := rules.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range src {
		got = append(got, strings.TrimPrefix(f.Name, dir+string(filepath.Separator))+"="+string(f.Text))
	}
	want := []string{"10.yaml=10.yaml", "a.yaml=a.yaml", "b.yml=b.yml", "link.yaml=target"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "any name")
	src, err := rules.Read(filepath.Join(dir, "any name"))
	if err != nil || len(src) != 1 || string(src[0].Text) != "any name" {
		t.Errorf("got %v, %v", src, err)
	}
}

func TestReadRefuses(t *testing.T) {
	empty, large, broken := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, empty, "a_test.yaml")
	if err := os.WriteFile(filepath.Join(large, "a.yaml"), make([]byte, 4<<20+1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(broken, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		empty:                           "no *.yaml or *.yml",
		large:                           "larger than 4 MiB",
		broken:                          "no such file",
		filepath.Join(empty, "nothing"): "no such file",
		os.DevNull:                      "not a regular file",
	} {
		src, err := rules.Read(path)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %d files and %v, want an error with %q", path, len(src), err, want)
		}
	}
}

func TestRevision(t *testing.T) {
	base := rules.Source{{Name: "rules/a.yaml", Text: []byte("x")}, {Name: "rules/b.yaml", Text: []byte("y")}}
	moved := rules.Source{{Name: "/srv/bot/a.yaml", Text: []byte("x")}, {Name: "/srv/bot/b.yaml", Text: []byte("y")}}
	if base.Revision() != moved.Revision() {
		t.Error("another folder gives another revision")
	}
	for name, other := range map[string]rules.Source{
		"another text":    {{Name: "a.yaml", Text: []byte("z")}, {Name: "b.yaml", Text: []byte("y")}},
		"another name":    {{Name: "a.yml", Text: []byte("x")}, {Name: "b.yaml", Text: []byte("y")}},
		"a file less":     {{Name: "a.yaml", Text: []byte("x")}},
		"moved content":   {{Name: "a.yaml", Text: []byte("xy")}, {Name: "b.yaml", Text: []byte("")}},
		"one file of two": {{Name: "a.yaml", Text: []byte("x\"b.yaml\" 1\ny")}},
	} {
		if other.Revision() == base.Revision() {
			t.Errorf("%s gives the same revision", name)
		}
	}
}

func TestMarshal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) rules.File {
			return rules.File{Name: rapid.StringMatching(`[a-z/]{1,9}\.yaml`).Draw(t, "name"), Text: rapid.SliceOf(rapid.Byte()).Draw(t, "text")}
		}), 1, 4).Draw(t, "source")
		back, err := rules.UnmarshalSource(rules.Source(src).Marshal())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rules.Source(src), back); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
	for _, junk := range []string{"", "{}", "[]", "null", "[1]"} {
		if src, err := rules.UnmarshalSource([]byte(junk)); err == nil {
			t.Errorf("%q gives %v", junk, src)
		}
	}
}

func TestSetKeepsItsSource(t *testing.T) {
	src := rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: x}]")}}
	set := compiledFiles(t, src)
	if diff := cmp.Diff(src, set.Source()); diff != "" || set.Revision() != src.Revision() || set.Len() != 1 {
		t.Errorf("revision %s, %d rules, %s", set.Revision(), set.Len(), diff)
	}
}

// TestCompileEndsTelling has a file that is wrong throughout told of as far as anybody would read.
func TestCompileEndsTelling(t *testing.T) {
	wrong := "rules:\n"
	for i := range 3000 {
		wrong += fmt.Sprintf("  - {name: r%d, when: nope, reply: x}\n", i)
	}
	set, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(wrong)}})
	if set != nil || len(problems) != 1001 || problems[0].Code != "E213" || problems[1].Line != 2 {
		t.Errorf("%d problems, first %v", len(problems), problems[:2])
	}
}

func TestCompileRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		src  rules.Source
		want string
	}{
		"nothing":      {nil, "E202"},
		"a large file": {rules.Source{{Name: "a.yaml", Text: make([]byte, 4<<20+1)}}, "E212"},
		"a deep one":   {rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: x, when: '" + strings.Repeat("(", 1<<20) + "'}]")}}, "E307"},
		"a wide one":   {rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: x, when: '" + strings.Repeat("1==1 and ", 600) + "true'}]")}}, "E307"},
		"brackets":     {rules.Source{{Name: "a.yaml", Text: []byte("rules: " + strings.Repeat("[", 1<<16))}}, "E102"},
	} {
		set, problems := rules.Compile(c.src)
		if set != nil || len(problems) == 0 || problems[0].Code != c.want {
			t.Errorf("%s: got %v, want %s", name, problems, c.want)
		}
	}
}
