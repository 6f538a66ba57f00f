package ruletest

import (
	"fmt"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/problem"
)

// Review warns of what cases show about the rules of a good set: live rules that no case is about, and replies that the
// same set would answer if somebody else wrote them, as another bot may. A rule has a case if one stands in it, if one
// expects it, or if it wants to speak for the event of one.
//
// The cases are judged for it in their order, as far as that is quick: of thousands of rules with thousands of cases not
// all are, and then nothing is said of what the rest might show.
func (s *Suite) Review(set *rules.Set) problem.List {
	r := review{set: set, left: maxReviewed / max(1, set.Len()), tried: map[string]bool{}, answered: map[[2]string]bool{}}
	for i := range s.Cases {
		r.look(&s.Cases[i])
	}
	var found problem.List
	about := map[string]rules.Rule{}
	for _, rule := range set.Rules() {
		about[rule.Name] = rule
	}
	for _, w := range s.rules {
		rule, known := about[w.name.Value]
		if !known || !rule.Enabled || rule.Mode == rules.Shadow {
			continue
		}
		// Cases that have something wrong aren't in the suite, but they are there.
		if !r.tried[rule.Name] && !r.unsure && w.tests == nil {
			found = append(found, warning(rule.Name, w.name.Problem(codeUntested, "no case shows what this rule says to whom",
				"add tests to it, as in tests: ["+w.example(rule.Mode)+"]")))
		}
		for _, a := range r.answers {
			if a.by == rule.Name {
				found = append(found, warning(rule.Name, w.at.Key("reply").Problem(codeSelfReply,
					fmt.Sprintf("its reply %s would be answered by rule %q if somebody else wrote it", quote(a.reply), a.again),
					"two bots that answer each other don't stop; word the reply otherwise, or keep the rule from it with unless")))
			}
		}
	}
	found.Sort()
	return found
}

func warning(rule string, p problem.Problem) problem.Problem {
	p.Severity, p.Rule = problem.Warning, rule
	return p
}

// maxReviewed bounds how many times a rule is judged for a review, all in all: a second or two.
const maxReviewed = 5_000_000

// review is what the cases show.
type review struct {
	set      *rules.Set
	left     int             // decisions that may still be made
	tried    map[string]bool // by rule
	unsure   bool            // a case wasn't judged that may be about any rule
	answers  []answer
	answered map[[2]string]bool // by the rule that says it and the one that answers
}

// answer is a reply that the set would answer.
type answer struct{ by, again, reply string }

func (r *review) look(c *Case) {
	if c.Rule != "" {
		r.tried[c.Rule] = true
	}
	for i := range c.Steps {
		step := &c.Steps[i]
		named := step.Expect != nil && step.Expect.Rule != ""
		if named {
			r.tried[step.Expect.Rule] = true
		}
		if step.unfit != "" || r.left <= 0 {
			r.unsure = r.unsure || !named && c.Rule == ""
			continue
		}
		event := step.Event
		if step.history != nil {
			event.History = *step.history
		}
		r.judge(event)
	}
}

// judge has the set decide an event, and then each reply that may come of it.
func (r *review) judge(event rules.Event) {
	for _, c := range r.decide(&event).Candidates {
		r.tried[c.Rule] = true
		if c.Mode == rules.Shadow {
			continue
		}
		for _, reply := range repliesOf(c) {
			back := echo(event, reply)
			again := r.wouldAnswer(&back)
			if key := [2]string{c.Rule, again}; again != "" && !r.answered[key] {
				r.answered[key] = true
				r.answers = append(r.answers, answer{c.Rule, again, reply})
			}
		}
	}
}

func (r *review) decide(event *rules.Event) rules.Decision {
	r.left--
	return r.set.Decide(event, event.Time)
}

// repliesOf are the public replies that a candidate may give.
func repliesOf(c rules.Candidate) []string {
	var replies []string
	for _, v := range c.Variants {
		if v.Result == rules.Matched {
			replies = append(replies, v.Text)
		}
	}
	if len(c.Variants) > 0 {
		return replies
	}
	for _, action := range c.Actions {
		if action.Action == rules.ActionReply {
			replies = append(replies, action.Text)
		}
	}
	return replies
}

// echo is a reply as it would come back from a stranger: as a comment, below the one that it answers. It is never a
// mention, since no reply of ours mentions ourselves.
func echo(event rules.Event, reply string) rules.Event {
	back := event
	back.Kind = platform.Comment
	back.Text = reply
	back.From = rules.From{ID: "3", Username: "a_stranger"}
	back.Media.IsOwn = true // Meta tells of comments on own media only
	back.Comment = rules.Comment{ID: number("echo", reply, event.Comment.ID)}
	if event.Kind != platform.CaptionMention {
		back.Comment.ParentID, back.Comment.IsReply = event.Target().Thread(), true
	}
	back.ID = event.Account.ID + "/comment/" + back.Comment.ID
	back.Derive()
	return back
}

// wouldAnswer is the first rule that would say something publicly; empty if none would.
func (r *review) wouldAnswer(event *rules.Event) string {
	decision := r.decide(event)
	for _, c := range decision.Candidates {
		if c.Mode != rules.Shadow && decision.Rules[c.Index].Outcome == rules.Matched && len(repliesOf(c)) > 0 {
			return c.Rule
		}
	}
	return ""
}
