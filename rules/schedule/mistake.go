package schedule

import (
	"fmt"
	"strings"
)

// Mistake is what is wrong in a schedule that a person wrote. Every error of this package is one.
type Mistake struct {
	Message string
	Hint    string // what it can be; may be empty
}

// Error is the message with the hint after it.
func (m *Mistake) Error() string {
	if m.Hint == "" {
		return m.Message
	}
	return m.Message + "; " + m.Hint
}

// withHint is the mistake with a better hint, if there is one.
func (m *Mistake) withHint(better string) *Mistake {
	if better == "" {
		return m
	}
	return &Mistake{Message: m.Message, Hint: better}
}

func mistake(hint, message string, args ...any) *Mistake {
	return &Mistake{Message: fmt.Sprintf(message, args...), Hint: hint}
}

// quote shows what somebody wrote, but no more of it than helps.
func quote(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

// cutRange cuts "mon-fri" in two; false if it isn't two things with one dash between. Editors and phones like to make
// longer dashes.
func cutRange(s string) (first, last string, ok bool) {
	s = strings.NewReplacer("–", "-", "—", "-", "−", "-", "‑", "-").Replace(s)
	first, last, _ = strings.Cut(s, "-")
	return strings.TrimSpace(first), strings.TrimSpace(last), strings.Count(s, "-") == 1
}

// commaTooMany is the mistake of an entry without anything in it.
func commaTooMany(s string) *Mistake {
	return mistake("", "%s has a comma too many", quote(s))
}
