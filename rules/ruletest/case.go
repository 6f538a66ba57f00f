package ruletest

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// caseBuilder makes a case of its shape and notes what is wrong.
type caseBuilder struct {
	place
	node   *yamlpos.Node
	number int // within the list, from 1
	names  []string
	sample Sampler

	shape    caseShape
	clock    time.Time // of the step before; zero before the first
	problems problem.List
}

// build reports whether the case is good.
func (b *caseBuilder) build() (Case, bool) {
	b.problems = b.node.Decode(&b.shape)
	whole := !b.problems.HasErrors()
	c := Case{Name: b.shape.Name.Value, Rule: b.rule, File: b.file, Line: b.node.Pos().Line()}
	if c.Name == "" {
		c.Name = fmt.Sprintf("case %d", b.number)
		if b.rule == "" {
			c.Name += " of " + filepath.Base(b.file)
		}
	}
	if whole {
		b.present()
	}
	for i, shape := range b.steps() {
		c.Steps = append(c.Steps, b.step(shape, i))
	}
	return c, !b.problems.HasErrors()
}

// steps are the case's events, whichever way they are written.
func (b *caseBuilder) steps() []*stepShape {
	if b.shape.At.Has("events") {
		return slices.DeleteFunc(slices.Clone(b.shape.Events), func(s *stepShape) bool { return s == nil })
	}
	return []*stepShape{&b.shape.stepShape}
}

// present makes sure that the keys are there which a case needs, and that they go together.
func (b *caseBuilder) present() {
	at := b.shape.At
	if !at.Has("events") {
		b.presentIn(&b.shape.stepShape, true, "a case needs an event, several events or a sample")
		return
	}
	for _, key := range []string{"event", "sample", "expect"} {
		if at.Has(key) {
			b.note(at.Key(key).Problem(codeClash, key+" doesn't go together with events", "put it into one of the events"))
		}
	}
	if len(b.shape.Events) == 0 {
		b.note(at.Key("events").Problem(codeMissing, "events is an empty list", ""))
	}
	for i, step := range b.shape.Events {
		last := i == len(b.shape.Events)-1
		b.presentIn(step, last, "each of the events needs an event or a sample")
	}
}

// presentIn does the same for one event. The last one must be expected to come to something; those before it may just
// lead there.
func (b *caseBuilder) presentIn(s *stepShape, last bool, none string) {
	switch event, sample := s.At.Has("event"), s.At.Has("sample"); {
	case event && sample:
		b.note(s.At.Key("sample").Problem(codeClash, "sample doesn't go together with event", "a sample brings its event along"))
	case !event && !sample:
		b.note(s.At.Problem(codeMissing, none, ""))
	}
	if last && !s.At.Has("expect") {
		b.note(s.At.Problem(codeNoExpect, "nothing is expected of this event", "add expect, as in expect: {verdict: reply}"))
	}
}

// step makes an event with what is expected of it. What it lacks was reported.
func (b *caseBuilder) step(s *stepShape, index int) Step {
	step := Step{Line: s.At.Line()}
	switch {
	case s.Event != nil:
		b.written(&step, s.Event, index)
	case s.Sample.Given():
		b.sampled(&step, s.Sample)
	}
	if s.Expect != nil {
		step.Expect = b.expectation(s.Expect)
	}
	return step
}

// sampled reads the step's event from a file.
func (b *caseBuilder) sampled(step *Step, path yamlpos.Text) {
	step.Sample = path.Value
	if b.sample == nil {
		step.unfit = "samples aren't read here"
		return
	}
	full := filepath.FromSlash(path.Value)
	if !filepath.IsAbs(full) {
		full = filepath.Join(filepath.Dir(b.file), full)
	}
	events, err := b.sample(full)
	switch {
	case errors.Is(err, ErrUndecidable):
		step.unfit = err.Error()
	case err != nil:
		b.note(path.Problem(codeSample, fmt.Sprintf("the sample can't be read: %s", err),
			"its path counts from the folder of this file"))
	case len(events) == 0:
		b.note(path.Problem(codeSample, "the sample holds no event", "answerback dry-run with it says what it holds instead"))
	case len(events) != 1:
		b.note(path.Problem(codeSample, fmt.Sprintf("the sample holds %d events; a case is about one", len(events)), ""))
	default:
		step.Event = events[0]
		b.tick(path, step.Event.Time)
	}
}

// tick sets the case's clock, which doesn't run backwards.
func (b *caseBuilder) tick(at yamlpos.Text, now time.Time) {
	if now.Before(b.clock) {
		b.note(at.Problem(codeTime, fmt.Sprintf("this event happens at %s, before the one that it follows (%s)",
			now.UTC().Format(time.RFC3339), b.clock.UTC().Format(time.RFC3339)), "events stand in the order in which they happen"))
		return
	}
	b.clock = now
}

func (b *caseBuilder) note(p problem.Problem) { b.problems = append(b.problems, p) }

// word checks one out of a few.
func (b *caseBuilder) word(key string, written yamlpos.Text, known ...string) {
	if !written.Given() || slices.Contains(known, written.Value) {
		return
	}
	b.note(written.Problem(codeUnknownWord, fmt.Sprintf("%s: unknown word %q", key, written.Value), hintForWord(written.Value, known)))
}

func hintForWord(written string, known []string) string {
	if near, ok := yamlpos.Nearest(written, known); ok {
		return "did you mean " + near + "?"
	}
	return "known are " + strings.Join(known, ", ")
}

// historyOf is what an author put in the ledger's place; nil if nothing.
func historyOf(s *historyShape) *rules.History {
	if s == nil {
		return nil
	}
	return &rules.History{UserReplies: s.UserReplies, MediaReplies: s.MediaReplies, ThreadReplies: s.ThreadReplies}
}
