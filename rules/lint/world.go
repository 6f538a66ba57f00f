package lint

import (
	"slices"
	"strings"
	"unicode"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/logic"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// world turns conditions into formulas over atoms, and knows how these hang together.
type world struct {
	atoms    map[string]logic.Atom
	meanings []meaning // of the atoms
	bearings map[[2]logic.Atom]bearing
	formulas map[*expression.Tree]formula // of the conditions with names
}

// formula is a condition as logic sees it, with the atoms in it, sorted.
type formula struct {
	logic.Formula
	atoms []logic.Atom
}

// maxWords is how many words of one test are told apart. What has more is one atom.
const maxWords = 200

func newWorld() *world {
	return &world{atoms: map[string]logic.Atom{}, bearings: map[[2]logic.Atom]bearing{}, formulas: map[*expression.Tree]formula{}}
}

// atom is the one of a key.
func (w *world) atom(key string, m meaning) logic.Atom {
	a, ok := w.atoms[key]
	if !ok {
		a = logic.Atom(len(w.atoms))
		w.atoms[key] = a
		w.meanings = append(w.meanings, m)
	}
	return a
}

func (w *world) kind(kind platform.Kind) logic.Atom {
	return w.atomOf("kind", expression.Equals, string(kind))
}

// ofKinds is what is known of the kinds of events. That each is one of them is true of those that a rule is for.
func (w *world) ofKinds() *logic.Assumptions {
	var known logic.Assumptions
	var kinds []logic.Literal
	for _, kind := range platform.Kinds() {
		kinds = append(kinds, logic.Yes(w.kind(kind)))
	}
	known.Exclude(kinds...)
	known.AtLeastOne(kinds...)
	for _, kind := range platform.KindsNamed(platform.Mention) {
		known.Imply(logic.Yes(w.kind(kind)), logic.Yes(w.atom("mentions_me", meaning{})))
	}
	return &known
}

// never reports whether formulas are surely never true together.
func (w *world) never(formulas ...formula) bool {
	f := join(logic.And, formulas...)
	return w.about(f.atoms).Contradiction(f.Formula)
}

// always reports whether one of several formulas is surely true.
func (w *world) always(formulas ...formula) bool {
	f := join(logic.Or, formulas...)
	return w.about(f.atoms).Tautology(f.Formula)
}

// follows reports whether the second formula is surely true wherever the first is.
func (w *world) follows(first, second formula) bool {
	return w.about(join(logic.And, first, second).atoms).Implies(first.Formula, second.Formula)
}

func join(how func(...logic.Formula) logic.Formula, formulas ...formula) formula {
	parts := make([]logic.Formula, len(formulas))
	var atoms []logic.Atom
	for i, f := range formulas {
		parts[i] = f.Formula
		atoms = append(atoms, f.atoms...)
	}
	slices.Sort(atoms)
	return formula{how(parts...), slices.Compact(atoms)}
}

func not(f formula) formula { return formula{logic.Not(f.Formula), f.atoms} }

func (w *world) is(a logic.Atom) formula { return formula{logic.Is(a), []logic.Atom{a}} }

func known(truth logic.Formula) formula { return formula{truth, nil} }

// formula is a condition's.
func (w *world) formula(t *expression.Tree) formula {
	switch t.Op {
	case expression.True:
		return known(logic.True())
	case expression.False:
		return known(logic.False())
	case expression.Not:
		return not(w.formula(t.Of[0]))
	case expression.And:
		return join(logic.And, w.all(t.Of)...)
	case expression.Or:
		return join(logic.Or, w.all(t.Of)...)
	case expression.If:
		return join(func(f ...logic.Formula) logic.Formula { return logic.If(f[0], f[1], f[2]) }, w.all(t.Of)...)
	case expression.Named:
		f, ok := w.formulas[t.Of[0]]
		if !ok {
			f = w.formula(t.Of[0])
			w.formulas[t.Of[0]] = f
		}
		return f
	}
	return w.test(t.Test)
}

func (w *world) all(trees []*expression.Tree) []formula {
	formulas := make([]formula, len(trees))
	for i, t := range trees {
		formulas[i] = w.formula(t)
	}
	return formulas
}

// test is the formula of one test: of several words, that of the tests for each.
func (w *world) test(t expression.Test) formula {
	switch t.Verb {
	case expression.AtMost:
		return w.atMost(t)
	case expression.Equals, expression.In, expression.Has, expression.HasAll, expression.Contains, expression.Begins, expression.Ends, expression.Holds:
	default:
		return w.is(w.atom(keyOf(t), meaning{}))
	}
	words := wordsOf(t)
	if len(words) > maxWords {
		return w.is(w.atom(t.Key, meaning{}))
	}
	verb := t.Verb
	switch verb {
	case expression.In:
		verb = expression.Equals
	case expression.HasAll:
		verb = expression.Has
	}
	formulas := make([]formula, len(words))
	for i, word := range words {
		formulas[i] = w.word(t.Subject, verb, word)
	}
	if t.Verb == expression.HasAll && len(words) > 0 {
		return join(logic.And, formulas...)
	}
	return join(logic.Or, formulas...)
}

// keyOf is a field's name where that is all that is tested.
func keyOf(t expression.Test) string {
	if t.Verb == expression.Opaque && plain(t.Subject) {
		return t.Subject.Field
	}
	return t.Key
}

// plain reports whether a subject is a field as it is.
func plain(s expression.Subject) bool { return s.Field != "" && s.Through == "" && !s.Element }

func wordsOf(t expression.Test) []string {
	var words []string
	for _, w := range t.Words {
		words = append(words, w.Text)
	}
	for _, list := range t.Lists {
		words = append(words, list.Entries...)
	}
	return words
}

// word is the formula of a test for one word.
func (w *world) word(s expression.Subject, verb expression.Verb, word string) formula {
	key := s.Key
	if plain(s) {
		key = s.Field
	}
	switch {
	case key == "kind" && verb == expression.Equals && !slices.Contains(platform.Kinds(), platform.Kind(word)):
		return known(logic.False())
	case word == "" && (verb == expression.Contains || verb == expression.Begins || verb == expression.Ends):
		return known(logic.True())
	}
	return w.is(w.atomOf(key, verb, word))
}

// atomOf is that of a test for a word.
func (w *world) atomOf(subject string, verb expression.Verb, word string) logic.Atom {
	word = wordKey(verb, word)
	return w.atom(string(verb)+" "+word+"\x00"+subject, meaning{subject: subject, verb: verb, word: word})
}

// atMost is the formula of a comparison of numbers. What is counted isn't below 0.
func (w *world) atMost(t expression.Test) formula {
	counted := strings.HasPrefix(t.Subject.Key, "len(") || strings.HasPrefix(t.Subject.Key, "count(") || strings.HasPrefix(t.Subject.Field, "history.")
	if counted && t.Number < 0 {
		return known(logic.False())
	}
	return w.is(w.atom(t.Key, meaning{subject: t.Subject.Key, verb: expression.AtMost, number: t.Number}))
}

// filters is the formula of what a rule is for, less its conditions.
func (w *world) filters(r *rules.InspectedRule) formula {
	kinds := make([]formula, len(r.Kinds))
	for i, kind := range r.Kinds {
		kinds[i] = w.is(w.kind(kind))
	}
	return join(logic.And, join(logic.Or, kinds...), w.only("account", r.Accounts), w.only("media", r.Media))
}

func (w *world) only(what string, ids []string) formula {
	if len(ids) == 0 {
		return known(logic.True())
	}
	of := make([]formula, len(ids))
	for i, id := range ids {
		of[i] = w.is(w.atom("only "+what+" "+id, meaning{}))
	}
	return join(logic.Or, of...)
}

// wordKey is shared by words that has takes for the same.
func wordKey(verb expression.Verb, word string) string {
	if verb != expression.Has {
		return word
	}
	folded := text.Fold(word)
	if bare := strings.TrimLeft(folded, "@#"); isPlainPhrase(bare) {
		return bare
	}
	return folded
}

// isPlainPhrase reports whether a text is of letters and digits, with single spaces between.
func isPlainPhrase(s string) bool {
	if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != ' ' })
}
