package schedule_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/answerback/answerback/rules/schedule"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestMistakes shows what authors are told of all that they may write wrongly. The golden file is to be read as they
// read it.
func TestMistakes(t *testing.T) {
	parsers := []struct {
		key   string
		parse func(string) error
		wrong []string
	}{
		{"days", parseDays, []string{
			"", " ", "mo", "wensday", "weekdays", "weekend", "daily", "every day", "mon fri", "mon to fri", "mon,,tue", "mon-", "-fri",
			"mon-fri-sun", "mon-mon", "1-5", "mon/fri", "seg-sex", "mondays", "fri.", "понедельник", "mon\nfri", strings.Repeat("mon", 100),
		}},
		{"hours", parseHours, []string{
			"", "09:00", "9-17", "9am-5pm", "9 a.m. - 5.30 p.m.", "12am-12pm", "0900-1800", "9h30-18h", "09.00-18.00", "25:00-26:00", "09:60-10:00", "13pm-14:00", "99-99",
			"09:00-09:00", "00:00-00:00", "24:00-06:00", "00:00-24:01", "09:00-", "-18:00", "09:00-12:00,", "09:00-12:00-14:00", "morning", "09:00 to 18:00",
			"09:00:00-18:00:00", "٠٩:٠٠-١٨:٠٠", "-9:00-18:00",
		}},
		{"timezone", parseZone, []string{
			"", "Local", "local", "localtime", "europe/lisbon", "utc", "Europe/Lisboa", "Lisbon", "Sao Paulo", "new york", "New York/America", "PST", "GMT+2", "UTC-03:00", "+01:00",
			"Etc/GMT+99", "right/Europe/Lisbon", "posix/Europe/Lisbon", "posixrules", "Factory", "../etc/passwd", "/etc/localtime", "zone.tab", "Europe\\Lisbon", "Atlantis", "Europe/", "Бразилия", "a\x00b",
		}},
		{"from", parseMoment, []string{
			"", "tomorrow", "2026-02-30", "2026-13-01", "2026-12-1", "01.12.2026", "12/01/2026", "1 Dec 2026", "2026-12-01 6pm", "2026-12-01 25:00", "2026-12-01 18:00 Europe/Lisbon",
			"2026-12-01T18:00+01:00", "2026-02-30T10:00:00Z", "0206-12-01", "0001-01-01T00:00:00Z", "18:00", "2026", "1764547200", "2026-12-01 18:00:61", "99999-01-01",
		}},
	}
	var told strings.Builder
	for _, parser := range parsers {
		for _, text := range parser.wrong {
			err := parser.parse(text)
			m, ok := errors.AsType[*schedule.Mistake](err)
			if !ok {
				t.Errorf("%s: %q gives %v, not a Mistake", parser.key, text, err)
				continue
			}
			told.WriteString(parser.key + ": " + m.Message + "\n")
			if m.Hint != "" {
				told.WriteString("\thint: " + m.Hint + "\n")
			}
		}
	}
	golden(t, filepath.Join("testdata", "mistakes.txt"), told.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run with -update if this is meant (-want +got):\n%s", diff)
	}
}

func parseDays(s string) error   { _, err := schedule.ParseDays(s); return err }
func parseHours(s string) error  { _, err := schedule.ParseHours(s); return err }
func parseZone(s string) error   { _, err := schedule.ParseZone(s); return err }
func parseMoment(s string) error { _, err := schedule.ParseMoment(s); return err }

func TestParseDays(t *testing.T) {
	tests := map[string]string{
		"mon":             "Mon",
		"MONDAY":          "Mon",
		"Tues":            "Tue",
		"mon-fri":         "Mon-Fri",
		"Mon – Fri":       "Mon-Fri",
		"mon—fri":         "Mon-Fri",
		"monday-friday":   "Mon-Fri",
		"sat, sun":        "Sat, Sun",
		"sun,sat":         "Sat, Sun",
		"sat-sun":         "Sat, Sun",
		"sat-mon":         "Sat-Mon",
		"sun-mon":         "Sun, Mon",
		"sun":             "Sun",
		"mon,wed-fri":     "Mon, Wed-Fri",
		"mon,mon,mon-tue": "Mon, Tue",
		"mon-sun":         "Mon-Sun",
		"thu-wed":         "Mon-Sun",
		" fri ":           "Fri",
	}
	for text, want := range tests {
		days, err := schedule.ParseDays(text)
		if err != nil || days.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, days, err, want)
		}
	}
}

// A list in the file is the union of its entries.
func TestDaysOfAList(t *testing.T) {
	var days schedule.Days
	for _, entry := range []string{"sat", "sun", "wed-thu"} {
		more, err := schedule.ParseDays(entry)
		if err != nil {
			t.Fatal(err)
		}
		days |= more
	}
	if got := days.String(); got != "Wed, Thu, Sat, Sun" {
		t.Errorf("%q", got)
	}
}

func TestParseHours(t *testing.T) {
	tests := map[string]string{
		"09:00-18:00":              "09:00-18:00",
		"9:00-18:00":               "09:00-18:00",
		" 09:00 – 18:00 ":          "09:00-18:00",
		"22:00-06:00":              "22:00-06:00",
		"22:00-00:00":              "22:00-00:00",
		"00:00-24:00":              "00:00-24:00",
		"09:00-12:00, 14:00-18:00": "09:00-12:00, 14:00-18:00",
		"00:00-00:01":              "00:00-00:01",
	}
	for text, want := range tests {
		hours, err := schedule.ParseHours(text)
		if err != nil || hours.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, hours, err, want)
		}
	}
}

func TestParseZone(t *testing.T) {
	for text, want := range map[string]string{
		"UTC": "UTC", " Europe/Lisbon ": "Europe/Lisbon", "America/Argentina/Buenos_Aires": "America/Argentina/Buenos_Aires",
		"Etc/GMT+2": "Etc/GMT+2", "Asia/Calcutta": "Asia/Calcutta", "CET": "CET", "America/Port-au-Prince": "America/Port-au-Prince",
	} {
		zone, err := schedule.ParseZone(text)
		if err != nil || zone.String() != want {
			t.Errorf("%q: %v, %v", text, zone, err)
		}
	}
}

// What hints name can be used.
func TestKnownZones(t *testing.T) {
	names, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(names)) {
		if _, err := schedule.ParseZone(strings.TrimSpace(name)); err != nil && !strings.HasPrefix(name, "GMT") {
			t.Error(err)
		}
	}
}

func TestMomentString(t *testing.T) {
	for text, want := range map[string]string{
		"2026-12-01": "2026-12-01", " 2026-12-01 ": "2026-12-01", "2026-12-01 6:00": "2026-12-01 06:00", "2026-12-01T18:00": "2026-12-01 18:00",
		"2026-12-01  18:00:30": "2026-12-01 18:00:30", "2026-12-01T18:00:00Z": "2026-12-01T18:00:00Z", "2024-02-29": "2024-02-29",
	} {
		m, err := schedule.ParseMoment(text)
		if err != nil || m.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, m, err, want)
		}
	}
}

// Whatever is written: no panic, an error is a Mistake in one line, and what is read is read again from its own text.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"mon-fri", "sat, sun", "Friday–Monday", "09:00-18:00", "22:00-06:00, 9:00-12:00", "9am-5pm", "Europe/Lisbon", "lisbon", "UTC", "Local",
		"2026-12-01", "2026-12-01 18:00", "2026-12-01T18:00:00+01:00", "2026-12-01 24:00", "9999-12-31T23:59:60-23:59", "", "-", ",", "\xff-\xfe",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		check := func(err error, again func() error) {
			t.Helper()
			if err == nil {
				if err := again(); err != nil {
					t.Errorf("it is not read again: %v", err)
				}
				return
			}
			if m, ok := errors.AsType[*schedule.Mistake](err); !ok || m.Message == "" || strings.ContainsAny(m.Error(), "\n\x00\x1b") {
				t.Errorf("told so: %q", err)
			}
		}
		days, err := schedule.ParseDays(text)
		check(err, func() error { return parseDays(days.String()) })
		hours, err := schedule.ParseHours(text)
		check(err, func() error { return parseHours(hours.String()) })
		zone, err := schedule.ParseZone(text)
		check(err, func() error { return parseZone(zone.String()) })
		moment, err := schedule.ParseMoment(text)
		check(err, func() error { return parseMoment(moment.String()) })

		parts := schedule.Parts{Days: days, Hours: hours, Zone: zone, Until: moment}
		if s, err := schedule.New(parts); err == nil {
			begin, _ := s.Until()
			if next, ok := s.Next(begin.AddDate(0, 0, -30)); ok && !s.Active(next) {
				t.Errorf("%v is not active at %v", s, next)
			}
		}
	})
}
