package yamlpos

import (
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/answerback/answerback/rules/problem"
)

// listedKeys is how many known keys are worth showing to somebody who wrote an unknown one.
const listedKeys = 25

func unknown(key Text, within string, known []string) problem.Problem {
	message := fmt.Sprintf("unknown key %q", key.Value)
	if within != "" {
		message += " in " + within
	}
	return key.Problem(CodeUnknownKey, message, keyHint(key.Value, known))
}

func keyHint(key string, known []string) string {
	if near, ok := Nearest(key, known); ok {
		return fmt.Sprintf("did you mean %q?", near)
	}
	if len(known) > 0 && len(known) <= listedKeys {
		return "known keys: " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
	}
	return ""
}

func duplicate(key, first Text) problem.Problem {
	return key.Problem(CodeDuplicateKey, fmt.Sprintf("key %q stands here a second time, first in line %d", key.Value, first.Line()), "")
}

// Nearest is the known word that a mistyped one most likely means, if any is near enough. Case doesn't count, nor
// whether - or _ joins the parts.
func Nearest(word string, known []string) (near string, ok bool) {
	const longest = 64 // nobody mistypes a word of this length
	if len(word) > longest {
		return "", false
	}
	plain := strings.NewReplacer("-", "_", " ", "_").Replace(strings.ToLower(word))
	best := 3 + len(plain)/5
	for _, k := range slices.Sorted(slices.Values(known)) {
		lower := strings.ToLower(k)
		if d := levenshtein.ComputeDistance(plain, lower); d < best && isSlip(d, plain, lower) {
			near, best, ok = k, d, true
		}
	}
	return near, ok
}

// isSlip reports whether a word at a distance from a known one can be that one mistyped. A word of which half is another
// is another word, unless its letters only stand in another order.
func isSlip(distance int, word, known string) bool {
	letters := func(s string) string { return string(slices.Sorted(slices.Values([]byte(s)))) }
	return distance <= 1 || 2*distance < len(word) || letters(word) == letters(known)
}
