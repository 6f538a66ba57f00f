package instagram

import (
	"encoding/json"
	"iter"
	"strings"
)

// walker reads a JSON text that [json.Valid] has accepted, in one pass. It is used where a value of an unexpected type
// must not spoil its neighbours, where ids come as strings or as numbers of more digits than a float64 holds, where of
// two equal keys the last one counts, and where the text of a value is kept as it came.
type walker struct {
	s string
	i int
	// loose is set when white space was passed outside of a string.
	loose bool
}

// space passes white space.
func (w *walker) space() {
	for w.i < len(w.s) && w.s[w.i] <= ' ' {
		w.i++
		w.loose = true
	}
}

// at is the first byte of the value at hand, 0 at the end.
func (w *walker) at() byte {
	w.space()
	if w.i == len(w.s) {
		return 0
	}
	return w.s[w.i]
}

// members yields the keys of the object at hand. The loop's body may read the value; what it leaves is passed. It must
// not break. Anything but an object is passed and yields nothing.
func (w *walker) members() iter.Seq[string] {
	return func(yield func(string) bool) {
		if w.at() != '{' {
			w.skip()
			return
		}
		w.i++
		for w.next('}') {
			key := w.text()
			w.space()
			w.i++ // the colon
			w.space()
			start := w.i
			if !yield(key) {
				return
			}
			if w.i == start {
				w.skip()
			}
		}
	}
}

// elements yields the indices of the array at hand, as members does with keys.
func (w *walker) elements() iter.Seq[int] {
	return func(yield func(int) bool) {
		if w.at() != '[' {
			w.skip()
			return
		}
		w.i++
		for n := 0; w.next(']'); n++ {
			start := w.i
			if !yield(n) {
				return
			}
			if w.i == start {
				w.skip()
			}
		}
	}
}

// next moves to the next member or element, or past the end of what is walked.
func (w *walker) next(end byte) bool {
	switch w.at() {
	case end:
		w.i++
		return false
	case ',':
		w.i++
		w.space()
	}
	return true
}

// skip passes the value at hand.
func (w *walker) skip() {
	depth := 0
	for w.space(); w.i < len(w.s); {
		switch w.s[w.i] {
		case '"':
			w.skipString()
		case '{', '[':
			depth++
			w.i++
			continue
		case '}', ']':
			depth--
			w.i++
		case ' ', '\t', '\r', '\n':
			w.loose = true
			w.i++
		case ',', ':':
			w.i++
			continue
		default:
			w.skipLiteral()
		}
		if depth == 0 {
			return
		}
	}
}

func (w *walker) skipString() {
	for w.i++; w.s[w.i] != '"'; w.i++ {
		if w.s[w.i] == '\\' {
			w.i++
		}
	}
	w.i++
}

// skipLiteral passes a number, true, false or null.
func (w *walker) skipLiteral() {
	for w.i < len(w.s) {
		switch c := w.s[w.i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
			w.i++
		default:
			return
		}
	}
}

// text reads the string at hand.
func (w *walker) text() string {
	start := w.i
	w.skipString()
	quoted := w.s[start:w.i]
	if strings.IndexByte(quoted, '\\') < 0 {
		return quoted[1 : len(quoted)-1]
	}
	var s string
	if err := json.Unmarshal([]byte(quoted), &s); err != nil {
		return ""
	}
	return s
}

// scalar reads the value at hand: a string's text, a number's digits as written. ok is false for anything else; null
// and what isn't scalar are told apart by null.
func (w *walker) scalar() (s string, ok, null bool) {
	switch c := w.at(); {
	case c == '"':
		return w.text(), true, false
	case c == '-' || c >= '0' && c <= '9':
		start := w.i
		w.skipLiteral()
		return w.s[start:w.i], true, false
	default:
		w.skip()
		return "", false, c == 'n'
	}
}

// word is the scalar at hand, or "".
func (w *walker) word() string {
	s, _, _ := w.scalar()
	return s
}
