package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/manual"
	"github.com/answerback/answerback/rules/ruletest"
)

const guidePath = "../../rules/README.md"

var (
	expressionBlock = regexp.MustCompile("(?s)```expr\n(.*?)```")
	// outputBlock is a command with what it prints.
	outputBlock = regexp.MustCompile("(?s)```sh\n([^`]*)```\n\n```text\n(.*?)```")
	generated   = regexp.MustCompile("(?s)<!-- (\\w+) -->\n.*?<!-- end -->")
	// fileKey begins a rule file; what begins otherwise are keys of a rule.
	fileKey     = regexp.MustCompile(`(?m)^(rules|lists|conditions|templates|defaults):`)
	warningCode = regexp.MustCompile(`W[0-9]{3}`)
)

func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(guidePath)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Tables of the guide are made of what the program knows. Run with -update to make them anew.
func TestGuideTables(t *testing.T) {
	text := guide(t)
	tables := manual.Tables()
	found := 0
	fresh := generated.ReplaceAllStringFunc(text, func(old string) string {
		name := generated.FindStringSubmatch(old)[1]
		table, ok := tables[name]
		if !ok {
			t.Errorf("there is no table %s", name)
		}
		found++
		return fmt.Sprintf("<!-- %s -->\n%s<!-- end -->", name, table)
	})
	if found != len(tables) {
		t.Errorf("the guide has %d of %d tables", found, len(tables))
	}
	if *update {
		write(t, guidePath, fresh)
	} else if fresh != text {
		t.Errorf("the tables of %s are old; run this test with -update", guidePath)
	}
}

// Rules of the guide are good as they stand, and their cases pass.
func TestGuideRules(t *testing.T) {
	answerback, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	blocks := yamlBlock.FindAllStringSubmatch(guide(t), -1)
	if len(blocks) < 10 {
		t.Errorf("the guide shows only %d rules", len(blocks))
	}
	for _, block := range blocks {
		path := filepath.Join(t.TempDir(), "rules.yaml")
		write(t, path, wholeFile(block[1]))
		tested := strings.Contains(block[1], "tests:")
		out, err := exec.Command(answerback, "check", path).CombinedOutput()
		for _, warning := range warningCode.FindAllString(string(out), -1) {
			if tested || warning != "W501" { // most examples are too short to have cases
				err = errors.New("it has a warning")
			}
		}
		if err == nil && tested {
			out, err = exec.Command(answerback, "test", path).CombinedOutput()
		}
		if err != nil {
			t.Errorf("%s%v\n%s", block[1], err, out)
		}
	}
}

// wholeFile puts keys of a rule into one.
func wholeFile(block string) string {
	if fileKey.MatchString(block) {
		return block
	}
	rule := "rules:\n  - name: example\n"
	for key, value := range map[string]string{"when": `has(text, "example")`, "reply": "thanks"} {
		if !strings.Contains("\n"+block, "\n"+key+":") {
			rule += "    " + key + ": " + value + "\n"
		}
	}
	for line := range strings.Lines(block) {
		rule += "    " + line
	}
	return rule
}

// Expressions of the guide are ones.
func TestGuideExpressions(t *testing.T) {
	tried := 0
	for _, block := range expressionBlock.FindAllStringSubmatch(guide(t), -1) {
		for line := range strings.Lines(block[1]) {
			tried++
			src := "rules:\n  - name: a\n    reply: x\n    when: |-\n      " + line
			if _, problems := rules.Compile(rules.Source{{Name: "a.yaml", Text: []byte(src)}}); len(problems) > 0 {
				t.Errorf("%s%v", line, problems)
			}
		}
	}
	if tried < 10 {
		t.Errorf("only %d expressions were found", tried)
	}
}

// Commands of the guide do what they say in a folder with the files that it asks for.
func TestGuideCommands(t *testing.T) {
	text := guide(t)
	answerback, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, file := range fileBlock.FindAllStringSubmatch(text, -1) {
		write(t, filepath.Join(dir, file[1]), file[2])
	}
	write(t, filepath.Join(dir, "my-mistakes/typo.yaml"), "rules:\n  - name: opening hours\n    wen: has(text, \"open\")\n    reply: x\n")
	sample, err := os.ReadFile("../../testdata/instagram/guide_mention_in_comment.json")
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "mention.json"), string(sample))
	run := func(command string) (string, error) {
		arguments, ours := strings.CutPrefix(strings.TrimSpace(command), "answerback ")
		if !ours {
			t.Errorf("nobody tries %q", command)
		}
		cmd := exec.Command("sh", "-c", `"$0" `+arguments, answerback)
		cmd.Dir = dir
		out, err := cmd.Output()
		return string(out), err
	}
	expected := map[string]string{}
	for _, block := range outputBlock.FindAllStringSubmatch(text, -1) {
		expected[block[1]] = block[2]
	}
	blocks := shellBlock.FindAllStringSubmatch(text, -1)
	for _, block := range blocks {
		out, err := run(block[1])
		want, compared := expected[block[1]]
		switch {
		case compared && !regexp.MustCompile("^"+strings.ReplaceAll(regexp.QuoteMeta(want), "…\n", "(?s:.*)")+"$").MatchString(out):
			t.Errorf("%sprints\n%s", block[1], out)
		case !compared && err != nil:
			t.Errorf("%s%v\n%s", block[1], err, out)
		}
	}
	if len(blocks) < 4 || len(expected) == 0 {
		t.Errorf("the guide has %d commands, %d with output", len(blocks), len(expected))
	}
}

// Nothing of the language is left out of the guide.
func TestGuideIsWhole(t *testing.T) {
	text := guide(t)
	told := func(what, name string) {
		if !strings.Contains(text, "`"+name) && !strings.Contains(text, name+":") && !strings.Contains(text, name+"(") {
			t.Errorf("the %s %s is not told of", what, name)
		}
	}
	file := rules.Shape(ruletest.Cases())
	for _, key := range append(file.Keys, file.Key("rules").Shape.Mapping().Keys...) {
		told("key", key.Name)
	}
	for _, key := range ruletest.Cases().Mapping().Key("expect").Shape.Keys {
		told("key", key.Name)
	}
	for _, f := range rules.Fields() {
		told("field", f.Name)
	}
	for _, f := range rules.Functions() {
		told("function", f.Name)
	}
}
