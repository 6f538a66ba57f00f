package rules

import (
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// index says which rules an event may concern, so that the others needn't be looked at one by one. What it leaves out
// doesn't apply, or has a `when` that is surely false and can't fail.
type index struct {
	finder *expression.Finder
	always map[platform.Kind][]int32 // the rules that nothing can be looked for of, in order
}

// maxPostings is how many clues are looked for in all, a clue of two rules counted twice. Rules with any more are looked
// at always: it bounds what a set with long lists takes to load.
const maxPostings = 1_000_000

func newIndex(rules []*rule) index {
	x := index{always: map[platform.Kind][]int32{}}
	all := make([]expression.Clues, len(rules))
	postings := 0
	for i, r := range rules {
		all[i] = r.clues()
		clues, known := all[i].Known()
		if postings+len(clues) > maxPostings {
			all[i], known = expression.Anything(), false
		}
		if known {
			postings += len(clues)
			continue
		}
		for _, kind := range platform.Kinds() {
			if r.kinds.has(kind) {
				x.always[kind] = append(x.always[kind], int32(i))
			}
		}
	}
	x.finder = expression.NewFinder(all)
	return x
}

// clues are what must be found in an event for the rule to apply and its `when` to be true or to fail.
func (r *rule) clues() expression.Clues {
	if !r.enabled {
		return expression.OneOf()
	}
	clues := expression.Anything()
	if r.when != nil {
		clues = r.when.Clues()
	}
	if len(r.media) > 0 {
		var media []expression.Clue
		for _, id := range r.media {
			media = append(media, expression.Clue{Of: "media.id", Text: id}, expression.Clue{Of: "media.original_id", Text: id})
		}
		clues = clues.And(expression.OneOf(media...))
	}
	return clues
}

// worth lists the rules that an event may concern, in order, by way of yield, until that says false.
func (x *index) worth(event *Event, scope *expression.Scope, yield func(i int) bool) {
	found, always := x.finder.Find(scope, make([]int32, 0, 16)), x.always[event.Kind]
	for len(found) > 0 || len(always) > 0 {
		from := &found
		if len(found) == 0 || len(always) > 0 && always[0] < found[0] {
			from = &always
		}
		i := (*from)[0]
		*from = (*from)[1:]
		if !yield(int(i)) {
			return
		}
	}
}
