package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// untold warns of a rule for ended stories that takes a figure which Meta didn't tell for a small one: it is 0 then. Which
// figures come nobody promises.
func (l *linter) untold() {
	for i := range l.Rules {
		r := &l.Rules[i]
		if !r.Enabled || !slices.Contains(r.Kinds, platform.StoryInsights) {
			continue
		}
		when, unless := l.Reader.Tree(r.When.Text), l.Reader.Tree(r.Unless.Text)
		for _, figure := range l.figures() {
			if when != nil && truthOf(when, figure) == surelyNot || unless != nil && truthOf(unless, figure) == surely {
				continue
			}
			l.untoldWhen(r, when, figure)
			l.untoldShown(r, figure)
		}
	}
}

// figures are the full names of a story's.
func (l *linter) figures() []string {
	var names []string
	for _, f := range rules.Fields() {
		if strings.HasPrefix(f.Name, ofStory) && f.Name != knownOfStory {
			names = append(names, f.Name)
		}
	}
	return names
}

const (
	ofStory      = "story."
	knownOfStory = "story.known"
)

// untoldWhen warns of the first test in a rule's condition that holds of the figure because it is 0.
func (l *linter) untoldWhen(r *rules.InspectedRule, when *expression.Tree, figure string) {
	if when == nil {
		return
	}
	if at, found := heldByZero(when, figure, true); found {
		p := place{r.When, r.Name, "when", r.Kinds}
		l.warnAt(p, at, codeUntold, "write … and "+asked(figure)+" where only a figure that came counts", figure+" is 0 too where Meta didn't tell it")
	}
}

// untoldShown warns of a message with a figure that may be 0 for not having been told.
func (l *linter) untoldShown(r *rules.InspectedRule, figure string) {
	if r.Notice.Text == "" {
		return
	}
	for _, shown := range expression.Interpolations(r.Notice.Text) {
		fields := l.Reader.Fields(shown.Text)
		at := slices.IndexFunc(fields, func(f expression.Placed) bool { return f.Text == figure })
		asks := slices.ContainsFunc(fields, func(f expression.Placed) bool { return f.Text == knownOfStory })
		if at >= 0 && !asks {
			p := place{r.Notice, r.Name, "notify", r.Kinds}
			l.warnAt(p, shown.Offset+fields[at].Offset, codeUntold, "write … and "+asked(figure)+" in when, or ask for it in the text", figure+" is 0 too where Meta didn't tell it")
			return
		}
	}
}

// asked is the test whether a figure came.
func asked(figure string) string {
	return fmt.Sprintf("%q in %s", strings.TrimPrefix(figure, ofStory), knownOfStory)
}

// certainty is what is known of a condition.
type certainty int

const (
	surelyNot certainty = iota - 1
	maybe
	surely
)

// truthOf is what is known of a condition where Meta didn't tell the figure.
func truthOf(t *expression.Tree, figure string) certainty {
	switch t.Op {
	case expression.True:
		return surely
	case expression.False:
		return surelyNot
	case expression.Not:
		return -truthOf(t.Of[0], figure)
	case expression.Named:
		return truthOf(t.Of[0], figure)
	case expression.And, expression.Or:
		all := make([]certainty, len(t.Of))
		for i, part := range t.Of {
			all[i] = truthOf(part, figure)
		}
		if t.Op == expression.And {
			return slices.Min(all)
		}
		return slices.Max(all)
	case expression.If:
		return choice(truthOf(t.Of[0], figure), truthOf(t.Of[1], figure), truthOf(t.Of[2], figure))
	default:
		return testOf(t.Test, figure)
	}
}

func choice(condition, then, otherwise certainty) certainty {
	switch {
	case condition == surely || then == otherwise:
		return then
	case condition == surelyNot:
		return otherwise
	default:
		return maybe
	}
}

// testOf is what is known of one test.
func testOf(t expression.Test, figure string) certainty {
	holds := false
	switch {
	case t.Verb == expression.AtMost && t.Subject.Field == figure:
		holds = t.Number >= 0
	case t.Verb == expression.Holds && t.Subject.Field == knownOfStory && len(t.Words) == 1 && ofStory+t.Words[0].Text == figure:
	default:
		return maybe
	}
	if holds {
		return surely
	}
	return surelyNot
}

// heldByZero finds the first test of the figure that makes for the condition's truth, or, not wanted, its falsehood, where
// Meta didn't tell it, and says where in the condition's own text it stands.
func heldByZero(t *expression.Tree, figure string, wanted bool) (at int, found bool) {
	switch t.Op {
	case expression.Leaf:
		holds := testOf(t.Test, figure)
		about := t.Test.Verb == expression.AtMost && holds != maybe
		return t.Offset, about && (holds == surely) == wanted
	case expression.Not:
		return heldByZero(t.Of[0], figure, !wanted)
	case expression.Named:
		_, found = heldByZero(t.Of[0], figure, wanted)
		return t.Offset, found
	}
	for _, part := range t.Of {
		if at, found = heldByZero(part, figure, wanted); found {
			return at, true
		}
	}
	return 0, false
}
