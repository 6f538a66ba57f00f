package expression

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/text"
)

// origin says whose words a piece of a reply is.
type origin int

const (
	outside  origin = iota // a stranger's, or made of a stranger's: defused
	username               // a username's: defused unless it has a username's form
	authored               // the author's, or wanted as it is by raw
)

// piece is a part of a reply's text and whose it is.
type piece struct {
	text   string
	origin origin
}

// shown is a value on its way into a reply.
type shown struct {
	pieces     []piece
	mayBeEmpty bool
}

func shownAs(text string, origin origin) shown { return shown{pieces: []piece{{text, origin}}} }

// shownOf is a value as an expression gave it. A text without a mark is from outside, so that a way of building texts
// that was forgotten here errs on the safe side.
func shownOf(value any) shown {
	switch v := value.(type) {
	case shown:
		return v
	case string:
		return shownAs(v, outside)
	case int:
		return shownAs(strconv.Itoa(v), authored)
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) { // divided by 0: nothing to show
			return shown{}
		}
		return shownAs(strconv.FormatFloat(v, 'f', -1, 64), authored)
	case time.Duration:
		return shownAs(v.String(), authored)
	default:
		return shownAs(fmt.Sprint(v), outside)
	}
}

// or is the value, or another where nothing of it could be shown. A fallback that the author wrote may be empty.
func (v shown) or(other shown) shown {
	if !v.blank() {
		return v
	}
	for _, p := range other.pieces {
		if p.origin != authored {
			return other
		}
	}
	other.mayBeEmpty = true
	return other
}

func (v shown) beside(other shown) shown {
	return shown{slices.Concat(v.pieces, other.pieces), v.mayBeEmpty && other.mayBeEmpty}
}

// blank reports whether nothing of the value is worth showing once it is defused.
func (v shown) blank() bool {
	return !slices.ContainsFunc(v.pieces, func(p piece) bool { return !p.blank() })
}

// signs begin mentions and hashtags.
const signs = "@#＠＃﹫﹟"

// blank is true of a stranger's lone signs too: they may be dropped for what follows them, and greet nobody.
func (p piece) blank() bool {
	if p.origin == authored {
		return text.Blank(p.text)
	}
	return text.Blank(strings.Trim(p.defused(), signs+" "))
}

func (p piece) defused() string {
	switch {
	case p.origin == authored:
		return p.text
	case p.origin == username && text.IsUsername(p.text):
		return p.text
	default:
		return text.Defuse(p.text)
	}
}

// Why a reply that could be rendered must not go out.
var (
	ErrEmpty   = errors.New("a value that it shows is empty")
	ErrTooLong = errors.New("it is longer than the platform takes")
)

// Render puts the event's values in. ErrEmpty and ErrTooLong, as the limit has it, hold the reply back; any other error
// is one of an interpolation: see [Describe].
func (t *Template) Render(s *Scope, limit platform.Limit) (string, error) {
	return t.render(s, limit, false)
}

// RenderLoosely is [Template.Render] with nothing in the place of a value that is empty.
func (t *Template) RenderLoosely(s *Scope, limit platform.Limit) (string, error) {
	return t.render(s, limit, true)
}

func (t *Template) render(s *Scope, limit platform.Limit, loosely bool) (string, error) {
	pieces := make([]piece, 0, len(t.parts))
	for i := range t.parts {
		p := &t.parts[i]
		if p.shows == nil {
			pieces = append(pieces, piece{p.literal, authored})
			continue
		}
		value, err := s.run(p.shows)
		if err != nil {
			return "", placed{err, p.offset}
		}
		v := shownOf(value)
		if v.blank() && !v.mayBeEmpty && !loosely {
			return "", ErrEmpty
		}
		pieces = append(pieces, v.pieces...)
	}
	reply := trimmed(joinPieces(pieces))
	switch {
	case text.Blank(reply):
		return "", ErrEmpty
	case limit.Length(reply) > limit.Max:
		return "", ErrTooLong
	}
	return reply, nil
}

// placed is an error of an interpolation, with where in the template that begins.
type placed struct {
	error
	offset int
}

func (p placed) Unwrap() error { return p.error }

func trimmed(reply string) string { return strings.TrimSpace(strings.ToValidUTF8(reply, "")) }
