package ledger_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// dayEnds is when a rule that spoke today would pass again, with a day of the zone.
func dayEnds(t rapid.TB, now time.Time, zone *time.Location) time.Time {
	event := comment()
	event.Time = now
	decision := decide(event, "a matched")
	decision.Candidates[0].Bounds = rules.Bounds{OncePer: []rules.Part{rules.PerDay}, Zone: zone}
	record, err := ledger.Conclude(event, decision, now, ledger.Terms{}, &book{marked: now})
	if err != nil {
		t.Fatal(err)
	}
	if record.Because != rules.BecauseOncePer {
		t.Fatalf("%s because %s", record.Verdict, record.Because)
	}
	return record.Rules[1].Until
}

func TestDayEnds(t *testing.T) {
	for name, c := range map[string]struct{ zone, now, want string }{
		"UTC":                       {"UTC", "2024-01-01T12:00:00.5Z", "2024-01-02T00:00:00Z"},
		"the very end":              {"UTC", "2024-01-01T23:59:59.999999999Z", "2024-01-02T00:00:00Z"},
		"the very beginning":        {"UTC", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"},
		"Lisbon, clocks forward":    {"Europe/Lisbon", "2024-03-31T00:30:00Z", "2024-03-31T23:00:00Z"},
		"Lisbon, clocks back":       {"Europe/Lisbon", "2024-10-26T23:30:00Z", "2024-10-28T00:00:00Z"},
		"New York, clocks forward":  {"America/New_York", "2024-03-10T06:59:00Z", "2024-03-11T04:00:00Z"},
		"New York, clocks back":     {"America/New_York", "2024-11-03T05:30:00Z", "2024-11-04T05:00:00Z"},
		"Cairo has no midnight":     {"Africa/Cairo", "2024-04-25T20:00:00Z", "2024-04-25T22:00:00Z"},
		"Beirut has 23:00 twice":    {"Asia/Beirut", "2024-10-26T20:30:00Z", "2024-10-26T22:00:00Z"},
		"Havana has midnight twice": {"America/Havana", "2024-11-02T23:30:00-04:00", "2024-11-03T04:00:00Z"},
		"Havana, between both":      {"America/Havana", "2024-11-03T00:30:00-04:00", "2024-11-04T05:00:00Z"},
		"Apia skips a whole day":    {"Pacific/Apia", "2011-12-30T09:59:00Z", "2011-12-30T10:00:00Z"},
		"Kwajalein skips one too":   {"Pacific/Kwajalein", "1993-08-21T11:00:00Z", "1993-08-21T12:00:00Z"},
		"Lord Howe":                 {"Australia/Lord_Howe", "2024-04-06T13:30:00Z", "2024-04-07T13:30:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := time.LoadLocation(c.zone)
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339Nano, c.now)
			if err != nil {
				t.Fatal(err)
			}
			if got := dayEnds(t, now, zone).Format(time.RFC3339Nano); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestDayEndsProperties has the day end with the last second of its date, in any zone.
func TestDayEndsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{
			"UTC", "Europe/Lisbon", "America/New_York", "Africa/Cairo", "Asia/Beirut", "America/Havana", "America/Santiago",
			"Atlantic/Azores", "America/Nuuk", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati", "Etc/GMT+12",
		}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_577_836_800, 2_208_988_800).Draw(t, "second"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanosecond"))
		end := dayEnds(t, now, zone)
		if today := now.In(zone).Format(time.DateOnly); end.Add(-1).In(zone).Format(time.DateOnly) != today {
			t.Errorf("%s of %s: ends %s, too late", now, name, end)
		}
		tomorrow := now.In(zone).AddDate(0, 0, 1).Format(time.DateOnly)
		if got := end.In(zone).Format(time.DateOnly); got != tomorrow {
			t.Errorf("%s of %s: ends %s, on the %s", now, name, end, got)
		}
	})
}
