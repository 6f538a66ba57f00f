package watch

import (
	"fmt"

	"github.com/sirupsen/logrus"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// tellActive logs a set that was activated, and its warnings.
func (s *Source) tellActive(before, set *rules.Set, warnings problem.List, trigger string) {
	s.tellProblems(warnings)
	d := compare(before, set)
	s.log.WithFields(logrus.Fields{
		"revision": set.Revision(), "rules": set.Len(), "added": d.added, "removed": d.removed, "changed": d.changed,
		"trigger": trigger,
	}).Infof("rules %s active, %d rules, +%d −%d ~%d", short(set), set.Len(), d.added, d.removed, d.changed)
}

// tellRefused logs an edit that was refused, a line for each problem.
func (s *Source) tellRefused(r Result) {
	s.tellProblems(r.Problems)
	s.log.WithFields(logrus.Fields{
		"revision": r.Set.Revision(), "problems": len(r.Problems), "trigger": r.Trigger,
	}).Errorf("rules refused, %s stays active", short(r.Set))
}

func (s *Source) tellKept(r Result) {
	s.log.WithFields(logrus.Fields{"revision": r.Set.Revision(), "rules": r.Set.Len(), "trigger": r.Trigger}).
		Infof("rules %s active as before", short(r.Set))
}

// tellAsked logs a look that found nothing new, if somebody asked for it and waits for a word.
func (s *Source) tellAsked(r Result) {
	if r.Trigger != TriggerSignal && r.Trigger != TriggerRequest {
		return
	}
	log := s.log.WithFields(logrus.Fields{"revision": r.Set.Revision(), "trigger": r.Trigger})
	if r.Err != nil {
		log.WithField("problems", len(r.Problems)).Errorf("rules still refused, %s stays active", short(r.Set))
		return
	}
	log.Infof("rules unchanged, %s active", short(r.Set))
}

func (s *Source) tellProblems(problems problem.List) {
	for _, p := range problems {
		log := s.log.WithFields(logrus.Fields{
			"file": p.File, "line": p.Line, "column": p.Column, "code": p.Code, "rule": p.Rule,
		})
		if p.Severity == problem.Warning {
			log.Warn(p.String())
		} else {
			log.Error(p.String())
		}
	}
}

// short is how people tell revisions apart.
func short(set *rules.Set) string { return fmt.Sprintf("%.8s…", set.Revision()) }

// difference counts rules, by name.
type difference struct{ added, removed, changed int }

func compare(before, after *rules.Set) difference {
	var d difference
	old := map[string]string{}
	if before != nil {
		for _, r := range before.Rules() {
			old[r.Name] = r.Fingerprint
		}
	}
	for _, r := range after.Rules() {
		switch fingerprint, ok := old[r.Name]; {
		case !ok:
			d.added++
		case fingerprint != r.Fingerprint:
			d.changed++
		}
		delete(old, r.Name)
	}
	d.removed = len(old)
	return d
}
