package schedule

import (
	"fmt"
	"strings"
	"time"

	"github.com/answerback/answerback/rules/yamlpos"
)

// Days is a set of days of the week, to be joined with |. Empty stands for every day where a [Schedule] is made, so who
// is given an empty list of days should refuse it.
type Days uint8

const everyDay Days = 1<<7 - 1

const wantDays = `write days as "mon-fri" or "sat, sun"`

// ParseDays reads days and ranges of days with commas between: "mon-fri", "sat, sun", "Friday-Monday". A day is its
// English name or the first three letters or more of it, in any case. A range may run over the end of the week. Errors
// are a [*Mistake].
func ParseDays(s string) (Days, error) {
	if strings.TrimSpace(s) == "" {
		return 0, mistake(wantDays, "no day is named")
	}
	var days Days
	for entry := range strings.SplitSeq(s, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return 0, commaTooMany(s)
		}
		these, err := parseDayRange(entry)
		if err != nil {
			return 0, err
		}
		days |= these
	}
	return days, nil
}

func parseDayRange(s string) (Days, error) {
	if day, ok := dayNamed(s); ok {
		return 1 << day, nil
	}
	from, to, ok := cutRange(s)
	if !ok {
		return 0, noDay(s)
	}
	if from == "" || to == "" {
		return 0, mistake(wantDays, "a day is missing in %s", quote(s))
	}
	first, ok := dayNamed(from)
	if !ok {
		return 0, noDay(from)
	}
	last, ok := dayNamed(to)
	if !ok {
		return 0, noDay(to)
	}
	if first == last {
		return 0, mistake("write "+strings.ToLower(short(first))+", or leave days out for every day", "%s begins and ends on the same day", quote(s))
	}
	days := Days(1) << last
	for day := first; day != last; day = (day + 1) % 7 {
		days |= 1 << day
	}
	return days, nil
}

// noDay tells what to write in place of a word that names no day.
func noDay(word string) *Mistake {
	hint := wantDays
	switch strings.ToLower(word) {
	case "weekday", "weekdays", "workday", "workdays":
		hint = `write "mon-fri"`
	case "weekend", "weekends":
		hint = `write "sat, sun"`
	case "daily", "always", "all", "*", "every day", "everyday":
		hint = "for every day leave days out"
	default:
		if len(strings.Fields(word)) > 1 {
			hint = `put commas between days, as in "sat, sun", and a - in a range, as in "mon-fri"`
		} else if near, ok := yamlpos.Nearest(word, dayNames()); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
	}
	return mistake(hint, "%s is no day of the week", quote(word))
}

func dayNamed(s string) (time.Weekday, bool) {
	const fewest = 3
	for day := range time.Weekday(7) {
		name := day.String()
		if len(s) >= fewest && len(s) <= len(name) && strings.EqualFold(s, name[:len(s)]) {
			return day, true
		}
	}
	return 0, false
}

func dayNames() []string {
	var names []string
	for day := range time.Weekday(7) {
		names = append(names, strings.ToLower(day.String()), strings.ToLower(short(day)))
	}
	return names
}

func short(day time.Weekday) string { return day.String()[:3] }

func (d Days) has(day time.Weekday) bool { return d&(1<<day) != 0 }

// String is the days as people write them, and as [ParseDays] reads them: "Mon-Fri", "Sat, Sun", "Sat-Mon".
func (d Days) String() string {
	if d&everyDay == everyDay {
		return "Mon-Sun"
	}
	var runs []string
	for i := range time.Weekday(7) {
		first := (time.Monday + i) % 7
		if !d.has(first) || d.has((first+6)%7) {
			continue // not where a run begins
		}
		last := first
		for d.has((last + 1) % 7) {
			last = (last + 1) % 7
		}
		runs = append(runs, run(first, last))
	}
	return strings.Join(runs, ", ")
}

func run(first, last time.Weekday) string {
	switch (last - first + 7) % 7 {
	case 0:
		return short(first)
	case 1:
		return short(first) + ", " + short(last)
	}
	return short(first) + "-" + short(last)
}
