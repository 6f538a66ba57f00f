package schedule

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Hours are spans of the day. They may overlap; a schedule is active within any of them. None stands for the whole day
// where a [Schedule] is made, so who is given an empty list of hours should refuse it.
type Hours []Span

// Span is a part of the day, from one time that the clock shows up to, and without, another. One that ends before it
// begins goes on over midnight.
type Span struct {
	begin, end int // minutes since midnight
}

const wholeDay = 24 * 60

const wantHours = `write begin and end as "09:00-18:00"`

// ParseHours reads spans with commas between: "09:00-18:00", "22:00-06:00" over midnight, "09:00-12:00, 14:00-18:00". A
// day ends at 24:00. Errors are a [*Mistake].
func ParseHours(s string) (Hours, error) {
	if strings.TrimSpace(s) == "" {
		return nil, mistake(wantHours, "no hours are named")
	}
	var hours Hours
	for entry := range strings.SplitSeq(s, ",") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			return nil, commaTooMany(s)
		}
		span, err := parseSpan(entry)
		if err != nil {
			return nil, err
		}
		hours = append(hours, span)
	}
	return hours, nil
}

func parseSpan(s string) (Span, error) {
	from, to, ok := cutRange(s)
	if !ok {
		return Span{}, mistake(wantHours, "%s is no span of hours", quote(s))
	}
	begin, err := parseClock(from)
	if err != nil {
		return Span{}, err.withHint(guessSpan(from, to))
	}
	end, err := parseClock(to)
	if err != nil {
		return Span{}, err.withHint(guessSpan(from, to))
	}
	switch {
	case begin == end:
		return Span{}, mistake(`for the whole day leave hours out, or write "00:00-24:00"`, "%s begins and ends at the same time", quote(s))
	case begin == wholeDay:
		return Span{}, mistake("write 00:00", "%s begins at 24:00, where the day ends", quote(s))
	}
	return Span{begin, end}, nil
}

var (
	clockShape = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2})$`)
	// looseClock is how people write times of day elsewhere: 9, 9am, 9.30 pm, 9h30, 0930.
	looseClock = regexp.MustCompile(`(?i)^([0-9]{1,2})(?:[:.h]?([0-9]{2}))?h?\s*(?:([ap])\.?m\.?)?$`)
)

// parseClock reads a time of day as minutes since midnight. 24:00 is the day's end.
func parseClock(s string) (int, *Mistake) {
	if m := clockShape.FindStringSubmatch(s); m != nil {
		if minutes, ok := minutesOf(m[1], m[2]); ok {
			return minutes, nil
		}
		return 0, mistake("a day goes from 00:00 to 24:00", "%s is no time of day", quote(s))
	}
	if s == "" {
		return 0, mistake(wantHours, "a time of day is missing")
	}
	hint := "write hours and minutes from 00:00 to 24:00, as in 09:00"
	if meant, ok := guessClock(s); ok {
		hint = "write " + meant
	}
	return 0, mistake(hint, "%s is no time of day", quote(s))
}

func minutesOf(hour, minute string) (int, bool) {
	h, _ := strconv.Atoi(hour) // both are two digits at most
	m, _ := strconv.Atoi(minute)
	return h*60 + m, m < 60 && h*60+m <= wholeDay
}

// guessSpan is how to write a span as somebody most likely meant it; "" if that can't be told. "9am-5" can't.
func guessSpan(from, to string) string {
	begin, ok := guessClock(from)
	end, okToo := guessClock(to)
	if halves := "apAP"; !ok || !okToo || strings.ContainsAny(from, halves) != strings.ContainsAny(to, halves) {
		return ""
	}
	return fmt.Sprintf(`write "%s-%s"`, begin, end)
}

// guessClock is the time that somebody most likely meant, as it must be written.
func guessClock(s string) (string, bool) {
	m := looseClock.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	minutes, ok := minutesOf(m[1], m[2])
	switch half := strings.ToLower(m[3]); {
	case half == "":
	case minutes >= 13*60 || minutes < 60:
		return "", false
	case half == "a" && minutes >= 12*60:
		minutes -= 12 * 60
	case half == "p" && minutes < 12*60:
		minutes += 12 * 60
	}
	return clockText(minutes), ok
}

func clockText(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// onItsDay reports whether the clock's time lies in the span on the day on which that begins.
func (s Span) onItsDay(clock int) bool {
	return s.begin <= clock && (clock < s.end || s.end < s.begin)
}

// onTheNextDay reports whether the clock's time lies in the span on the day after.
func (s Span) onTheNextDay(clock int) bool {
	return s.end < s.begin && clock < s.end
}

// String is the spans as [ParseHours] reads them.
func (h Hours) String() string {
	spans := make([]string, len(h))
	for i, s := range h {
		spans[i] = clockText(s.begin) + "-" + clockText(s.end)
	}
	return strings.Join(spans, ", ")
}
