package schedule

import (
	_ "embed"
	"regexp"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/yamlpos"
)

// knownZones are the names in the IANA time zone database of 2026, one a line, for hints; a later database may have
// more. Those by offset are left out, since their sign is turned round (Etc/GMT+2 is two hours behind).
//
//go:embed zones.txt
var knownZones string

var (
	zoneShape = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*$`)
	// fixedOffset and the like know no daylight saving, which is what a zone is for.
	fixedOffset = regexp.MustCompile(`(?i)^(utc|gmt)?\s*[+-]\s*[0-9]{1,2}(:?[0-9]{2})?$`)
)

const wantZone = "write area and city, as in Europe/Lisbon"

// ParseZone reads the name of a time zone in the IANA database, such as "Europe/Lisbon", or "UTC". "Local" is refused:
// a rule must mean the same on every machine. Errors are a [*Mistake].
func ParseZone(s string) (*time.Location, error) {
	name := strings.TrimSpace(s)
	plain := strings.ToLower(name)
	switch {
	case name == "":
		return nil, mistake(wantZone+"; without a timezone it is UTC", "no time zone is named")
	case plain == "local" || plain == "localtime":
		return nil, mistake(wantZone, "%s would mean another time zone on another machine", quote(name))
	case fixedOffset.MatchString(name):
		return nil, mistake(wantZone+": it knows daylight saving too", "%s is an offset, not a time zone", quote(name))
	}
	zones := strings.Fields(knownZones)
	if known, ok := sameBut(name, zones); ok {
		// File systems that ignore case would take it here, and others refuse it there.
		return nil, mistake("write "+known, "%s is no time zone", quote(name))
	}
	// Machines keep other files and copies of the zones, with leap seconds, beside the zones proper.
	beside := strings.HasPrefix(plain, "right/") || strings.HasPrefix(plain, "posix") || plain == "factory"
	if zoneShape.MatchString(name) && !beside {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, mistake(zoneHint(name, zones), "there is no time zone %s", quote(name))
}

// sameBut finds a name that is written otherwise only in its capitals.
func sameBut(name string, zones []string) (string, bool) {
	for _, zone := range zones {
		if zone != name && strings.EqualFold(zone, name) {
			return zone, true
		}
	}
	return "", false
}

// zoneHint names the zone that was most likely meant, also for who names but the city.
func zoneHint(name string, zones []string) string {
	cities := map[string]string{}
	var known []string
	for _, zone := range zones {
		if i := strings.LastIndexByte(zone, '/'); i >= 0 {
			cities[zone[i+1:]] = zone
			known = append(known, zone[i+1:])
		}
	}
	if strings.Contains(name, "/") {
		known = zones
	}
	near, ok := yamlpos.Nearest(name, known)
	if !ok {
		return wantZone
	}
	if zone, isCity := cities[near]; isCity {
		near = zone
	}
	return "did you mean " + near + "?"
}
