package yamlpos

import (
	"iter"
	"strconv"
)

// doubleQuoted reads from after the opening quote.
func doubleQuoted(text string, at int) iter.Seq[step] {
	return func(yield func(step) bool) {
		for at < len(text) {
			var ok bool
			if at, ok = white(text, at, yield); !ok || at == len(text) || text[at] == '"' {
				return
			}
			s := runeStep(text, at)
			if s.r == '\\' {
				if joined, found := breakStep(text, at+1); found {
					more, end := breakRun(text, joined.to)
					if !yieldAll(more, yield) {
						return
					}
					at = end
					continue
				}
				if s, ok = escape(text, at); !ok {
					return
				}
			}
			if !yield(s) {
				return
			}
			at = s.to
		}
	}
}

// escapes of one letter. Source: YAML 1.1, 5.6.
func escaped(b byte) (rune, bool) {
	switch b {
	case '0':
		return 0, true
	case 'a':
		return '\a', true
	case 'b':
		return '\b', true
	case 't', '\t':
		return '\t', true
	case 'n':
		return '\n', true
	case 'v':
		return '\v', true
	case 'f':
		return '\f', true
	case 'r':
		return '\r', true
	case 'e':
		return '\x1b', true
	case 'N':
		return '\u0085', true
	case '_':
		return '\u00a0', true
	case 'L':
		return '\u2028', true
	case 'P':
		return '\u2029', true
	case ' ', '"', '\'', '\\':
		return rune(b), true
	}
	return 0, false
}

// escape reads the escape whose backslash stands at the offset.
func escape(text string, at int) (step, bool) {
	if at+1 >= len(text) {
		return step{}, false
	}
	if r, ok := escaped(text[at+1]); ok {
		return step{r, at, at + 2}, true
	}
	digits := map[byte]int{'x': 2, 'u': 4, 'U': 8}[text[at+1]]
	end := at + 2 + digits
	if digits == 0 || end > len(text) {
		return step{}, false
	}
	code, err := strconv.ParseUint(text[at+2:end], 16, 32)
	return step{rune(code), at, end}, err == nil
}
