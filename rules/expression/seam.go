package expression

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/answerback/answerback/rules/text"
)

// Values are defused one by one, but a mention or a link may also arise where two pieces meet: an @ that ends a
// comment before the next word, "shop" before ".com". What arises there out of a stranger's part is taken away too.
// What the author began stays, as in "@{{ from.username }}" or "https://example.com/{{ comment.id }}".

// joinPieces defuses pieces and puts them together.
func joinPieces(pieces []piece) string {
	pieces = mergeStrangers(pieces)
	if len(pieces) == 1 {
		return pieces[0].text
	}
	for i := range len(pieces) - 1 {
		if p := &pieces[i]; p.origin == outside {
			p.text = dropLastSigns(p.text, pieces[i+1].text)
		}
	}
	for {
		whole := textOf(pieces)
		start, end, found := strangersLink(whole, pieces)
		if !found {
			return whole
		}
		// What is left may be a link again.
		pieces = cut(pieces, start, end)
	}
}

func textOf(pieces []piece) string {
	var b strings.Builder
	for _, p := range pieces {
		b.WriteString(p.text)
	}
	return b.String()
}

// mergeStrangers defuses pieces, drops empty ones, and makes one of those from outside that touch.
func mergeStrangers(pieces []piece) []piece {
	merged := make([]piece, 0, len(pieces))
	for _, p := range pieces {
		if p.text = p.defused(); p.text == "" {
			continue
		}
		last := len(merged) - 1
		if last >= 0 && p.origin != authored && merged[last].origin != authored {
			merged[last] = piece{text.Defuse(merged[last].text + p.text), outside}
			continue
		}
		merged = append(merged, p)
	}
	return merged
}

// dropLastSigns takes @ and # from a text's end where what follows would make a mention or hashtag of them.
func dropLastSigns(s, next string) string {
	if first, _ := utf8.DecodeRuneInString(next); unicode.IsSpace(first) {
		return s
	}
	for {
		bare := strings.TrimRightFunc(s, func(r rune) bool { return unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me) })
		cut := strings.TrimRight(bare, signs)
		if cut == bare {
			return s
		}
		s = cut
	}
}

// strangersLink finds a link that begins in a stranger's piece, or whose host is a stranger's in part; start and end
// are in bytes of the whole. A link within one piece is none that arose: the author's own, or a username that looks
// like a domain.
func strangersLink(whole string, pieces []piece) (start, end int, found bool) {
	for _, link := range text.URLs(whole) {
		at := strings.Index(whole[end:], link)
		if at < 0 {
			continue // the author put something invisible into it
		}
		start = end + at
		end = start + len(link)
		if isStrangers(link, start, end, pieces) {
			return start, end, true
		}
	}
	return 0, 0, false
}

func isStrangers(link string, start, end int, pieces []piece) bool {
	first, firstEnd := pieceAt(pieces, start)
	switch {
	case end <= firstEnd:
		return first == outside
	case first != authored:
		return true
	case beginsWWW(link[:firstEnd-start]):
		return false // the author began it on purpose
	}
	if scheme := strings.Index(link, "://"); scheme >= 0 {
		return start+scheme+len("://") > firstEnd
	}
	host := strings.IndexAny(link, "/?#:")
	if host < 0 {
		host = len(link)
	}
	at := 0
	for _, p := range pieces {
		if p.origin != authored && at < start+host && at+len(p.text) > start {
			return true
		}
		at += len(p.text)
	}
	return false
}

func beginsWWW(s string) bool { return len(s) >= 4 && strings.EqualFold(s[:4], "www.") }

// pieceAt is whose the byte at a place in the whole is, and where that piece ends.
func pieceAt(pieces []piece, place int) (whose origin, end int) {
	for _, p := range pieces {
		if end += len(p.text); place < end {
			return p.origin, end
		}
	}
	return outside, end
}

// cut replaces a part of the whole by an ellipsis.
func cut(pieces []piece, start, end int) []piece {
	var left, right []piece
	at := 0
	for _, p := range pieces {
		next := at + len(p.text)
		if at < start {
			left = append(left, piece{p.text[:min(len(p.text), start-at)], p.origin})
		}
		if next > end {
			right = append(right, piece{p.text[max(0, end-at):], p.origin})
		}
		at = next
	}
	return slices.Concat(left, []piece{{"…", authored}}, right)
}
