package lint

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// neverMet finds a text that its subject can't be or hold, whatever comes.
func neverMet(t expression.Test, _ []platform.Kind) (found trap, ok bool) {
	if empty, is := emptyList(t); is {
		return trap{codeNeverMet, empty.Offset, fmt.Sprintf("the list %s is empty, so nothing is found", empty.Name), ""}, true
	}
	switch t.Verb {
	case expression.Equals, expression.In, expression.Holds, expression.Contains, expression.Begins, expression.Ends:
	default:
		return trap{}, false
	}
	everyWord(t, func(word string, offset int) bool {
		why, instead := impossible(t, word)
		if ok = why != ""; ok {
			found = trap{codeNeverMet, offset, fmt.Sprintf("%q is never met: %s", word, why), instead}
		}
		return ok
	})
	return found, ok
}

// emptyList is the list of a test that has no other words.
func emptyList(t expression.Test) (expression.List, bool) {
	if len(t.Words) > 0 || len(t.Lists) == 0 {
		return expression.List{}, false
	}
	full := slices.ContainsFunc(t.Lists, func(l expression.List) bool { return len(l.Entries) > 0 })
	return t.Lists[0], !full
}

// impossible says why a subject can't be or hold a word, and what to write instead.
func impossible(t expression.Test, word string) (why, instead string) {
	s := t.Subject
	if why, instead = impossibleCase(s.Through, word); why != "" {
		return why, instead
	}
	if s.Through != "" && s.Through != "trim" {
		return "", ""
	}
	whole := t.Verb == expression.Equals || t.Verb == expression.In || t.Verb == expression.Holds
	switch {
	case s.Field == "kind" && whole && !slices.Contains(platform.Kinds(), platform.Kind(word)):
		return "it is none of the kinds", hintForKind(word)
	case s.Field == "from.username" || s.Field == "media.owner":
		return notOfUsername(word)
	case ofElements(t, "mentions"):
		return notOfTag(word, "@", "usernames among the mentions")
	case ofElements(t, "hashtags", "media.hashtags"):
		return notOfTag(word, "#", "hashtags")
	case ofElements(t, "words") && whole && strings.ContainsFunc(word, unicode.IsSpace):
		return "the words stand one by one", fmt.Sprintf("has(text, %q) finds a phrase", word)
	case (s.Field == "media.type" || s.Field == "media.product_type") && !t.Subject.Element && strings.ToUpper(word) != word:
		return "Meta writes it in capitals", fmt.Sprintf("write %q", strings.ToUpper(word))
	}
	return "", ""
}

// ofElements reports whether the elements of one of the fields are tested.
func ofElements(t expression.Test, fields ...string) bool {
	return (t.Subject.Element || t.Verb == expression.Holds) && slices.Contains(fields, t.Subject.Field)
}

func hintForKind(word string) string {
	if word == platform.Mention {
		return "in a condition: kind in [\"comment_mention\", \"caption_mention\"]; better on: mention"
	}
	names := make([]string, 0, len(platform.Kinds()))
	for _, kind := range platform.Kinds() {
		names = append(names, string(kind))
	}
	return "known are " + strings.Join(names, ", ")
}

// impossibleCase is about texts that went through a function.
func impossibleCase(through, word string) (why, instead string) {
	lower, upper := asciiIs('A', 'Z'), asciiIs('a', 'z')
	switch {
	case through == "lower" && strings.ContainsFunc(word, lower):
		return "lower leaves no capitals", fmt.Sprintf("write %q", strings.ToLower(word))
	case through == "upper" && strings.ContainsFunc(word, upper):
		return "upper leaves capitals only", fmt.Sprintf("write %q", strings.ToUpper(word))
	case through == "fold" && (strings.ContainsFunc(word, lower) || text.Fold(word) != word && isLatin(word)):
		return "fold leaves neither capitals nor accents", fmt.Sprintf("write %q", text.Fold(word))
	}
	return "", ""
}

func asciiIs(from, to rune) func(rune) bool {
	return func(r rune) bool { return r >= from && r <= to }
}

// isLatin reports whether a text is of Latin letters alone, as they are typed: one character each.
func isLatin(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !unicode.Is(unicode.Latin, r) })
}

func notOfUsername(word string) (why, instead string) {
	name := strings.ToLower(strings.TrimLeft(word, "@＠"))
	switch {
	case strings.ContainsFunc(word, unicode.IsSpace):
		return "usernames have no spaces", ""
	case strings.ContainsAny(word, "@＠"):
		return "usernames stand without @", fmt.Sprintf("write %q", name)
	case strings.ContainsFunc(word, asciiIs('A', 'Z')):
		return "usernames are lower case", fmt.Sprintf("write %q", name)
	}
	return "", ""
}

// notOfTag is about lists whose elements lack their sign and are folded.
func notOfTag(word, sign, what string) (why, instead string) {
	bare := text.Fold(strings.TrimLeft(word, sign))
	switch {
	case strings.Contains(word, sign):
		return "the " + what + " stand without " + sign, fmt.Sprintf("write %q", bare)
	case strings.ContainsFunc(word, asciiIs('A', 'Z')) || isLatin(word) && bare != word:
		return "the " + what + " are in lower case and without accents", fmt.Sprintf("write %q", bare)
	case strings.ContainsFunc(word, unicode.IsSpace):
		return "none of the " + what + " has a space", ""
	}
	return "", ""
}
