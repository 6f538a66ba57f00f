package lint

import (
	"slices"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// use is a name of the set's that something uses.
type use struct{ what, name string }

// uses finds out what is used, and for which kinds of events.
func (l *linter) uses() {
	l.used, l.kinds, l.within = map[use]bool{}, map[string][]platform.Kind{}, map[string][]string{}
	for _, c := range l.Conditions {
		l.within[c.Name] = l.note(c.Text)
	}
	for _, t := range l.Templates {
		l.shown(t.Replies)
	}
	for _, r := range l.Rules {
		l.used[use{"template", r.Template}], l.used[use{"template", r.PrivateTemplate}] = true, true
		named := slices.Concat(l.note(r.When.Text), l.note(r.Unless.Text))
		if r.Template == "" {
			l.shown(r.Replies)
		}
		if r.PrivateTemplate == "" {
			l.shown(r.PrivateReplies)
		}
		l.shown([]rules.InspectedText{r.Notice})
		if r.Enabled {
			l.spread(named, r.Kinds)
		}
	}
}

// note notes what an expression uses, and returns the conditions in it.
func (l *linter) note(source string) []string {
	conditions, lists := l.Reader.Uses(source)
	for _, name := range conditions {
		l.used[use{"condition", name}] = true
	}
	for _, name := range lists {
		l.used[use{"list", name}] = true
	}
	return conditions
}

func (l *linter) shown(replies []rules.InspectedText) {
	for _, reply := range replies {
		for _, shown := range expression.Interpolations(reply.Text) {
			l.note(shown.Text)
		}
	}
}

// spread adds kinds to conditions and to those within them.
func (l *linter) spread(names []string, kinds []platform.Kind) {
	for _, name := range names {
		before := len(l.kinds[name])
		for _, kind := range kinds {
			if !slices.Contains(l.kinds[name], kind) {
				l.kinds[name] = append(l.kinds[name], kind)
			}
		}
		if len(l.kinds[name]) > before {
			l.spread(l.within[name], l.kinds[name])
		}
	}
}

func (l *linter) unused() {
	report := func(what string, n rules.InspectedName) {
		if !l.used[use{what, n.Name}] {
			l.warn(n.Problem(codeUnused, "nothing uses the "+what+" "+n.Name, ""))
		}
	}
	for _, list := range l.Lists {
		report("list", list)
	}
	for _, c := range l.Conditions {
		report("condition", c.InspectedName)
	}
	for _, t := range l.Templates {
		report("template", t.InspectedName)
	}
}
