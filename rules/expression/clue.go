package expression

import "slices"

// Clue is a thing in an event that can be found without evaluating a condition.
type Clue struct {
	Of   Trait
	Text string
}

// Trait is where a clue stands in an event. Beside these it may be the full name of a field with an id or a name, as in
// "from.username": the field is the clue's text; or of a list that is computed, as in "hashtags": it is in it.
type Trait string

// The traits of the event's text.
const (
	TextHas     Trait = "has"   // the clue's text stands in it as has finds it
	TextLike    Trait = "like"  // as like finds it
	TextPiece   Trait = "piece" // byte for byte
	LowerPiece  Trait = "lower" // so in lower(text)
	UpperPiece  Trait = "upper"
	FoldedPiece Trait = "fold"
)

// isExact reports whether a field can be a trait by its name.
func isExact(field string) bool {
	switch field {
	case "from.id", "from.username", "media.id", "media.original_id", "media.owner", "comment.parent_id":
		return true
	}
	return false
}

// isListed reports whether a list can be a trait by its name.
func isListed(field string) bool {
	switch field {
	case "hashtags", "mentions", "media.hashtags":
		return true
	}
	return false
}

// Clues are what must be found in an event for something to be so: one of them at least. Without any it is never so. The
// zero Clues say that it is never so, and [Anything] that nothing is known.
type Clues struct {
	unknown bool
	any     []Clue
}

// Anything is known of what may be so in every event.
func Anything() Clues { return Clues{unknown: true} }

// OneOf is what can only be so where one of the clues is.
func OneOf(clues ...Clue) Clues {
	if len(clues) > maxClues {
		return Anything()
	}
	return Clues{any: clues}
}

// maxClues is how many clues are worth the looking for. What may be so by any of more words is just evaluated.
const maxClues = 1000

// Known returns the clues, not to be changed; false if it may be so without any.
func (c Clues) Known() ([]Clue, bool) { return c.any, !c.unknown }

// Or is what must be found for one of two things to be so.
func (c Clues) Or(d Clues) Clues {
	switch {
	case c.unknown || d.unknown:
		return Anything()
	case len(c.any) == 0:
		return d
	case len(d.any) == 0:
		return c
	}
	return OneOf(slices.Concat(c.any, d.any)...)
}

// And is what must be found for two things to be so: the clues of either will do, and the rarer ones are chosen.
func (c Clues) And(d Clues) Clues {
	if d.unknown || !c.unknown && c.common() <= d.common() {
		return c
	}
	return d
}

// common is how often the clues can be expected to be found, for comparing.
func (c Clues) common() int {
	sum := 0
	for _, clue := range c.any {
		switch clue.Of {
		case TextLike:
			sum += 2
		case TextPiece, LowerPiece, UpperPiece, FoldedPiece:
			sum += 1 + 64>>(2*min(len(clue.Text), 4))
		default:
			sum++
		}
	}
	return sum
}

// outlook is what must be found in an event for a part of a condition to be true, to be false, and to fail. Of every event
// one of the three is so.
type outlook struct{ yes, no, fails Clues }

// unforeseen is the outlook of what nothing is known of.
func unforeseen() outlook { return outlook{Anything(), Anything(), Anything()} }

func (o outlook) not() outlook { return outlook{o.no, o.yes, o.fails} }

// and is the outlook of a chain, whose second part is evaluated only where the first is true.
func (o outlook) and(p outlook) outlook {
	return outlook{
		yes:   o.yes.And(p.yes),
		no:    o.no.Or(o.yes.And(p.no)),
		fails: o.fails.Or(o.yes.And(p.fails)),
	}
}

func (o outlook) or(p outlook) outlook { return o.not().and(p.not()).not() }

// choose is the outlook of a choice between two by a third.
func (o outlook) choose(then, otherwise outlook) outlook {
	return outlook{
		yes:   o.yes.And(then.yes).Or(o.no.And(otherwise.yes)),
		no:    o.yes.And(then.no).Or(o.no.And(otherwise.no)),
		fails: o.fails.Or(o.yes.And(then.fails)).Or(o.no.And(otherwise.fails)),
	}
}
