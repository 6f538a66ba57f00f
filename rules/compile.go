package rules

import (
	"fmt"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"

	"github.com/answerback/answerback/rules/expression"
)

// maxProblems ends the telling: nobody reads more, and a file that is wrong throughout would take long.
const maxProblems = 1_000

// Compile makes a set of a source, or tells all that is wrong with it, in the order of files and lines. With errors
// the set is nil; a good set may come with warnings.
func Compile(src Source) (*Set, problem.List) {
	c := compilation{language: expression.New(), named: map[string]yamlpos.Text{}}
	for _, f := range src {
		c.file(f)
	}
	if len(c.rules) == 0 && !c.problems.HasErrors() {
		c.noRules(src)
	}
	c.problems.Sort()
	if c.problems.HasErrors() {
		return nil, c.problems
	}
	return newSet(src, c.rules), c.problems
}

// compilation is the making of one set. It goes on after a problem, so that all are told at once.
type compilation struct {
	language *expression.Language
	named    map[string]yamlpos.Text // the rules' names so far
	rules    []*rule
	problems problem.List
}

func (c *compilation) noRules(src Source) {
	p := problem.Problem{Severity: problem.Error, Code: codeNoRules, Message: "the set has no rules",
		Hint: "to silence a bot, give its rules enabled: false"}
	if len(src) > 0 {
		p.File = src[0].Name
	}
	c.problems = append(c.problems, p)
}

func (c *compilation) file(f File) {
	if len(f.Text) > maxFile {
		c.problems = append(c.problems, problem.Problem{File: f.Name, Severity: problem.Error, Code: codeTooLarge,
			Message: fmt.Sprintf("the file is larger than %d MiB", maxFile>>20), Hint: "make several files of it"})
		return
	}
	doc, problems := yamlpos.Parse(f.Name, f.Text)
	if doc.Empty() && !problems.HasErrors() {
		problems = append(problems, doc.Problem(codeEmptyFile, "the file holds nothing, or only comments", "to silence a bot, give its rules enabled: false"))
	}
	// A file that couldn't be read whole may lack keys that stand there.
	whole := !problems.HasErrors()
	var shape fileShape
	problems = append(problems, doc.Decode(&shape)...)
	c.problems = append(c.problems, problems...)
	for _, n := range shape.Rules {
		if len(c.problems) >= maxProblems {
			c.problems = append(c.problems, doc.Problem(codeTooMany, fmt.Sprintf("more than %d problems; the rest isn't looked at", maxProblems), ""))
			return
		}
		if n != nil {
			c.rule(n, f.Name, whole)
		}
	}
}

// rule compiles a rule as far as it is good.
func (c *compilation) rule(n *yamlpos.Node, file string, whole bool) {
	b := ruleBuilder{language: c.language, file: file}
	problems := n.Decode(&b.shape)
	for i := range problems {
		problems[i].Rule = b.shape.Name.Value
	}
	c.problems = append(c.problems, problems...)
	if n.Kind() != yamlpos.Mapping {
		return
	}
	r := b.build()
	b.once(c.named)
	if whole && !problems.HasErrors() {
		b.present()
	}
	c.problems = append(c.problems, b.problems...)
	c.rules = append(c.rules, r)
}
