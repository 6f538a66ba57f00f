package lint

import (
	"fmt"
	"slices"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/logic"
)

// Bounds on the work for a whole set. What they cut off stays untold.
const (
	maxAsked    = 20 // earlier rules that a rule may be shadowed by
	maxTogether = 50 // those that are looked at together
)

// reach warns of rules that the evaluation never comes to.
func (c *conditions) reach(views []view) {
	formulas := make([]logic.Formula, len(views))
	for i := range views {
		formulas[i] = logic.False()
		if v := &views[i]; v.ends() {
			formulas[i] = v.matches.Formula
		}
	}
	index := logic.NewIndex(c.about(c.everyAtom()), formulas)
	for i := range views {
		v := &views[i]
		if !v.Enabled || v.told {
			continue
		}
		for asked, earlier := range index.Candidates(v.matches.Formula) {
			if earlier >= i || asked >= maxAsked {
				break
			}
			if before := &views[earlier]; activeWith(before, v) && c.follows(v.matches, before.matches) {
				c.unreachable(v, before)
				break
			}
		}
	}
	c.together(views)
}

func (c *conditions) everyAtom() []logic.Atom {
	all := make([]logic.Atom, len(c.atoms))
	for i := range all {
		all[i] = logic.Atom(i)
	}
	return all
}

// ends reports whether the rule ends the evaluation where it matches. One of which something was told counts as none:
// what follows from a mistake goes when it is mended.
func (v *view) ends() bool {
	return v.Enabled && !v.told && !v.Continue && v.Mode != rules.Shadow
}

// activeWith reports whether an earlier rule is surely active whenever a later one is.
func activeWith(earlier, later *view) bool {
	return earlier.Active == nil || earlier.Active == later.Active
}

func (c *conditions) unreachable(v, earlier *view) {
	v.told = true
	place := fmt.Sprintf("%s:%d", earlier.File, earlier.Line())
	c.warn(v.Problem("name", codeUnreachable, fmt.Sprintf("never reached: rule %q (%s) matches whatever this one would, and ends the evaluation", earlier.Name, place),
		"put it before that rule, or narrow that one"))
}

// together warns of rules that no single earlier one shadows, but several that match everything of some kinds do.
func (c *conditions) together(views []view) {
	var earlier []formula
	for i := range views {
		v := &views[i]
		if v.Enabled && !v.told && len(earlier) > 1 && c.follows(v.matches, join(logic.Or, earlier...)) {
			v.told = true
			c.warn(v.Problem("name", codeUnreachable, "never reached: rules before it match whatever this one would, and end the evaluation",
				"put it before them, or narrow them"))
		}
		if v.ends() && v.Active == nil && v.when == nil && v.unless == nil && len(earlier) < maxTogether {
			earlier = append(earlier, v.matches)
		}
	}
}

// broad warns of live rules that hide everything, that answer everything without bounds, or nearly everything with one
// text. People may be told of everything.
func (c *conditions) broad(v *view) {
	if !v.Enabled || v.told || v.Mode != rules.Live || len(v.Media) > 0 {
		return
	}
	everything := c.follows(v.filters, join(logic.And, v.whenIs, v.unlessIsnt))
	if everything && v.Hides {
		c.warn(v.Problem("hide", codeHidesAll, "it hides every comment", "say in when which ones"))
	}
	if len(v.Replies)+len(v.PrivateReplies) == 0 {
		return
	}
	rare := len(v.Bounds.Cooldowns) > 0 || len(v.Bounds.OncePer) > 0
	if everything && !rare && v.Bounds.Limit.Max == 0 {
		c.warn(v.Problem(placeOf(v), codeUnbounded, "it answers everything, and nothing bounds how often",
			"give it a when, or a limit, cooldown or once_per"))
	}
	if nearly := everything || onlyOfMedia(v.when, v.unless); nearly && !rare && len(spoken(v)) == 1 {
		c.warn(v.Problem(spokenAt(v), codeOneVariant, "the same words go to nearly everybody, which Instagram takes for spam",
			"give it several replies, of which one is drawn"))
	}
}

// spoken are the rule's public replies, or its private ones where it has no others.
func spoken(v *view) []rules.InspectedText {
	if len(v.Replies) == 0 {
		return v.PrivateReplies
	}
	return v.Replies
}

func spokenAt(v *view) string {
	if len(v.Replies) == 0 {
		return "private_reply"
	}
	return "reply"
}

// placeOf is the key that a rule's breadth shows at.
func placeOf(v *view) string {
	if v.when != nil {
		return "when"
	}
	return "name"
}

// onlyOfMedia reports whether conditions look at nothing but what kind of event it is, and of media.
func onlyOfMedia(trees ...*expression.Tree) bool {
	seen := map[string]bool{}
	for len(trees) > 0 {
		t := trees[0]
		trees = trees[1:]
		switch {
		case t == nil || seen[t.Name]:
			continue
		case t.Op == expression.Named:
			seen[t.Name] = true
		case t.Op == expression.Leaf && !ofMedia(t.Test.Subject.Field):
			return false
		}
		trees = append(trees, t.Of...)
	}
	return true
}

// ofMedia reports whether a field tells many media or events from others, and none from all others.
func ofMedia(field string) bool {
	return slices.Contains([]string{"kind", "mentions_me", "comment.is_reply", "media.type", "media.product_type", "media.is_own", "media.is_ad"}, field)
}
