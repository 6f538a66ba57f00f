package yamlpos

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/problem"
)

// Duration is a length of time that is not negative, with its place.
type Duration struct {
	Text
	time.Duration
}

// wantDuration says what a duration looks like.
const wantDuration = "a duration such as 90s, 15m, 24h or 7d"

var errDuration = errors.New("not " + wantDuration)

// DecodeYAML takes what ParseDuration does.
func (d *Duration) DecodeYAML(n *Node) problem.List {
	if n.Kind() != Scalar {
		return problem.List{n.Wrong(wantDuration)}
	}
	length, err := ParseDuration(n.Text().Value)
	if err != nil {
		p := n.Wrong(wantDuration)
		if _, err := strconv.Atoi(n.Text().Value); err == nil {
			p.Hint = "say the unit, as in 30s"
		}
		return problem.List{p}
	}
	*d = Duration{n.Text(), length}
	return nil
}

// ParseDuration reads Go's notation of durations ("1h30m", "0s") with days in front ("90d", "1d12h"), a day being 24
// hours. Negative ones are errors.
func ParseDuration(s string) (time.Duration, error) {
	days := 0.0
	rest := s
	if before, after, ok := strings.Cut(s, "d"); ok {
		n, err := strconv.ParseFloat(before, 64)
		if err != nil || !isDecimal(before) {
			return 0, errDuration
		}
		days, rest = n, after
		if rest == "" {
			rest = "0"
		}
	}
	length, err := time.ParseDuration(rest)
	if err != nil || length < 0 || strings.ContainsAny(rest[:1], "+-") {
		return 0, errDuration
	}
	whole := days * float64(24*time.Hour)
	if whole+float64(length) >= math.MaxInt64 {
		return 0, errDuration
	}
	return time.Duration(whole) + length, nil
}

// isDecimal keeps out what ParseFloat takes beyond plain numbers: signs, exponents, Inf.
func isDecimal(s string) bool {
	return strings.Trim(s, "0123456789.") == ""
}
