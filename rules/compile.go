package rules

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// maxProblems ends the telling: nobody reads more, and a file that is wrong throughout would take long.
const maxProblems = 1_000

// Compile makes a set of a source, or tells all that is wrong with it, in the order of files and lines. With errors
// the set is nil; a good set may come with warnings.
func Compile(src Source) (*Set, problem.List) {
	c := compilation{src: src, language: expression.New(), templates: map[string]*template{}, named: map[string]yamlpos.Text{}}
	var files []*file
	for _, f := range src {
		if !f.List {
			files = append(files, c.parse(f))
		}
	}
	// What is shared comes first: a rule may use what a later file names.
	c.lists(files)
	c.conditions(files)
	c.defineTemplates(files)
	for _, f := range files {
		c.rulesOf(f)
	}
	if len(c.rules) == 0 && !c.problems.HasErrors() {
		c.noRules(src)
	}
	if c.torn {
		c.problems = slices.DeleteFunc(c.problems, mayBeNamedElsewhere)
	}
	c.problems.Sort()
	if c.problems.HasErrors() {
		return nil, c.problems
	}
	return newSet(src, c.rules, c.language), c.problems
}

// compilation is the making of one set. It goes on after a problem, so that all are told at once.
type compilation struct {
	src       Source
	language  *expression.Language
	templates map[string]*template
	named     map[string]yamlpos.Text // the rules' names so far
	rules     []*rule
	problems  problem.List
	torn      bool // a file that names things couldn't be read at all: they aren't known
}

// file is a rule file on its way.
type file struct {
	name  string
	doc   *yamlpos.Doc
	shape fileShape
	// whole is false of a file that couldn't be read to its end: what seems to be missing may stand there.
	whole bool
}

// namesThings reports whether a file seems to have names for what rules share.
func namesThings(text []byte) bool {
	return bytes.Contains(text, []byte("lists:")) || bytes.Contains(text, []byte("conditions:")) || bytes.Contains(text, []byte("templates:"))
}

// mayBeNamedElsewhere reports whether a problem is that a name isn't known, and nothing known is near it.
func mayBeNamedElsewhere(p problem.Problem) bool {
	if strings.HasPrefix(p.Hint, "did you mean") {
		return false
	}
	return p.Code == expression.CodeUnknownName && !strings.Contains(p.Message, "function") && !strings.Contains(p.Message, "field") ||
		p.Code == codeUnknownWord && strings.Contains(p.Message, "there is no template")
}

func (c *compilation) noRules(src Source) {
	p := problem.Problem{Severity: problem.Error, Code: codeNoRules, Message: "the set has no rules",
		Hint: "to silence a bot, give its rules enabled: false"}
	if len(src) > 0 {
		p.File = src[0].Name
	}
	c.problems = append(c.problems, p)
}

// parse reads a file as far as it can be read.
func (c *compilation) parse(f File) *file {
	if f.Unread != "" {
		c.problems = append(c.problems, problem.Problem{File: f.Name, Severity: problem.Warning, Code: codeEnding,
			Message: "the file isn't read: " + f.Unread, Hint: "rename it"})
		return &file{name: f.Name}
	}
	if len(f.Text) > maxFile {
		c.problems = append(c.problems, problem.Problem{File: f.Name, Severity: problem.Error, Code: codeTooLarge,
			Message: fmt.Sprintf("the file is larger than %d MiB", maxFile>>20), Hint: "make several files of it"})
		return &file{name: f.Name}
	}
	doc, problems := yamlpos.Parse(f.Name, f.Text)
	if doc.Empty() && !problems.HasErrors() {
		problems = append(problems, doc.Problem(codeEmptyFile, "the file holds nothing, or only comments", "to silence a bot, give its rules enabled: false"))
	}
	made := &file{name: f.Name, doc: doc, whole: !problems.HasErrors()}
	c.torn = c.torn || doc.Empty() && !made.whole && namesThings(f.Text)
	decoded := doc.Decode(&made.shape)
	explainDefaults(made.shape.Defaults.At, decoded)
	decoded, slipped := explainSlipped(made.shape.At, decoded)
	made.whole = made.whole && !slipped
	if root := doc.Root(); root != nil && root.Kind() == yamlpos.List && len(decoded) > 0 {
		decoded[0].Hint = "rules stand below a line rules:, which must come first"
	}
	problems = append(problems, decoded...)
	c.problems = append(c.problems, problems...)
	return made
}

func (c *compilation) rulesOf(f *file) {
	b := builder{at: f.shape.Defaults.At}
	defaults := b.settings(f.shape.Defaults.settingsShape, builtIn())
	c.problems = append(c.problems, b.problems...)
	for _, n := range f.shape.Rules {
		if len(c.problems) >= maxProblems {
			c.problems = append(c.problems, f.doc.Problem(codeTooMany, fmt.Sprintf("more than %d problems; the rest isn't looked at", maxProblems), ""))
			return
		}
		if n != nil {
			c.rule(n, f, defaults)
		}
	}
}

// rule compiles a rule as far as it is good.
func (c *compilation) rule(n *yamlpos.Node, f *file, defaults settings) {
	b := ruleBuilder{language: c.language, templates: c.templates, file: f.name}
	problems := n.Decode(&b.shape)
	for i := range problems {
		problems[i].Rule = b.shape.Name.Value
	}
	c.problems = append(c.problems, problems...)
	if n.Kind() != yamlpos.Mapping {
		return
	}
	r := b.build(defaults)
	b.once(c.named)
	if f.whole && !misspelt(problems) {
		b.present()
	}
	c.problems = append(c.problems, b.problems...)
	c.rules = append(c.rules, r)
}

// explainSlipped says of keys of a rule that stand at a file's top that they have slipped out of their rule. Of several
// the first tells enough: the others stand below it.
func explainSlipped(at yamlpos.Pos, problems problem.List) (kept problem.List, slipped bool) {
	hint := "put it into its rule: below the rule's name, with as many spaces before it"
	if !at.Has("rules") {
		hint = `rules stand below a line rules:, each with a dash before its first key: "  - name: …"`
	}
	places := map[[2]int]string{}
	for _, key := range (ruleShape{}).Keys() {
		if at.Has(key.Name) {
			p := at.Key(key.Name).Problem("", "", "")
			places[[2]int{p.Line, p.Column}] = key.Name
		}
	}
	for _, p := range problems {
		key, isRules := places[[2]int{p.Line, p.Column}]
		if p.Code != yamlpos.CodeUnknownKey || !isRules {
			kept = append(kept, p)
			continue
		}
		if !slipped {
			p.Message, p.Hint = key+" is a key of a rule, but stands outside of the rules", hint
			kept, slipped = append(kept, p), true
		}
	}
	return kept, slipped
}

// explainDefaults says of keys that only a rule has that they can't be defaults. They are known and no slips.
func explainDefaults(at yamlpos.Pos, problems problem.List) {
	for _, key := range []string{"name", "description", "enabled", "when", "unless", "continue", "reply", "private_reply", "hide", "notify", "tests"} {
		if !at.Has(key) {
			continue
		}
		here := at.Key(key).Problem("", "", "")
		for i, p := range problems {
			if p.Code == yamlpos.CodeUnknownKey && p.Line == here.Line && p.Column == here.Column {
				problems[i].Message = key + " can't be a default"
				problems[i].Hint = "each rule has its own"
			}
		}
	}
}

// misspelt reports whether there is an unknown key, which may be meant for one that is missing.
func misspelt(problems problem.List) bool {
	for _, p := range problems {
		if p.Code == yamlpos.CodeUnknownKey {
			return true
		}
	}
	return false
}
