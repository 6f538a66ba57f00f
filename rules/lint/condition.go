package lint

import (
	"slices"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/logic"
)

// view is a rule as logic sees it.
type view struct {
	*rules.InspectedRule
	when, unless       *expression.Tree // nil if the rule lacks it
	filters            formula          // what the rule is for
	whenIs, unlessIsnt formula
	matches            formula // all of them together
	told               bool    // of something that explains whatever else could be told of it
}

// conditions warns of what the conditions of rules come to.
func (l *linter) conditions() {
	c := conditions{linter: l, world: newWorld(), trees: map[string]*expression.Tree{}, places: map[string]place{}, seen: map[string]bool{}}
	for _, named := range l.Conditions {
		c.places[named.Name] = place{named, "", "condition " + named.Name, l.kinds[named.Name]}
		if c.trees[named.Name] = l.Reader.Tree(named.Text); c.trees[named.Name] != nil {
			c.formula(c.trees[named.Name])
		}
	}
	views := make([]view, len(l.Rules))
	for i := range l.Rules {
		views[i] = c.view(&l.Rules[i])
	}
	for _, named := range l.Conditions {
		c.named(named.Name)
	}
	for i := range views {
		c.judge(&views[i])
	}
	c.reach(views)
	for i := range views {
		c.broad(&views[i])
	}
}

// conditions looks at the conditions of one set.
type conditions struct {
	*linter
	*world
	trees  map[string]*expression.Tree // of the conditions with names
	places map[string]place
	seen   map[string]bool
}

func (c *conditions) view(r *rules.InspectedRule) view {
	v := view{InspectedRule: r, whenIs: known(logic.True()), unlessIsnt: known(logic.True()), filters: c.filters(r)}
	if r.When.Text != "" {
		if v.when = c.Reader.Tree(r.When.Text); v.when != nil {
			v.whenIs = c.formula(v.when)
		}
	}
	if r.Unless.Text != "" {
		if v.unless = c.Reader.Tree(r.Unless.Text); v.unless != nil {
			v.unlessIsnt = not(c.formula(v.unless))
		}
	}
	v.matches = join(logic.And, v.filters, v.whenIs, v.unlessIsnt)
	return v
}

// named warns of a condition with a name, after those that it uses.
func (c *conditions) named(name string) {
	if c.seen[name] {
		return
	}
	c.seen[name] = true
	for _, used := range c.within[name] {
		c.named(used)
		c.spoiled[name] = c.spoiled[name] || c.spoiled[used]
	}
	if !c.spoiled[name] && c.trees[name] != nil {
		c.spoiled[name] = c.parts(c.places[name], c.trees[name])
	}
}

// judge warns of what a rule comes to by itself.
func (c *conditions) judge(v *view) {
	v.told = c.hopeless[v.Name] || c.spoils(v.When.Text) || c.spoils(v.Unless.Text)
	for _, p := range placesOf(v.InspectedRule) {
		tree := v.when
		if p.key == "unless" {
			tree = v.unless
		}
		if !v.told && tree != nil {
			v.told = c.parts(p, tree)
		}
	}
	if v.told || !v.Enabled {
		return
	}
	switch {
	case c.never(v.filters, v.whenIs):
		v.told = true
		c.warn(v.Problem("when", codeNeverTrue, "when: it is never true for the kinds and media that the rule is for", "look at on and media"))
	case c.never(v.matches):
		v.told = true
		c.warn(v.Problem("unless", codeNeverTrue, "unless: it is true wherever the rule would match, so that it never speaks", ""))
	}
}

// spoils reports whether an expression uses a condition of which was told that it can't be right.
func (c *conditions) spoils(source string) bool {
	used, _ := c.Reader.Uses(source)
	return slices.ContainsFunc(used, func(name string) bool { return c.spoiled[name] })
}

// parts warns of a condition, or the smallest parts of it, that are never true or always, and reports whether it did.
// What stands in a condition with a name is told there.
func (c *conditions) parts(p place, root *expression.Tree) bool {
	if c.chains(p, root) {
		return true
	}
	f := c.formula(root)
	switch {
	case root.Op == expression.Named:
		return false
	case root.Op == expression.True && p.key != "unless", root.Op == expression.False && p.key == "unless":
		return false // the default, written out
	case c.never(f):
		hint := ""
		if p.key == "when" {
			hint = "to silence a rule, give it enabled: false"
		}
		c.warnAt(p, root.Offset, codeNeverTrue, hint, "it is never true")
	case c.always(f):
		c.warnAt(p, root.Offset, codeAlwaysTrue, "", "it is always true")
	default:
		return false
	}
	return true
}

// chains warns of the smallest chains within a tree.
func (c *conditions) chains(p place, t *expression.Tree) (told bool) {
	if t.Op == expression.Named {
		return false
	}
	for _, inner := range t.Of {
		told = c.chains(p, inner) || told
	}
	switch {
	case told:
	case t.Op == expression.And && c.never(c.formula(t)):
		at, what := c.clash(t, c.never)
		c.warnAt(p, at, codeNeverTrue, "and is true only if both sides are, or if either side is", what+"never true together")
		return true
	case t.Op == expression.Or && c.always(c.formula(t)):
		at, what := c.clash(t, c.always)
		c.warnAt(p, at, codeAlwaysTrue, "to rule out several, join their != with and", what+"always true, one or the other")
		return true
	}
	return told
}

// clash finds the first member of a chain that settles it together with one before it.
func (c *conditions) clash(t *expression.Tree, settled func(...formula) bool) (offset int, what string) {
	const most = 30
	for i, member := range t.Of[:min(len(t.Of), most)] {
		for _, before := range t.Of[:i] {
			if settled(c.formula(before), c.formula(member)) {
				return member.Offset, "this and what stands before it are "
			}
		}
	}
	return t.Offset, "the parts of this are "
}
