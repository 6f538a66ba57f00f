package expression

import (
	"errors"
	"fmt"
	"strings"

	"github.com/expr-lang/expr/file"
)

// Describe says of an error of [Condition.Holds] or [Template.Render] where in the text it arose, in runes from its
// start, and what it is in an author's words.
func Describe(err error) (offset int, message string) {
	var in placed
	if errors.As(err, &in) {
		offset = in.offset
	}
	var at *file.Error
	if errors.As(err, &at) {
		offset += at.From
	}
	return offset, runtimeMessage(err)
}

// runtimeMessage is an error's text without expr's excerpt, in the authors' words.
func runtimeMessage(err error) string {
	message := err.Error()
	var at *file.Error
	if errors.As(err, &at) {
		message = at.Message
	}
	message = strings.TrimPrefix(firstLine(message), "invalid operation: ")
	if strings.Contains(message, "memory budget exceeded") {
		return "the expression makes too many values for this event"
	}
	if got, want, ok := strings.Cut(strings.TrimPrefix(message, "interface conversion: interface {} is "), ", not "); ok {
		return fmt.Sprintf("%s is needed here, but this is %s", wordFor(want), wordFor(got))
	}
	return inWords(message)
}
