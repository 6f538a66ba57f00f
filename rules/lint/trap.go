package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/expression"
	"github.com/answerback/answerback/rules/platform"
)

// trap is what is wrong with a test.
type trap struct {
	code          string
	offset        int
	message, hint string
}

// texts warns of tests that don't do what they seem to do, one trap a test.
func (l *linter) texts() {
	l.expressions(func(p place, x expression.Placed) {
		for _, t := range l.Reader.Tests(x.Text) {
			found, ok := l.trapIn(t, p.kinds)
			if !ok {
				continue
			}
			l.warnAt(p, x.Offset+found.offset, found.code, found.hint, found.message)
			if found.code == codeNeverMet || found.code == codeQuoted {
				l.spoil(p)
			}
		}
	})
}

// spoil notes that something was told of a condition that explains what follows from it. Replies aren't conditions.
func (l *linter) spoil(p place) {
	switch {
	case p.rule == "":
		l.spoiled[p.Name] = true
	case p.key != "reply":
		l.hopeless[p.rule] = true
	}
}

// trapIn finds the worst thing about a test.
func (l *linter) trapIn(t expression.Test, kinds []platform.Kind) (trap, bool) {
	for _, look := range []func(expression.Test, []platform.Kind) (trap, bool){
		l.quoted, neverMet, sign, shortWord, asciiPattern, oneSpelling,
	} {
		if found, ok := look(t, kinds); ok {
			return found, true
		}
	}
	return trap{}, false
}

// quoted finds a field's name in quotes.
func (l *linter) quoted(t expression.Test, _ []platform.Kind) (trap, bool) {
	if !t.Subject.IsQuoted || t.Verb == expression.AtMost {
		return trap{}, false
	}
	found := trap{codeQuoted, t.Offset, fmt.Sprintf("the text %q itself is tested, not what somebody wrote", t.Subject.Quoted), "fields stand without quotes, as in text"}
	if l.Reader.IsField(t.Subject.Quoted) {
		found.hint = "write " + t.Subject.Quoted + " without quotes"
	}
	return found, true
}

// isText reports whether a field holds what somebody typed freely.
func isText(field string) bool { return field == "text" || field == "media.caption" }

// everyWord gives the literal words of a test, and those of its lists, until one is taken.
func everyWord(t expression.Test, take func(word string, offset int) bool) {
	for _, w := range t.Words {
		if take(w.Text, w.Offset) {
			return
		}
	}
	for _, list := range t.Lists {
		for _, entry := range list.Entries {
			if take(entry, list.Offset) {
				return
			}
		}
	}
}

var signed = regexp.MustCompile(`[@＠][A-Za-z0-9._]*[A-Za-z0-9]`)

// sign finds an @ that must be in a text of which Meta may have taken it.
func sign(t expression.Test, kinds []platform.Kind) (found trap, ok bool) {
	fetched := t.Subject.Field == "media.caption" || t.Subject.Field == "text" &&
		(slices.Contains(kinds, platform.CommentMention) || slices.Contains(kinds, platform.CaptionMention))
	switch t.Verb {
	case expression.Equals, expression.In, expression.Contains, expression.Begins, expression.Ends, expression.Matches:
	default:
		return trap{}, false
	}
	if !fetched || t.Subject.Element {
		return trap{}, false
	}
	everyWord(t, func(word string, offset int) bool {
		name := signed.FindString(word)
		if ok = name != "" && (t.Verb != expression.Matches || !optionalSign(word)); ok {
			bare := strings.TrimLeft(name, "@＠")
			found = trap{codeSign, offset, fmt.Sprintf("%q may not be found: Meta takes the @ out of some texts", name),
				fmt.Sprintf("has(%s, %q) finds it with and without; mentions_me is true where your account is meant", t.Subject.Field, bare)}
		}
		return ok
	})
	return found, ok
}

// optionalSign reports whether a pattern holds an @ that may be missing, which is how those write it who know.
func optionalSign(pattern string) bool {
	return strings.Contains(pattern, "@?") || strings.Contains(pattern, "@*") || strings.Contains(pattern, "[") || strings.Contains(pattern, "|")
}

// maxShort is how long a word is that is often found in others.
const maxShort = 3

// shortWord finds contains with a short word.
func shortWord(t expression.Test, _ []platform.Kind) (trap, bool) {
	if t.Verb != expression.Contains || !isText(t.Subject.Field) || t.Subject.Element {
		return trap{}, false
	}
	word := t.Words[0]
	if !isShort(word.Text) {
		return trap{}, false
	}
	return trap{codeShortWord, word.Offset, fmt.Sprintf("contains finds %q inside of other words too", word.Text),
		fmt.Sprintf("has(%s, %q) finds the word alone, in any case", t.Subject.Field, strings.ToLower(word.Text))}, true
}

// isShort reports whether a text is a short word of a script that parts words with spaces and adds little to them.
func isShort(s string) bool {
	if n := utf8.RuneCountInString(s); n == 0 || n > maxShort {
		return false
	}
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) || !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Nd) {
			return false
		}
	}
	return true
}

// oneSpelling finds a comparison of what people typed that misses other spellings of it.
func oneSpelling(t expression.Test, _ []platform.Kind) (found trap, ok bool) {
	typed := isText(t.Subject.Field) && !t.Subject.Element || t.Subject.Field == "words" && (t.Subject.Element || t.Verb == expression.Holds)
	if !typed || t.Subject.Through != "" && t.Subject.Through != "trim" {
		return trap{}, false
	}
	switch t.Verb {
	case expression.Equals, expression.In, expression.Holds, expression.Contains, expression.Begins, expression.Ends:
		everyWord(t, func(word string, offset int) bool {
			if ok = hasCase(word) && !otherwiseSpelt(t, word); ok {
				found = trap{codeCase, offset, fmt.Sprintf("%q is found in just this case, and not %q", word, otherCase(word)), insteadOf(t, word)}
			}
			return ok
		})
	case expression.Matches:
		word := t.Words[0]
		if literal := casedLiteral(word.Text); literal != "" {
			return trap{codeCase, word.Offset, fmt.Sprintf("the pattern finds %q in just this case", literal), "begin it with (?i)"}, true
		}
	}
	return found, ok
}

// otherwiseSpelt reports whether a test has a word in another case too: then its author knows.
func otherwiseSpelt(t expression.Test, word string) (so bool) {
	everyWord(t, func(other string, _ int) bool {
		so = other != word && strings.EqualFold(other, word)
		return so
	})
	return so
}

// insteadOf is how the test is written so that case doesn't count.
func insteadOf(t expression.Test, word string) string {
	if t.Subject.Field == "words" || t.Verb == expression.Contains {
		return fmt.Sprintf("has(text, %q) finds the word in any case", strings.ToLower(word))
	}
	return fmt.Sprintf("compare lower(%s), or look for the word with has(%s, %q)", t.Subject.Field, t.Subject.Field, strings.ToLower(word))
}

func hasCase(s string) bool {
	return strings.ToLower(s) != strings.ToUpper(s)
}

// otherCase is a spelling that somebody else may use.
func otherCase(word string) string {
	if lower := strings.ToLower(word); lower != word {
		return lower
	}
	first, size := utf8.DecodeRuneInString(word)
	if upper := string(unicode.ToUpper(first)) + word[size:]; upper != word {
		return upper
	}
	return strings.ToUpper(word)
}
