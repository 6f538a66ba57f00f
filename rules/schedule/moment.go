package schedule

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Moment is the first or last moment of a schedule as it is written: a date, a date with a time of day, or one moment
// for the whole world. The first two are what clocks in the schedule's time zone show. The zero Moment is none.
type Moment struct {
	written string
	shown   time.Time // what the clock shows, in UTC; zero if the moment is exact
	day     bool      // a date alone: the whole day
	exact   time.Time // zero if the moment depends on the time zone
}

const wantMoment = `write 2026-12-01 or "2026-12-01 18:00"`

// earliest keeps out slips such as 0206: Instagram is younger.
const earliest = 2000

// ParseMoment reads "2026-12-01", "2026-12-01 18:00", also with seconds or a T between, and RFC 3339, which bears its
// own offset. Errors are a [*Mistake].
func ParseMoment(s string) (Moment, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return Moment{}, mistake(wantMoment, "no date is named")
	}
	m, err := parseMoment(s)
	if err != nil {
		return Moment{}, err
	}
	if m.year() < earliest {
		return Moment{}, mistake(wantMoment, "the year of %s is too early", quote(s))
	}
	return m, nil
}

func parseMoment(s string) (Moment, error) {
	if exact, err := time.Parse(time.RFC3339, s); err == nil {
		return Moment{written: s, exact: exact}, nil
	}
	date, clock := s, ""
	if i := strings.IndexAny(s, " Tt"); i >= 0 {
		date, clock = s[:i], strings.TrimSpace(s[i+1:])
	}
	shown, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return Moment{}, noDate(s, date)
	}
	if clock == "" {
		return Moment{written: date, shown: shown, day: true}, nil
	}
	if second, err := time.Parse(time.TimeOnly, clock); err == nil {
		return Moment{written: date + " " + clock, shown: shown.Add(second.Sub(second.Truncate(24 * time.Hour)))}, nil
	}
	minutes, wrong := parseClock(clock)
	if wrong != nil {
		return Moment{}, wrong.withHint(guessMoment(date, clock))
	}
	return Moment{written: date + " " + clockText(minutes), shown: shown.Add(time.Duration(minutes) * time.Minute)}, nil
}

var (
	dateShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	looseDate = regexp.MustCompile(`^([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})$`) // year first, so there is no doubt
)

func noDate(s, date string) *Mistake {
	if dateShape.MatchString(date) {
		return mistake("", "there is no %s in the calendar", date)
	}
	hint := "write year, month and day, as in 2026-12-01"
	if m := looseDate.FindStringSubmatch(date); m != nil {
		hint = fmt.Sprintf("write %s-%02s-%02s", m[1], m[2], m[3])
	}
	return mistake(hint, "%s is no date", quote(s))
}

// guessMoment is how to write a date with a time of day that isn't one.
func guessMoment(date, clock string) string {
	if guess, ok := guessClock(clock); ok {
		return fmt.Sprintf(`write "%s %s"`, date, guess)
	}
	return fmt.Sprintf(`write "%s 18:00"; the time zone stands in timezone`, date)
}

func (m Moment) given() bool { return m.written != "" }

func (m Moment) year() int { return max(m.shown.Year(), m.exact.Year()) }

// String is the moment as it was written.
func (m Moment) String() string { return m.written }

// begin is the moment as a first one.
func (m Moment) begin(zone *time.Location) time.Time {
	if !m.exact.IsZero() {
		return m.exact
	}
	first, _ := passings(m.shown, zone)
	return first
}

// end is the moment as a last one, which itself lies outside.
func (m Moment) end(zone *time.Location) time.Time {
	if !m.exact.IsZero() {
		return m.exact
	}
	shown := m.shown
	if m.day {
		shown = shown.AddDate(0, 0, 1)
	}
	_, last := passings(shown, zone)
	return last
}

// passings are the first and the last moment at which the clock reaches a time from an earlier one; to be set back to
// it is no passing. A time that is skipped is passed at the jump.
func passings(shown time.Time, zone *time.Location) (first, last time.Time) {
	// Date gives a moment on one side of a change of the clock, without telling which.
	near := time.Date(shown.Year(), shown.Month(), shown.Day(), shown.Hour(), shown.Minute(), shown.Second(), 0, zone)
	start, end := near.ZoneBounds()
	for _, side := range []time.Time{start.Add(-1), near, end} {
		_, offset := side.In(zone).Zone()
		t := shown.Add(-time.Duration(offset) * time.Second).In(zone)
		if !reading(t, zone).Equal(shown) || !reading(t.Add(-1), zone).Before(shown) {
			continue
		}
		if first.IsZero() || t.Before(first) {
			first = t
		}
		if last.IsZero() || t.After(last) {
			last = t
		}
	}
	if !first.IsZero() {
		return first, last
	}
	jump := end
	if !start.IsZero() && !reading(start, zone).Before(shown) {
		jump = start
	}
	return jump, jump
}
