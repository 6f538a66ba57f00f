package expression

import (
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/ahocorasick"
	"github.com/answerback/answerback/rules/event"
	"github.com/answerback/answerback/rules/text"
)

// Finder looks for the clues of many things at once, in time that grows with the event and with what is found in it, and
// hardly with how many things there are. It is immutable and may be used in many scopes at once.
type Finder struct {
	lexicon *text.Lexicon
	words   [][]int32 // what each word of the lexicon is a clue to
	spelt   [][]int32
	pieces  []pieces
	exact   []exact
}

// pieces are the clues in one form of the event's text.
type pieces struct {
	of        Trait
	automaton *ahocorasick.Automaton
	to        [][]int32
}

// exact are the clues that are a field's whole text, or one of its texts.
type exact struct {
	of Trait
	to map[string][]int32
}

// NewFinder prepares looking for the clues of things, which are called by their places in the list. What may be so
// without any clue is never found.
func NewFinder(things []Clues) *Finder {
	by := map[Trait]*clueList{}
	for i, c := range things {
		known, _ := c.Known()
		for _, clue := range known {
			if by[clue.Of] == nil {
				by[clue.Of] = &clueList{at: map[string]int{}}
			}
			by[clue.Of].add(clue.Text, int32(i))
		}
	}
	made := &Finder{}
	words, spelt := by[TextHas].orNone(), by[TextLike].orNone()
	if len(words.texts)+len(spelt.texts) > 0 {
		made.lexicon, made.words, made.spelt = text.NewLexicon(words.texts, spelt.texts), words.to, spelt.to
	}
	for _, of := range []Trait{TextPiece, LowerPiece, UpperPiece, FoldedPiece} {
		if list := by[of]; list != nil {
			made.pieces = append(made.pieces, pieces{of, ahocorasick.New(list.texts), list.to})
		}
	}
	for of, list := range by {
		if isExact(string(of)) || isListed(string(of)) {
			to := map[string][]int32{}
			for s, i := range list.at {
				to[s] = list.to[i]
			}
			made.exact = append(made.exact, exact{of, to})
		}
	}
	return made
}

// clueList gathers the texts of clues, each once, with what they are clues to.
type clueList struct {
	texts []string
	to    [][]int32
	at    map[string]int
}

func (l *clueList) orNone() *clueList {
	if l == nil {
		return &clueList{}
	}
	return l
}

func (l *clueList) add(s string, to int32) {
	i, known := l.at[s]
	if !known {
		i = len(l.texts)
		l.at[s] = i
		l.texts, l.to = append(l.texts, s), append(l.to, nil)
	}
	if last := len(l.to[i]) - 1; last < 0 || l.to[i][last] != to {
		l.to[i] = append(l.to[i], to)
	}
}

// Find lists the things of which a clue stands in the scope's event, in order, each once. Appending to found saves an
// allocation.
func (f *Finder) Find(s *Scope, found []int32) []int32 {
	if f.lexicon != nil {
		var words, spelt seen
		f.lexicon.In(s.ownSubject(), func(e text.Entry) {
			switch {
			case e.Spelt && spelt.first(e.Place, len(f.spelt)):
				found = append(found, f.spelt[e.Place]...)
			case !e.Spelt && words.first(e.Place, len(f.words)):
				found = append(found, f.words[e.Place]...)
			}
		})
	}
	for i := range f.pieces {
		p := &f.pieces[i]
		var told seen
		p.automaton.Find(s.form(p.of), func(number int) {
			if told.first(number, len(p.to)) {
				found = append(found, p.to[number]...)
			}
		})
	}
	for i := range f.exact {
		x := &f.exact[i]
		for _, value := range s.values(x.of) {
			found = append(found, x.to[value]...)
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// seen are the clues that were met, a bit for each: a word may stand in a text a thousand times.
type seen []uint64

// first reports whether one of so many clues is met for the first time, and notes it.
func (s *seen) first(number, of int) bool {
	if *s == nil {
		*s = make(seen, (of+63)/64)
	}
	word, bit := &(*s)[number/64], uint64(1)<<(number%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// form is the event's text as a trait has it.
func (s *Scope) form(of Trait) string {
	switch of {
	case LowerPiece:
		return strings.ToLower(s.Text)
	case UpperPiece:
		return strings.ToUpper(s.Text)
	case FoldedPiece:
		return text.Fold(s.Text)
	}
	return s.Text
}

// values are the texts of a field that can be a trait.
func (s *Scope) values(of Trait) []string {
	switch e := &s.Event; of {
	case "from.id":
		return []string{e.From.ID}
	case "from.username":
		return []string{e.From.Username}
	case "media.id":
		return []string{e.Media.ID}
	case "media.original_id":
		return []string{e.Media.OriginalID}
	case "media.owner":
		return []string{e.Media.Owner}
	case "comment.parent_id":
		return []string{e.Comment.ParentID}
	case "hashtags":
		s.derive(event.Hashtags)
		return e.Hashtags
	case "mentions":
		s.derive(event.Mentions)
		return e.Mentions
	case "media.hashtags":
		s.derive(event.MediaHashtags)
		return e.Media.Hashtags
	}
	panic("expression: no clue can be of " + string(of))
}
