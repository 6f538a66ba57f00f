package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// maxUsername is how long a username can be on Instagram.
const maxUsername = 30

// IsUsername reports whether s can be a username: 1 to 30 of A–Z, a–z, 0–9, point and underscore. A template repeats
// such a value as it is where the field is known to hold a username, though ada.com is a domain as well; free text goes
// through [Defuse], whatever it looks like.
func IsUsername(s string) bool {
	if s == "" || len(s) > maxUsername {
		return false
	}
	for i := range len(s) {
		if !isUsernameRune(rune(s[i])) {
			return false
		}
	}
	return true
}

func isUsernameRune(r rune) bool {
	return r < utf8.RuneSelf && (isLatinByte(byte(r)) || r >= '0' && r <= '9' || r == '.' || r == '_')
}

// Hashtags are the text's hashtags, without the sign, folded, in order, each once. A hashtag is the sign with the
// letters, digits, marks and underscores after it; what stands before the sign doesn't matter (#one#two), but a sign
// within a URL is none.
func Hashtags(s string) []string {
	if !strings.ContainsFunc(s, isHashSign) {
		return nil
	}
	rs, inURL := runes(s)
	var tags distinct
	for i, r := range rs {
		if !isHashSign(r) || inURL(i) {
			continue
		}
		end := i + 1
		for end < len(rs) && isTagRune(rs[end]) {
			end++
		}
		tags.add(Fold(string(rs[i+1 : end])))
	}
	return tags.list
}

// Mentions are the mentioned usernames, without the sign, folded, in order, each once. A sign directly after a letter or
// digit (an email address) makes no mention, nor does one within a URL. The point that ends a sentence is not part of
// the name.
func Mentions(s string) []string {
	if !strings.ContainsFunc(s, isAtSign) {
		return nil
	}
	rs, inURL := runes(s)
	var names distinct
	for i, r := range rs {
		if !isAtSign(r) || inURL(i) || i > 0 && isUsernameRune(narrow(rs[i-1])) {
			continue
		}
		names.add(username(rs[i+1:]))
	}
	return names.list
}

// distinct is a list in which nothing stands twice.
type distinct struct {
	list []string
	seen map[string]bool
}

func (d *distinct) add(s string) {
	if s == "" || d.seen[s] {
		return
	}
	if d.seen == nil {
		d.seen = map[string]bool{}
	}
	d.seen[s] = true
	d.list = append(d.list, s)
}

// username reads the folded username with which a text begins; "" if there is none.
func username(rs []rune) string {
	var name []byte
	for _, r := range rs {
		r = narrow(r)
		if !isUsernameRune(r) || r == '.' && len(name) > 0 && name[len(name)-1] == '.' {
			break
		}
		name = append(name, byte(unicode.ToLower(r)))
		if len(name) > maxUsername+1 {
			return ""
		}
	}
	found := strings.TrimRight(string(name), ".")
	if strings.HasPrefix(found, ".") || len(found) > maxUsername {
		return ""
	}
	return found
}

// runes is the visible text with a test of whether a place in it belongs to a URL.
func runes(s string) ([]rune, func(i int) bool) {
	rs := []rune(visible(s))
	found := findURLs(rs)
	return rs, func(i int) bool {
		for len(found) > 0 && found[0].end <= i {
			found = found[1:] // places are asked for in order
		}
		return len(found) > 0 && found[0].start <= i
	}
}

func isAtSign(r rune) bool   { return r == '@' || r == '＠' || r == '﹫' }
func isHashSign(r rune) bool { return r == '#' || r == '＃' || r == '﹟' }

func isTagRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '_' || unicode.IsMark(r) && r != keycap
}

// narrow is the ordinary form of a full-width letter, digit or sign.
func narrow(r rune) rune {
	if r < utf8.RuneSelf {
		return r
	}
	if n := width.LookupRune(r).Narrow(); n != 0 {
		return n
	}
	return r
}
