package expression

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/text"
)

// What a trace shows of a long value.
const (
	shownText    = 60 // characters of a text by itself
	shownElement = 20 // characters of a text in a list
	shownList    = 5  // elements of a list
)

// show writes a value as expressions do, with the ellipsis outside the quotes where something is left out.
func show(value any) string {
	switch v := value.(type) {
	case string:
		return quote(v, shownText)
	case []string:
		return list(len(v), func(i int) any { return v[i] })
	case []any:
		return list(len(v), func(i int) any { return v[i] })
	case map[string]string:
		return fields(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case bool, int, int64, time.Duration:
		return fmt.Sprint(v)
	default:
		return "…" // a group of fields, which nobody can compare with anything
	}
}

func quote(s string, n int) string {
	// Whatever is kept is at most this long, and one character may be made of very many.
	const bytes = 16
	short := text.Truncate(s, n)
	if len(short) > bytes*n {
		short = strings.ToValidUTF8(short[:bytes*n], "")
	}
	if len(short) < len(s) {
		return strconv.Quote(short) + "…"
	}
	return strconv.Quote(s)
}

func list(n int, element func(int) any) string {
	var b strings.Builder
	b.WriteByte('[')
	for i := range min(n, shownList) {
		if i > 0 {
			b.WriteString(", ")
		}
		if s, ok := element(i).(string); ok {
			b.WriteString(quote(s, shownElement))
		} else {
			b.WriteString(show(element(i)))
		}
	}
	if n > shownList {
		fmt.Fprintf(&b, ", … %d more", n-shownList)
	}
	b.WriteByte(']')
	return b.String()
}

// fields writes what capture found.
func fields(m map[string]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, name+": "+quote(m[name], shownElement))
	}
	return "{" + strings.Join(all, ", ") + "}"
}
