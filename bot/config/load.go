package config

import (
	"fmt"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// loader makes a Config of a shape and collects what is wrong.
type loader struct {
	Options
	path     string
	file     yamlpos.Pos // the place of the whole mapping
	config   Config
	problems problem.List
}

func (l *loader) report(p problem.Problem) { l.problems = append(l.problems, p) }

// parse is Load, after the reading.
func parse(path string, src []byte, options Options) (*Config, problem.List) {
	l := &loader{Options: options, path: path}
	l.config.origins = map[string]string{}
	doc, found := yamlpos.Parse(path, src)
	l.problems = found
	switch {
	case !doc.Empty():
		l.load(doc)
	case len(found) == 0:
		l.report(doc.Problem(codeEmpty, "the configuration is empty", ""))
	}
	mask(l.problems)
	l.problems.Sort()
	if l.problems.HasErrors() {
		return nil, l.problems
	}
	return &l.config, l.problems
}

func (l *loader) load(doc *yamlpos.Doc) {
	l.substitute(doc)
	file := defaults()
	l.problems = append(l.problems, doc.Decode(&file)...)
	if file.Pos == (yamlpos.Pos{}) {
		return // no mapping, and said to be none
	}
	l.file = file.Pos
	l.addresses(file)
	l.places(file)
	l.daemon(file)
	l.instagram(file.Instagram)
	l.accounts(file)
	l.later(file)
}

// missing reports a key that a mapping needs; within is how the mapping is called, "" for the whole file. Nothing is
// said of a key that is there: something else was found wrong with it.
func (l *loader) missing(mapping yamlpos.Pos, within, key string) {
	message := key + " is missing"
	if within != "" {
		message = within + " needs " + key
	}
	if mapping == (yamlpos.Pos{}) {
		if l.file.Has(within) {
			return
		}
		mapping = l.file
	}
	if !mapping.Has(key) {
		l.report(mapping.Problem(codeMissing, message, ""))
	}
}

// wrong reports a value that its key doesn't take.
func (l *loader) wrong(value yamlpos.Text, hint, message string, args ...any) {
	l.report(value.Problem(codeValue, fmt.Sprintf(message, args...), hint))
}
