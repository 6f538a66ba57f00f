package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"
)

// compiledSchema is a schema as an editor uses it.
func compiledSchema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	d, ok := schemaNamed(name)
	if !ok {
		t.Fatalf("no schema %s", name)
	}
	var b bytes.Buffer
	if err := d.Write(&b); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(d.ID, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(d.ID)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditor is a file as an editor's YAML, of version 1.2, sees it.
func asEditor(text []byte) (any, error) {
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		return nil, err
	}
	return plainJSON(v), nil
}

// plainJSON is a value of YAML as JSON has it. A date is none in YAML 1.2.
func plainJSON(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, value := range v {
			v[key] = plainJSON(value)
		}
		return v
	case map[any]any:
		all := map[string]any{}
		for key, value := range v {
			all[fmt.Sprint(key)] = plainJSON(value)
		}
		return all
	case []any:
		for i, value := range v {
			v[i] = plainJSON(value)
		}
		return v
	case time.Time:
		return v.Format(time.RFC3339)
	case int:
		return json.Number(fmt.Sprint(v))
	}
	return v
}

// yamlFile is a YAML file of the project with what is beside it.
type yamlFile struct {
	name, text string
}

// yamlFiles are all YAML files of the project, those within archives of tests too.
func yamlFiles(t *testing.T) []yamlFile {
	t.Helper()
	var all []yamlFile
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && len(entry.Name()) > 2, entry.IsDir() && entry.Name() == "bin":
			return fs.SkipDir
		case entry.IsDir():
			return nil
		}
		switch filepath.Ext(path) {
		case ".yaml", ".yml":
			text, err := os.ReadFile(path)
			all = append(all, yamlFile{path, string(text)})
			return err
		case ".txtar":
			archive, err := txtar.ParseFile(path)
			if err != nil {
				return err
			}
			for _, f := range archive.Files {
				if strings.HasSuffix(f.Name, ".yaml") {
					all = append(all, yamlFile{path + ":" + f.Name, string(f.Data)})
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sortOf tells by its keys what a file is; empty if it is nothing of ours.
func sortOf(f yamlFile, v any) string {
	keys, ok := v.(map[string]any)
	has := func(names ...string) bool {
		for _, name := range names {
			if _, ok := keys[name]; ok {
				return true
			}
		}
		return false
	}
	switch {
	case !ok:
		return ""
	case strings.HasSuffix(f.name, "_test.yaml"):
		return "tests"
	case has("accounts", "instagram", "listen", "database"):
		return "config"
	case has("rules", "defaults", "lists", "conditions", "templates"):
		return "rules"
	}
	return ""
}

// judge is what the program says of a file by itself. Secrets and variables stay unread.
func judge(t *testing.T, sort, text string) problem.List {
	t.Helper()
	one := rules.Source{{Name: "a.yaml", Text: []byte("rules: [{name: a, reply: x}]")}}
	switch sort {
	case "rules":
		src := rules.Source{{Name: "a.yaml", Text: []byte(text)}}
		_, problems := rules.Compile(src)
		_, inCases := ruletest.Load(src, nil, nil)
		return append(problems, inCases...)
	case "tests":
		_, problems := ruletest.Load(one, []rules.File{{Name: "a_test.yaml", Text: []byte(text)}}, nil)
		return slices.DeleteFunc(problems, func(p problem.Problem) bool { return p.Code == "E505" })
	}
	path := filepath.Join(t.TempDir(), "answerback.yaml")
	write(t, path, text)
	_, problems, err := config.Load(path, config.Options{SkipSecrets: true})
	if err != nil {
		t.Fatal(err)
	}
	return problems
}

// Editors and the program agree on every file of the project: what has no problem is marked by no schema, and what has
// keys or values of the wrong sort is.
func TestSchemasAgreeWithTheProgram(t *testing.T) {
	schemas := map[string]*jsonschema.Schema{}
	for _, name := range schemaNames() {
		schemas[name] = compiledSchema(t, name)
	}
	good, bad := map[string]int{}, map[string]int{}
	for _, f := range yamlFiles(t) {
		v, err := asEditor([]byte(f.text))
		if err != nil {
			continue // an editor's own business
		}
		sort := sortOf(f, v)
		if sort == "" {
			continue
		}
		problems, marked := judge(t, sort, f.text), schemas[sort].Validate(v)
		switch {
		case !problems.HasErrors():
			good[sort]++
			if marked != nil {
				t.Errorf("%s is good, and yet marked: %v", f.name, marked)
			}
		case ofShape(problems):
			bad[sort]++
			if marked == nil {
				t.Errorf("%s isn't marked, but %v", f.name, problems)
			}
		}
	}
	for _, name := range schemaNames() {
		if good[name] < 2 || bad[name] < 2 {
			t.Errorf("only %d good and %d bad files of %s were found", good[name], bad[name], name)
		}
	}
}

// ofShape reports whether a file has keys that don't exist, or values of the wrong sort.
func ofShape(problems problem.List) bool {
	return slices.ContainsFunc(problems, func(p problem.Problem) bool {
		return p.Code == yamlpos.CodeUnknownKey || p.Code == yamlpos.CodeKind
	})
}

// What an author gets wrong first is marked, and what looks odd but is right isn't.
func TestSchemasMark(t *testing.T) {
	rule := func(lines string) string { return "rules:\n  - name: a\n    reply: x\n    " + lines + "\n" }
	tests := []struct {
		schema, text string
		marked       bool
	}{
		{"rules", rule("wen: true"), true},
		{"rules", rule("when: [a, b]"), true},
		{"rules", rule("on: mentions"), true},
		{"rules", rule("on: [mention, mentions]"), true},
		{"rules", rule("priority: high"), true},
		{"rules", rule("enabled: yes please"), true},
		{"rules", rule("delay: 20"), true},
		{"rules", rule("delay: soon"), true},
		{"rules", rule("cooldown: 10m"), true},
		{"rules", rule("cooldown: {per: user}"), true},
		{"rules", rule("cooldown: {per: user, for: 10m, max: 1}"), true},
		{"rules", rule("limit: {max: many, per: day}"), true},
		{"rules", rule("media: beach"), true},
		{"rules", rule("active: {day: mon}"), true},
		{"rules", rule("tests: [{event: {texts: a}, expect: {verdict: reply}}]"), true},
		{"rules", rule("tests: [{event: {text: a}, expect: {verdict: replied}}]"), true},
		{"rules", rule("tests: {event: {text: a}}"), true},
		{"rules", "rules:\n  - reply: x\n", true},
		{"rules", "rules:\n  name: a\n  reply: x\n", true},
		{"rules", "rules: [{name: a, reply: {templat: x}}]", true},
		{"rules", "rule: []", true},
		{"rules", "lists: {Words: [a]}", true},
		{"rules", "lists: {words: {path: a}}", true},
		{"rules", "defaults: {reply: x}", true},
		{"rules", "rules: [{name: 007, reply: 1}]", false},
		{"rules", rule("when: true"), false},
		{"rules", rule("media: 17918195224117851"), false},
		{"rules", rule("delay: 0"), false},
		{"rules", rule("delay: 15s .. 60s"), false},
		{"rules", rule("max_age: none"), false},
		{"rules", rule("once_per: none"), false},
		{"rules", rule("once_per: [user, day]"), false},
		{"rules", rule("cooldown: [{per: user, for: 1d12h}, {per: rule, for: 1m}]"), false},
		{"rules", rule("active: {from: 2026-03-01, until: 2026-03-02 18:00, hours: 09:00-18:00}"), false},
		{"rules", rule("tests: [{event: {text: \"\", from: {}}, expect: {verdict: no_match, because: when}}]"), false},
		{"tests", "tests: [{sample: a.json, expect: {rule: a}}]", false},
		{"tests", "test: []", true},
		{"tests", "tests: [{evnt: {}}]", true},
		{"config", "accounts: [{id: 1, username: a, access_token: a}]\ninstagram: {verify_token: {file: a}}\nworkers: ${WORKERS}\nlog: {level: \"${LEVEL}\"}", false},
		{"config", "accounts: [{id: 1, username: a, access_token: {path: a}}]\ninstagram: {verify_token: a}", true},
		{"config", "accounts: [{id: 1, username: a, access_token: a}]\ninstagram: {verify_token: a}\nworkers: many", true},
		{"config", "accounts: [{id: 1, username: a, access_token: a}]\ninstagram: {verify_token: a}\nlog: {level: loud}", true},
		{"config", "accounts: [{username: a, access_token: a}]\ninstagram: {verify_token: a}", true},
	}
	schemas := map[string]*jsonschema.Schema{}
	for _, name := range schemaNames() {
		schemas[name] = compiledSchema(t, name)
	}
	for _, tt := range tests {
		v, err := asEditor([]byte(tt.text))
		if err != nil {
			t.Fatalf("%v\n%s", err, tt.text)
		}
		if err := schemas[tt.schema].Validate(v); (err != nil) != tt.marked {
			t.Errorf("%s: marked: %v\n%s", tt.schema, err, tt.text)
		}
	}
}

// Every example tells editors its schema, and those that are copied as they lie have it beside them, up to date.
func TestExamplesHaveTheirSchemas(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range yamlFiles(t) {
		v, err := asEditor([]byte(f.text))
		if err != nil || !strings.Contains(filepath.ToSlash(f.name), "../examples/") || sortOf(f, v) == "" {
			continue
		}
		name := sortOf(f, v)
		seen[name] = true
		if want := "# yaml-language-server: $schema=./" + name + ".schema.json\n"; !strings.HasPrefix(f.text, want) {
			t.Errorf("%s doesn't begin with %s", f.name, want)
		}
		if strings.Contains(filepath.ToSlash(f.name), "/starter/") {
			continue // init writes its schemas
		}
		compareSchema(t, name, filepath.Join(filepath.Dir(f.name), name+".schema.json"))
	}
	if !seen["rules"] || !seen["config"] {
		t.Errorf("only %v were found", seen)
	}
}

func compareSchema(t *testing.T, name, path string) {
	t.Helper()
	d, _ := schemaNamed(name)
	var want bytes.Buffer
	if err := d.Write(&want); err != nil {
		t.Fatal(err)
	}
	if *update {
		write(t, path, want.String())
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%s is not what answerback schema %s prints; run this test with -update (%v)", path, name, err)
	}
}
