package schedule_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/rules/schedule"
)

// restless are zones with a time near which their clock changes.
func restless() map[string][]string {
	return map[string][]string{
		"UTC":                 {"2026-03-29T00:00:00Z"},
		"Europe/Lisbon":       {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"},
		"America/New_York":    {"2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"},
		"Australia/Lord_Howe": {"2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"},
		"America/Sao_Paulo":   {"2018-11-04T03:00:00Z", "2018-02-18T02:00:00Z"},
		"Asia/Beirut":         {"2024-03-30T22:00:00Z", "2024-10-26T21:00:00Z"},
		"Africa/Casablanca":   {"2026-02-15T02:00:00Z", "2026-03-22T02:00:00Z"},
		"Europe/Dublin":       {"2026-03-29T01:00:00Z"},
		"Asia/Kathmandu":      {"2026-01-01T00:00:00Z"},
		"Pacific/Apia":        {"2011-12-30T10:00:00Z"},
		"America/St_Johns":    {"2010-11-07T02:31:00Z", "2010-03-14T03:31:00Z"},
	}
}

// model judges by what a clock shows as text, and remembers nothing.
type model struct {
	days  map[string]bool // "Mon"
	spans [][2]string     // "09:00"
	zone  *time.Location
	from  string // "2026-12-01 18:00"; ""
	until string
}

const shown = "2006-01-02 15:04"

// active judges by a text such as "2026-12-01 18:00 Tue".
func (m model) active(text string) bool {
	clock, today := text[11:16], text[17:]
	const week = "Sun Mon Tue Wed Thu Fri Sat Sun"
	yesterday := week[strings.LastIndex(week, today)-4:][:3]
	for _, span := range m.spans {
		begin, end := span[0], span[1]
		if begin < end && m.days[today] && begin <= clock && clock < end {
			return true
		}
		if begin > end && (m.days[today] && clock >= begin || m.days[yesterday] && clock < end) {
			return true
		}
	}
	return false
}

// walk tells of each minute whether it is within from and until, and active.
func (m model) walk(begin time.Time, minutes int) []bool {
	first, last := -1, -1 // the first minute that isn't before from, the last one before until
	active := make([]bool, minutes)
	for i := range minutes {
		text := begin.Add(time.Duration(i) * time.Minute).In(m.zone).Format(shown + " Mon")
		clock := text[:len(shown)]
		if first < 0 && clock >= m.from {
			first = i
		}
		if m.until == "" || clock < m.until {
			last = i
		}
		active[i] = first >= 0 && m.active(text)
	}
	clear(active[last+1:])
	return active
}

func aClock(t *rapid.T, label string, most int) string {
	minutes := rapid.OneOf(rapid.IntRange(0, 4*60), rapid.IntRange(21*60, most), rapid.IntRange(0, most)).Draw(t, label)
	if rapid.Bool().Draw(t, label+" is whole") {
		minutes -= minutes % 30
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// aSchedule draws a schedule and its model, with from and until near a time if at all.
func aSchedule(t *rapid.T, zone string, near time.Time) (written, model) {
	names := []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	w := written{zone: zone}
	m := model{days: map[string]bool{}}
	chosen := rapid.SliceOfNDistinct(rapid.SampledFrom(names), 0, 7, rapid.ID).Draw(t, "days")
	w.days = strings.Join(chosen, ",")
	if len(chosen) == 0 {
		chosen = names
	}
	for _, day := range chosen {
		m.days[day] = true
	}
	for range rapid.IntRange(0, 3).Draw(t, "spans") {
		span := [2]string{aClock(t, "begin", 23*60+59), aClock(t, "end", 24*60)}
		if span[0] != span[1] {
			m.spans = append(m.spans, span)
		}
	}
	for i, span := range m.spans {
		if i > 0 {
			w.hours += ", "
		}
		w.hours += span[0] + "-" + span[1]
	}
	if len(m.spans) == 0 {
		m.spans = [][2]string{{"00:00", "24:00"}}
	}
	var err error
	if m.zone, err = schedule.ParseZone(zone); err != nil {
		t.Fatal(err)
	}
	w.from, m.from = aMoment(t, "from", near.In(m.zone), 0)
	w.until, m.until = aMoment(t, "until", near.In(m.zone), 1)
	return w, m
}

// aMoment draws from or until as it is written, and as the clock then shows it.
func aMoment(t *rapid.T, label string, near time.Time, daysAfter int) (written, clock string) {
	offset := time.Duration(rapid.IntRange(-24*60, 24*60).Draw(t, label)) * time.Minute
	// The clock's text is moved, not the time, so that times that it never shows are drawn as well.
	naive := time.Date(near.Year(), near.Month(), near.Day(), near.Hour(), near.Minute(), 0, 0, time.UTC).Add(offset)
	switch rapid.SampledFrom([]string{"none", "none", "date", "time"}).Draw(t, label+" form") {
	case "date":
		date := naive.Format(time.DateOnly)
		return date, naive.AddDate(0, 0, daysAfter).Format(time.DateOnly) + " 00:00"
	case "time":
		return naive.Format(shown), naive.Format(shown)
	}
	return "", ""
}

// Active is what a walk along the wall clock, minute by minute, finds; Next is the first such minute, if any.
func TestAgainstTheWallClock(t *testing.T) {
	const days, minutes = 10, 10 * 24 * 60
	var zones []string
	for zone := range restless() {
		zones = append(zones, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		near := rapid.SampledFrom(restless()[zone]).Draw(t, "near")
		change, err := time.Parse(time.RFC3339, near)
		if err != nil {
			t.Fatal(err)
		}
		w, m := aSchedule(t, zone, change)
		begin := change.AddDate(0, 0, -2)
		want := m.walk(begin, minutes)

		s, err := schedule.New(w.parts(t))
		if err != nil {
			for i, active := range want {
				if active {
					t.Fatalf("%v, but at %v it is active", err, begin.Add(time.Duration(i)*time.Minute))
				}
			}
			return
		}
		for i, active := range want {
			now := begin.Add(time.Duration(i)*time.Minute + time.Duration(i%60)*time.Second)
			if got := s.Active(now); got != active {
				t.Fatalf("%v at %v: active %v, want %v", s, now.In(m.zone), got, active)
			}
		}
		// Between a time and its Next lies nothing active.
		start := rapid.IntRange(0, minutes-1).Draw(t, "start")
		first := -1
		for i := start; i < minutes && first < 0; i++ {
			if want[i] {
				first = i
			}
		}
		next, ok := s.Next(begin.Add(time.Duration(start) * time.Minute))
		if end := begin.AddDate(0, 0, days); ok && !next.Before(end) {
			ok = false // beyond the walk
		}
		if ok != (first >= 0) || ok && !next.Equal(begin.Add(time.Duration(first)*time.Minute)) {
			t.Fatalf("%v: from minute %d next is %v (%v), want minute %d", s, start, next, ok, first)
		}
	})
}
