package text

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
)

// The list is IANA's (https://data.iana.org/TLD/tlds-alpha-by-domain.txt) with the names in their own scripts, as of
// 2025, and the two names of RFC 2606 that documents and tests use.
//
//go:embed tlds.txt
var tldNames string

var tlds = sync.OnceValue(func() map[string]bool {
	known := map[string]bool{}
	for name := range strings.Lines(tldNames) {
		known[Fold(strings.TrimSpace(name))] = true
	}
	return known
})

// longestTLD is a bound for what is worth looking up, in characters; that of a domain's label.
const longestTLD = 63

// shortTLD is how long a top-level domain is that counts however it is written, in characters.
const shortTLD = 3

// isTLD reports whether a label is a top-level domain that there is. A long one written like the first word of a
// sentence (hello.World) is taken for just that.
func isTLD(label []rune) bool {
	if len(label) < 2 || len(label) > longestTLD {
		return false
	}
	if len(label) > shortTLD && isTitle(label) {
		return false
	}
	name := Fold(string(label))
	return tlds()[name] || strings.HasPrefix(name, "xn--") && len(name) > len("xn--")
}

// isTitle reports whether a word has a capital as its first letter only.
func isTitle(rs []rune) bool {
	for _, r := range rs[1:] {
		if unicode.IsUpper(r) {
			return false
		}
	}
	return unicode.IsUpper(rs[0])
}
