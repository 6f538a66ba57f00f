package doctor

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// release is a version of the Graph API.
type release struct {
	name string
	ends time.Time // zero: not yet announced
}

// releases are the versions that are known, oldest first. Source: Meta, "Graph API Changelog".
func releases() []release {
	day := func(year int, month time.Month, day int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	}
	return []release{
		{"v20.0", day(2026, time.September, 24)},
		{"v21.0", day(2027, time.January, 21)},
		{"v22.0", day(2027, time.May, 20)},
		{"v23.0", day(2027, time.October, 8)},
		{"v24.0", day(2028, time.February, 18)},
		{"v25.0", day(2028, time.July, 29)},
		{"v26.0", time.Time{}},
	}
}

// endsSoon is how long before its end a version is warned of.
const endsSoon = 90 * 24 * time.Hour

func (e *examination) version() Link {
	l := Link{Name: LinkVersion, State: OK}
	known := releases()
	latest := known[len(known)-1].name
	newer := "write instagram.version: " + latest
	i := slices.IndexFunc(known, func(r release) bool { return r.name == e.Version })
	switch {
	case i < 0 && major(e.Version) < major(known[0].name):
		l.State, l.Seen, l.Do = Broken, fmt.Sprintf("Meta has removed %s of the Graph API", e.Version), newer
	case i < 0:
		l.State, l.Seen = Warning, fmt.Sprintf("this answerback doesn't know %s of the Graph API, the latest that it knows is %s", e.Version, latest)
		l.Do = "make sure that Meta has it, or " + newer
	case known[i].ends.IsZero():
		l.Seen = fmt.Sprintf("%s of the Graph API has no end yet", e.Version)
	default:
		ends := known[i].ends.Format(time.DateOnly)
		switch left := known[i].ends.Sub(e.Now()); {
		case left <= 0:
			l.State, l.Seen, l.Do = Broken, fmt.Sprintf("%s of the Graph API ended on %s", e.Version, ends), newer
		case left <= endsSoon:
			l.State, l.Seen, l.Do = Warning, fmt.Sprintf("%s of the Graph API ends on %s", e.Version, ends), newer
		default:
			l.Seen = fmt.Sprintf("%s of the Graph API is there until %s", e.Version, ends)
		}
	}
	return l
}

// major is the number before the point; 0 if there is none.
func major(version string) int {
	number, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, _ := strconv.Atoi(number)
	return n
}
