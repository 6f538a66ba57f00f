package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules"
)

// files writes files into a new folder.
func files(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestReadLists(t *testing.T) {
	dir := files(t, map[string]string{
		"a.yaml":          "lists: {x: {file: lists/x.txt}, y: {file: y.txt}, z: [inline]}\nrules: [{name: a, when: 'from.username in lists.x and has(text, lists.y)', reply: x}]\n",
		"b.yaml":          "lists: {again: {file: ./lists/../lists/x.txt}, same: {file: lists//x.txt}}\nrules: [{name: b, reply: x}]",
		"lists/x.txt":     "\ufeff# staff\r\nada.lovelace\r\n\r\ngrace # the second\r\n",
		"y.txt":           "challenge",
		"lists/other.txt": "not named",
	})
	src, err := rules.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range src {
		name, err := filepath.Rel(dir, f.Name)
		if err != nil {
			t.Fatal(err)
		}
		if f.List {
			name += " list"
		}
		got = append(got, filepath.ToSlash(name))
	}
	if diff := cmp.Diff([]string{"a.yaml", "b.yaml", "lists/x.txt list", "y.txt list"}, got); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([]string{filepath.Join(dir, "lists")}, src.ListFolders()); diff != "" {
		t.Errorf("folders (-want +got)\n%s", diff)
	}
	kept, err := rules.UnmarshalSource(src.Marshal())
	if err != nil || !cmp.Equal(src, kept) {
		t.Errorf("kept %v, %v", kept, err)
	}
	for name, e := range map[string]string{"ada.lovelace": "matched", "grace": "matched", "grace #": "no_match", "# staff": "no_match"} {
		d := compiledFiles(t, rules.Source{kept[0], kept[2], kept[3]}).Survey(mention(func(e *rules.Event) { e.From.Username = name }), noon())
		if string(d.Rules[0].Outcome) != e {
			t.Errorf("%s: %s, want %s", name, d.Rules[0].Outcome, e)
		}
	}
	revision := src.Revision()
	if err := os.WriteFile(filepath.Join(dir, "y.txt"), []byte("challenges"), 0o600); err != nil {
		t.Fatal(err)
	}
	if src, err = rules.Read(dir); err != nil || src.Revision() == revision {
		t.Errorf("an edited list gives the same revision, %v", err)
	}
}

// TestListsStayInside shows that nothing outside the folder of the rules is read, and that what can't be read is told
// where it is named.
func TestListsStayInside(t *testing.T) {
	outside := files(t, map[string]string{"secret.txt": "a secret\n", "sub/x.txt": "a secret\n"})
	large := strings.Repeat("x\n", 2<<20+1)
	for name, c := range map[string]struct{ file, want string }{
		"not there":             {"nothing.txt", "there is no such file"},
		"absolute":              {filepath.ToSlash(outside) + "/secret.txt", "must lie in the folder"},
		"upwards":               {"../" + filepath.Base(outside) + "/secret.txt", "leads out"},
		"upwards in the middle": {"lists/../../x.txt", "leads out"},
		"a link to a file":      {"link.txt", "leads out"},
		"a link to a folder":    {"linked/x.txt", "leads out"},
		"a folder":              {"lists", "not a regular file"},
		"a file as a folder":    {"a.yaml/x", "not a directory"},
		"too large":             {"large.txt", "larger than 4 MiB"},
		"a link that stays":     {"inner.txt", ""},
		"an absolute link":      {"absolute.txt", "leads out"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := files(t, map[string]string{
				"a.yaml":      "lists: {x: {file: '" + c.file + "'}}\nrules: [{name: a, when: 'text in lists.x', reply: x}]\n",
				"lists/x.txt": "fine\n",
				"large.txt":   large,
			})
			for link, to := range map[string]string{
				"link.txt": filepath.Join(outside, "secret.txt"), "linked": filepath.Join(outside, "sub"), "inner.txt": "lists/x.txt",
				"absolute.txt": filepath.Join(dir, "lists", "x.txt"),
			} {
				if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
					t.Fatal(err)
				}
			}
			src, err := rules.Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range src {
				if strings.Contains(string(f.Text), "secret\n") {
					t.Errorf("%s was read", f.Name)
				}
			}
			set, problems := rules.Compile(src)
			switch {
			case c.want == "" && set == nil:
				t.Errorf("problems %v", problems)
			case c.want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Message, c.want) || problems[0].Line != 1 || problems[0].Code != "E215"):
				t.Errorf("problems %v, want one with %q", problems, c.want)
			}
		})
	}
}

// TestListsOfOneFile shows that a rule file by itself has its lists too.
func TestListsOfOneFile(t *testing.T) {
	dir := files(t, map[string]string{
		"a.yaml": "lists: {x: {file: x.txt}}\nrules: [{name: a, when: 'text in lists.x', reply: x}]\n",
		"b.yaml": "rules: [{name: a, reply: x}]\n",
		"x.txt":  "x",
	})
	src, err := rules.Read(filepath.Join(dir, "a.yaml"))
	if err != nil || len(src) != 2 {
		t.Fatal(src, err)
	}
	compiledFiles(t, src)
	t.Chdir(dir)
	if src, err = rules.Read("a.yaml"); err != nil || len(src) != 2 {
		t.Fatal(src, err)
	}
	compiledFiles(t, src)
}

func TestEndingsInCapitals(t *testing.T) {
	dir := files(t, map[string]string{"a.yaml": "rules: [{name: a, reply: x}]", "B.YAML": "rules: [{name: b, reply: x}]", "c_test.YML": ""})
	src, err := rules.Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	set, problems := rules.Compile(src)
	if set == nil || set.Len() != 1 || len(problems) != 1 || problems[0].Code != "W204" || filepath.Base(problems[0].File) != "B.YAML" {
		t.Errorf("%v", problems)
	}
	if _, err := rules.Read(files(t, map[string]string{"B.YAML": "x"})); err == nil || !strings.Contains(err.Error(), "no *.yaml") {
		t.Errorf("a folder without rules: %v", err)
	}
}
