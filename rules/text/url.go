package text

import (
	"net/netip"
	"strings"
	"unicode"
)

// URLs are the text's URLs and bare domains, in order and as written, repeated ones too:
//
//   - what begins with a scheme and ://, whatever the scheme;
//   - what begins with "www.";
//   - a bare domain under a top-level domain that there is, in any script or as xn--…, with a path if it has one;
//     also with a full-width or ideographic full stop (evil。com);
//   - a bare IPv4 address.
//
// So e.g., 1.5, v1.2, 9.am, node.js and hello.World are none; ok.it and evil.World/x are. The punctuation of the sentence
// round a URL is no part of it, nor is the text that follows a domain without a space in another script. A domain
// after an @ belongs to a mention or an email address and is none.
func URLs(s string) []string {
	if !strings.ContainsFunc(s, func(r rune) bool { return isDot(r) || narrow(r) == ':' }) {
		return nil
	}
	rs := []rune(visible(s))
	var urls []string
	for _, u := range findURLs(rs) {
		urls = append(urls, string(rs[u.start:u.end]))
	}
	return urls
}

// span is a part of a text, in runes.
type span struct{ start, end int }

// findURLs looks at each run of letters, digits, hyphens, underscores and single points: it can end in a scheme or hold
// a domain.
func findURLs(rs []rune) []span {
	var found []span
	for i := 0; i < len(rs); {
		if !isHostRune(rs[i]) {
			i++
			continue
		}
		end := i + 1
		for end < len(rs) && isHostRune(rs[end]) && !(isDot(rs[end]) && isDot(rs[end-1])) {
			end++
		}
		u, ok := schemeURL(rs, span{i, end})
		if !ok {
			u, ok = domain(rs, span{i, end})
		}
		if ok {
			found = append(found, u)
			end = u.end
		}
		i = end
	}
	return found
}

// schemeURL reads a URL whose scheme is at the end of the run.
func schemeURL(rs []rune, run span) (span, bool) {
	if !hasPrefix(rs[run.end:], "://") {
		return span{}, false
	}
	start := run.end
	for start > run.start && isSchemeRune(narrow(rs[start-1])) {
		start--
	}
	for start < run.end && !isLatinRune(narrow(rs[start])) {
		start++
	}
	rest := run.end + len("://")
	end := urlEnd(rs, rest)
	return span{start, end}, start < run.end && end > rest
}

func isSchemeRune(r rune) bool { return isLatinRune(r) || r >= '0' && r <= '9' || r == '.' || r == '-' }

func isLatinRune(r rune) bool { return r < 0x80 && isLatinByte(byte(r)) }

// domain reads the bare domain in a run.
func domain(rs []rune, run span) (span, bool) {
	labels := labels(rs, run)
	if len(labels) < 2 {
		return span{}, false
	}
	end, ok := hostEnd(rs, labels)
	if !ok {
		return span{}, false
	}
	start := hostStart(rs, labels[0])
	if start > 0 && isAtSign(rs[start-1]) || isLocalPart(rs, end) {
		return span{}, false
	}
	return span{start, withPath(rs, end)}, true
}

// labels are what stands between the points of a run.
func labels(rs []rune, run span) []span {
	var all []span
	start := run.start
	for i := run.start; i <= run.end; i++ {
		if i < run.end && !isDot(rs[i]) {
			continue
		}
		if i > start {
			all = append(all, span{start, i})
		}
		start = i + 1
	}
	return all
}

// hostEnd is where the last label ends that begins with a top-level domain, or rather where that does.
func hostEnd(rs []rune, labels []span) (end int, ok bool) {
	if isWWW(rs[labels[0].start:labels[0].end]) || isIPv4(rs, labels) {
		return labels[len(labels)-1].end, true
	}
	for i := len(labels) - 1; i > 0; i-- {
		l := labels[i]
		end := l.start + tldLength(rs[l.start:l.end])
		name := rs[l.start:end]
		if isTimeOfDay(rs[labels[i-1].start:labels[i-1].end], name) {
			continue
		}
		pathed := end < len(rs) && narrow(rs[end]) == '/' && isTLD([]rune(strings.ToLower(string(name))))
		if pathed || isTLD(name) {
			return end, true
		}
	}
	return 0, false
}

// tldLength is how much of a label could be a top-level domain: it ends where another script begins, as in
// "example.comで", and at a hyphen or underscore.
func tldLength(label []rune) int {
	if hasPrefix(label, "xn--") {
		return prefixLength(label, func(r rune) bool { return r < 0x80 && r != '_' })
	}
	if unicode.Is(unicode.Latin, label[0]) {
		return prefixLength(label, func(r rune) bool { return unicode.In(r, unicode.Latin, unicode.Nd, unicode.M) })
	}
	return prefixLength(label, func(r rune) bool { return r >= 0x80 })
}

func prefixLength(rs []rune, in func(rune) bool) int {
	for i, r := range rs {
		if !in(r) {
			return i
		}
	}
	return len(rs)
}

// hostStart leaves out what can't begin a domain: hyphens, underscores, and text in a script without spaces to which a
// Latin name was put.
func hostStart(rs []rune, first span) int {
	start := first.start
	if !isDense(rs[first.end-1]) {
		for i := first.start; i < first.end; i++ {
			if isDense(rs[i]) {
				start = i + 1
			}
		}
	}
	for start < first.end-1 && (rs[start] == '-' || rs[start] == '_' || unicode.IsMark(rs[start])) {
		start++
	}
	return start
}

// isLocalPart reports whether an email address goes on with an @ here.
func isLocalPart(rs []rune, end int) bool {
	return end+1 < len(rs) && isAtSign(rs[end]) && isHostRune(rs[end+1])
}

func isWWW(label []rune) bool { return len(label) == 3 && Fold(string(label)) == "www" }

func isIPv4(rs []rune, labels []span) bool {
	if len(labels) != 4 {
		return false
	}
	parts := make([]string, len(labels))
	for i, l := range labels {
		parts[i] = Fold(string(rs[l.start:l.end]))
	}
	_, err := netip.ParseAddr(strings.Join(parts, "."))
	return err == nil
}

// isTimeOfDay reports whether 9.am is meant, not a domain in Armenia.
func isTimeOfDay(before, name []rune) bool {
	if len(before) > 2 || prefixLength(before, unicode.IsDigit) < len(before) {
		return false
	}
	folded := Fold(string(name))
	return folded == "am" || folded == "pm"
}

// withPath goes on from the end of a host over port, path, query and fragment.
func withPath(rs []rune, end int) int {
	after := end
	if hasPrefix(rs[after:], ":") {
		digits := prefixLength(rs[after+1:], unicode.IsDigit)
		if digits > 0 {
			after += 1 + digits
			end = after
		}
	}
	if after < len(rs) && strings.ContainsRune("/?#", narrow(rs[after])) {
		return max(end, urlEnd(rs, after))
	}
	return end
}

// urlEnd is where a URL ends that goes on at start: before white space, quotes and punctuation that no URL has; the
// punctuation that ends a sentence or closes a bracket opened before the URL is left out too.
func urlEnd(rs []rune, start int) int {
	end := start + prefixLength(rs[start:], isURLRune)
	opened := 0
	for _, r := range rs[start:end] {
		switch r {
		case '(':
			opened++
		case ')':
			opened--
		}
	}
	for ; end > start; end-- {
		r := rs[end-1]
		if !strings.ContainsRune(".,;:!?'*_~)]}@#", narrow(r)) || r == ')' && opened >= 0 {
			break
		}
		if r == ')' {
			opened++
		}
	}
	return end
}

func isURLRune(r rune) bool {
	if r < 0x80 {
		return r > ' ' && r != 0x7F && !strings.ContainsRune("<>\"", r)
	}
	if unicode.IsPunct(r) || unicode.IsSymbol(r) {
		return strings.ContainsRune("./-_:@?&=%", narrow(r))
	}
	return unicode.IsGraphic(r) && !unicode.IsSpace(r)
}

// isHostRune reports whether r can stand in a host, points included.
func isHostRune(r rune) bool {
	if r < 0x80 {
		return isUsernameRune(r) || r == '-'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && r != keycap ||
		isDot(r) || r == zeroWidthJoiner || r == zeroWidthNonJoiner
}

// isDot reports the full stop, the forms of it that stand for it in a host (UTS #46), and a one-dot leader.
func isDot(r rune) bool {
	switch r {
	case '.', '。', '．', '｡', '﹒', '․':
		return true
	}
	return false
}

// hasPrefix reports whether the text begins with an ASCII prefix, in full-width forms or not, in either case.
func hasPrefix(rs []rune, prefix string) bool {
	if len(rs) < len(prefix) {
		return false
	}
	for i := range len(prefix) {
		if unicode.ToLower(narrow(rs[i])) != rune(prefix[i]) {
			return false
		}
	}
	return true
}
