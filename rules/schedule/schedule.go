// Package schedule is when a rule is active: days of the week, hours of the day, and a first and a last moment.
//
// The clock on the wall decides. A schedule is judged by what a clock in its time zone shows, never by counting hours:
//
//   - Hours that the clock skips in a spring night don't happen. "01:00-02:00" is not active in that night in
//     Europe/Lisbon, "02:30-03:30" lasts half an hour in America/New_York, "22:00-06:00" lasts seven hours.
//   - Hours that the clock shows twice in an autumn night happen twice. "01:00-02:00" lasts two hours then, "22:00-06:00"
//     nine.
//   - A span over midnight belongs to the day on which it begins. What the clock shows after midnight belongs to it if
//     the day before in the calendar is one of the days.
//   - From and Until are moments, so that a schedule begins once and ends once. From is the first moment at which the
//     clock shows that time or a later one; Until is the moment after which it shows no earlier one any more. A time
//     that is skipped is therefore the moment of the jump, and of one that happens twice From is the first, Until the
//     second.
//   - A date alone is its whole day: From begins with it, Until ends with it. Where a day has no midnight it begins at
//     the first time it has.
//
// Time zones come from the machine's database, or from the one in the program where the machine has none.
package schedule

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a rule means the same in an empty container
)

// Parts are what a schedule is made of. What is left out doesn't bound it.
type Parts struct {
	Days  Days           // none: every day
	Hours Hours          // none: the whole day
	Zone  *time.Location // nil: UTC
	From  Moment
	Until Moment
}

// Schedule says when a rule is active. It is immutable; the zero Schedule is active always.
type Schedule struct {
	parts       Parts
	from, until time.Time // zero: no bound
}

// New makes a schedule. What can be wrong with it lies between From and Until, and then both are given: that the one
// isn't before the other, or that none of the days and hours lies between them. Such an error is a [*Mistake].
func New(p Parts) (Schedule, error) {
	p.Hours = slices.Clone(p.Hours)
	s := Schedule{parts: p}
	if p.From.given() {
		s.from = p.From.begin(s.zone())
	}
	if p.Until.given() {
		s.until = p.Until.end(s.zone())
	}
	if !p.From.given() || !p.Until.given() {
		return s, nil
	}
	if !s.from.Before(s.until) {
		return Schedule{}, mistake("until is the last moment, from the first", "from %s is not before until %s", p.From, p.Until)
	}
	if _, ok := s.Next(s.from); !ok {
		return Schedule{}, mistake("", "it is never active: none of its days and hours lies between from %s and until %s", p.From, p.Until)
	}
	return s, nil
}

// Active reports whether a rule with this schedule may speak.
func (s Schedule) Active(now time.Time) bool {
	if now.Before(s.from) || s.ended(now) {
		return false
	}
	shown := reading(now, s.zone())
	today := shown.Weekday()
	yesterday := (today + 6) % 7
	clock := shown.Hour()*60 + shown.Minute()
	for _, span := range s.hours() {
		if span.onItsDay(clock) && s.on(today) || span.onTheNextDay(clock) && s.on(yesterday) {
			return true
		}
	}
	return false
}

// Next is the first moment, not before now, at which the schedule is active: now itself if it is active, and false if
// it never is again. The time is in the schedule's zone.
func (s Schedule) Next(now time.Time) (time.Time, bool) {
	t := now
	if t.Before(s.from) {
		t = s.from
	}
	for !s.ended(t) {
		if s.Active(t) {
			return t.In(s.zone()), true
		}
		begin := s.nextBegin(t)
		// The clock runs evenly only up to its next change. There it may jump into a span, so we look again.
		if _, change := t.In(s.zone()).ZoneBounds(); !change.IsZero() && change.Before(begin) {
			begin = change
		}
		t = begin
	}
	return time.Time{}, false
}

// nextBegin is the next begin of a span, were the clock never changed.
func (s Schedule) nextBegin(t time.Time) time.Time {
	shown := reading(t, s.zone())
	midnight := shown.Truncate(24 * time.Hour)
	for day := 0; ; day++ { // ends within a week, since there is always a day
		date := midnight.AddDate(0, 0, day)
		if !s.on(date.Weekday()) {
			continue
		}
		nearest := time.Duration(-1)
		for _, span := range s.hours() {
			wait := date.Add(time.Duration(span.begin) * time.Minute).Sub(shown)
			if wait > 0 && (nearest < 0 || wait < nearest) {
				nearest = wait
			}
		}
		if nearest > 0 {
			return t.Add(nearest)
		}
	}
}

// Until is the moment at which the schedule ends for good; false if it never does.
func (s Schedule) Until() (time.Time, bool) {
	return s.until, !s.until.IsZero()
}

// String is the schedule for people: "Mon-Fri 09:00-18:00 Europe/Lisbon", with "from 2026-12-01 until 2026-12-24"
// before the zone where it is bounded, and "always" where nothing bounds it.
func (s Schedule) String() string {
	var words []string
	if s.parts.Days != 0 {
		words = append(words, s.parts.Days.String())
	}
	if len(s.parts.Hours) > 0 {
		words = append(words, s.parts.Hours.String())
	}
	if s.parts.From.given() {
		words = append(words, "from "+s.parts.From.String())
	}
	if s.parts.Until.given() {
		words = append(words, "until "+s.parts.Until.String())
	}
	if len(words) == 0 {
		return "always"
	}
	return strings.Join(append(words, s.zone().String()), " ")
}

func (s Schedule) ended(now time.Time) bool { return !s.until.IsZero() && !now.Before(s.until) }

func (s Schedule) on(day time.Weekday) bool { return s.parts.Days == 0 || s.parts.Days.has(day) }

func (s Schedule) hours() Hours {
	if len(s.parts.Hours) == 0 {
		return Hours{{begin: 0, end: wholeDay}}
	}
	return s.parts.Hours
}

func (s Schedule) zone() *time.Location {
	if s.parts.Zone == nil {
		return time.UTC
	}
	return s.parts.Zone
}

// reading is what the clock on the wall shows, as a time in UTC, so that it can be reckoned with.
func reading(t time.Time, zone *time.Location) time.Time {
	_, offset := t.In(zone).Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
