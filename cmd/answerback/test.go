package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/ruletest"
	"github.com/spf13/cobra"
)

// test is one call of the verb.
type test struct {
	*cli
	output, only string
	coverage     bool

	pattern  *regexp.Regexp
	report   ruletest.Report
	problems problem.List // that kept cases from running
	empty    bool         // there is a set without any case
}

func (c *cli) testCommand() *cobra.Command {
	t := &test{cli: c}
	cmd := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run the cases of rules",
		Long: `test judges the cases of each PATH, a folder of rule files or one file, and tells
those that fail: what was expected, what came, and how each rule decided. Without
a PATH it runs those of rules/. It needs no network, no token and no daemon.

Cases stand under "tests" in a rule, and in files NAME_test.yaml beside the rules.
Exit status 1: a case failed, there is none, or the rules have problems.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, paths []string) error { return t.run(paths) },
	}
	cmd.Flags().StringVarP(&t.output, "output", "o", "text", "text, json or junit")
	cmd.Flags().StringVar(&t.only, "run", "", `only cases whose title ("RULE: NAME", or NAME) this regular expression finds`)
	cmd.Flags().BoolVar(&t.coverage, "coverage", false, "list the rules, replies and clauses that no case reaches")
	return cmd
}

func (t *test) run(paths []string) error {
	if err := t.understand(); err != nil {
		return err
	}
	if len(paths) == 0 {
		paths = []string{"rules"}
	}
	for _, path := range paths {
		if err := t.set(path); err != nil {
			return err
		}
	}
	unmatched := t.pattern != nil && len(t.report.Results) == 0 && t.report.LeftOut > 0
	if unmatched {
		fmt.Fprintf(t.stderr, "answerback: --run %q finds none of %s\n", t.only, plural(t.report.LeftOut, "case"))
	}
	ok := t.report.Failed() == 0 && len(t.problems) == 0 && !t.empty && !unmatched
	if err := t.print(ok); err != nil {
		return failure{err}
	}
	if !ok {
		return errFailed
	}
	return nil
}

// understand looks at the options before anything is read.
func (t *test) understand() error {
	if err := oneOf("output", t.output, "text", "json", "junit"); err != nil {
		return err
	}
	if t.coverage && t.output == "junit" {
		return errors.New("--coverage has no place in junit; it goes with text and json")
	}
	if t.only == "" {
		return nil
	}
	pattern, err := regexp.Compile(t.only)
	if err != nil {
		return fmt.Errorf("--run %q: %w", t.only, err)
	}
	t.pattern = pattern
	return nil
}

// set runs the cases of one path. Cases of a set that has problems, or that have some themselves, aren't run: what they
// would show is not what their author meant.
func (t *test) set(path string) error {
	files, err := ruletest.Read(path)
	if err != nil {
		return err
	}
	src, err := rules.Read(path)
	if err != nil {
		return err
	}
	set, problems := rules.Compile(src)
	suite, wrong := ruletest.Load(src, files, t.sampleEvents)
	found := append(errorsOf(problems), errorsOf(wrong)...)
	if len(found) > 0 {
		found.Sort()
		t.problems = append(t.problems, found...)
		return nil
	}
	if len(suite.Cases) == 0 {
		t.empty = true
		fmt.Fprintf(t.stderr, "answerback: %q has no cases: nothing is tested\n", path)
		return nil
	}
	t.report.Add(suite.Run(set, ruletest.Options{
		Ledger:   func() ruletest.Ledger { return &caseLedger{} },
		Only:     t.pattern,
		Coverage: t.coverage,
	}))
	return nil
}

// errorsOf leaves warnings to check.
func errorsOf(all problem.List) problem.List {
	var found problem.List
	for _, p := range all {
		if p.Severity != problem.Warning {
			found = append(found, p)
		}
	}
	return found
}

func (t *test) print(ok bool) error {
	switch t.output {
	case "json":
		return t.report.JSON(t.stdout, ok, t.problems)
	case "junit":
		return t.report.JUnit(t.stdout, t.problems)
	}
	if err := t.problems.Text(t.stdout); err != nil {
		return err
	}
	if len(t.problems) > 0 {
		fmt.Fprintf(t.stdout, "%s; cases run when there are none\n", plural(len(t.problems), "problem"))
	}
	if len(t.report.Results) == 0 {
		return nil
	}
	return t.report.Text(t.stdout)
}

// caseLedger is a ledger in memory in the words of cases.
type caseLedger struct{ memory ledger.Memory }

// History implements [ruletest.Ledger].
func (l *caseLedger) History(event *rules.Event) (rules.History, error) {
	return l.memory.History(event), nil
}

// Enter implements [ruletest.Ledger].
func (l *caseLedger) Enter(event *rules.Event, decision rules.Decision, now time.Time) (ruletest.Conclusion, error) {
	record, err := l.memory.Enter(event, decision, now, ledger.Terms{})
	if errors.Is(err, ledger.ErrDecided) {
		return ruletest.Conclusion{}, ruletest.ErrAgain
	}
	return ruletest.Conclusion{
		Verdict: string(record.Verdict),
		Because: record.Because,
		Rule:    record.Rule,
		Mode:    record.Mode,
		Reply:   record.Reply,
		Actions: record.Actions,
		Rules:   record.Rules,
	}, err
}

// sampleEvents reads the events of a sample that a case names.
func (c *cli) sampleEvents(path string) ([]rules.Event, error) {
	if path == "-" {
		return nil, errors.New("a case can't be read from standard input")
	}
	// To open a pipe is to wait for whoever writes to it. What may read a case, such as a pull request's check, must end.
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%q is not a regular file", path)
	}
	s, err := c.readSample(path)
	if err != nil {
		return nil, err
	}
	var events []rules.Event
	for _, change := range s.notification.Changes {
		if change.Kind() == "" {
			continue
		}
		event, err := s.caseEvent(change)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	return events, nil
}

// caseEvent is the whole event of a change, which must hold all that the rules are asked about.
func (s sample) caseEvent(change instagram.Change) (rules.Event, error) {
	received := change.Time
	if received.IsZero() {
		received = ruletest.Noon()
	}
	event, texted := s.event(change, rules.Account{ID: change.EntryID}, received)
	event.Derive()
	switch {
	case change.EntryID == testEntry:
		return event, fmt.Errorf("%w: it is what the dashboard's test button sends, which no rule judges", ruletest.ErrUndecidable)
	case !texted:
		what, _, answer := missingText(&event)
		return event, fmt.Errorf("%w: the sample doesn't carry %s; write it as {\"webhook\": …, \"graph\": [%s]}", ruletest.ErrUndecidable, what, answer)
	}
	return event, nil
}
