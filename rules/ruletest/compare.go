package ruletest

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
)

// Difference is one key of an expectation that wasn't met.
type Difference struct {
	Key  string `json:"key"`
	Want string `json:"want"`
	Got  string `json:"got"`
}

// judgement is what came of an event, to be compared with what was expected.
type judgement struct {
	came     Conclusion
	decision rules.Decision
}

// compare gives the differences, and what explains them. In a case of a rule it looks at that rule's part alone, unless
// the author names another rule.
func (j *judgement) compare(want *Expectation, rule string) (found []Difference, note string) {
	got := j.came
	if rule != "" && (want.Rule == "" || want.Rule == rule) {
		got, note = j.of(rule)
	}
	differ := func(key, want, got string) {
		if want != "" && want != got {
			found = append(found, Difference{Key: key, Want: want, Got: got})
		}
	}
	differ("verdict", want.Verdict, got.Verdict)
	differ("because", string(want.Because), string(got.Because))
	differ("rule", want.Rule, got.Rule)
	differ("mode", string(want.Mode), string(got.Mode))
	differ("reply", want.Reply, got.Reply)
	for _, part := range want.Contains {
		if !strings.Contains(got.Reply, part) {
			found = append(found, Difference{Key: "reply_contains", Want: part, Got: got.Reply})
		}
	}
	if want.Matches != nil && !want.Matches.MatchString(got.Reply) {
		found = append(found, Difference{Key: "reply_matches", Want: want.Matches.String(), Got: got.Reply})
	}
	found = append(found, want.beside(&got)...)
	if len(found) == 0 && rule != "" && want.Rule == "" && got.Rule != "" && got.Rule != rule {
		found = append(found, Difference{Key: "rule", Want: rule, Got: got.Rule})
	}
	return found, note
}

// beside compares what is done beside the public reply.
func (e *Expectation) beside(got *Conclusion) (found []Difference) {
	private, hides, notified := "", false, []string(nil)
	for _, a := range got.Actions {
		switch a.Action {
		case rules.ActionPrivateReply:
			private = a.Text
		case rules.ActionHide:
			hides = true
		case rules.ActionNotify:
			notified = append(notified, a.To)
		}
	}
	if e.PrivateReply != "" && e.PrivateReply != private {
		found = append(found, Difference{Key: "private_reply", Want: e.PrivateReply, Got: private})
	}
	if e.Hide != nil && *e.Hide != hides {
		found = append(found, Difference{Key: "hide", Want: fmt.Sprint(*e.Hide), Got: fmt.Sprint(hides)})
	}
	for _, place := range e.Notify {
		if !slices.Contains(notified, place) {
			found = append(found, Difference{Key: "notify", Want: place, Got: strings.Join(notified, ", ")})
		}
	}
	return found
}

// of is what one rule made of the event, in the words of a record. A rule that wasn't reached made nothing of it: then
// it is the event's conclusion, by whichever rule.
func (j *judgement) of(rule string) (part Conclusion, note string) {
	if j.came.Rule == rule || j.came.Rule == "" && j.came.Verdict != noMatch {
		part = j.came
		part.Actions = actionsOf(part.Actions, rule)
		return part, ""
	}
	index, outcome := j.outcome(rule)
	part = Conclusion{Rule: rule, Rules: j.came.Rules}
	var candidate rules.Candidate
	for _, c := range j.decision.Candidates {
		if c.Index == index {
			candidate = c
		}
	}
	switch outcome.Outcome {
	case rules.Matched: // and didn't decide: it is a shadow, or does something beside another's reply
		part.Verdict, part.Mode, part.Actions = "shadow", candidate.Mode, candidate.Actions
		if candidate.Mode != rules.Shadow {
			part.Verdict, part.Actions = "acted", actionsOf(j.came.Actions, rule)
		}
		if candidate.Mode == rules.Approve && slices.ContainsFunc(part.Actions, waits) {
			part.Verdict = "approve"
		}
		for _, action := range candidate.Actions {
			if action.Action == rules.ActionReply && part.Reply == "" {
				part.Reply = action.Text
			}
		}
	case rules.HeldBack:
		part.Verdict, part.Because, part.Mode = "skipped", outcome.Because, candidate.Mode
	case rules.Failed:
		part.Verdict, part.Because, part.Mode = "error", outcome.Because, candidate.Mode
	case rules.NoMatch, rules.NotApplicable:
		part.Verdict, part.Because, part.Rule = noMatch, outcome.Because, ""
	default:
		return j.came, fmt.Sprintf("rule %q was not asked: rule %q ended the evaluation", rule, j.came.Rule)
	}
	if part.Rule == "" && j.came.Rule != "" {
		note = fmt.Sprintf("rule %q did not match; the event was decided by rule %q", rule, j.came.Rule)
	}
	return part, note
}

// actionsOf are those that the rule wants.
func actionsOf(all []rules.Action, rule string) []rules.Action {
	return slices.DeleteFunc(slices.Clone(all), func(a rules.Action) bool { return a.Rule != rule })
}

// waits reports whether an action waits for a person where its rule is in mode approve.
func waits(a rules.Action) bool { return a.Action != rules.ActionNotify }

func (j *judgement) outcome(rule string) (index int, outcome rules.Outcome) {
	for i, o := range j.came.Rules {
		if o.Name == rule {
			return i, o
		}
	}
	return -1, rules.Outcome{Name: rule, Outcome: rules.NotReached}
}
