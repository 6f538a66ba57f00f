package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/rules/schedule"
)

// written is a schedule as an author writes it; "" leaves a key out.
type written struct {
	days, hours, zone, from, until string
}

// failer is a test, or one run of a property.
type failer interface {
	Helper()
	Fatal(...any)
}

func (w written) parts(t failer) schedule.Parts {
	t.Helper()
	var p schedule.Parts
	var errs [5]error
	if w.days != "" {
		p.Days, errs[0] = schedule.ParseDays(w.days)
	}
	if w.hours != "" {
		p.Hours, errs[1] = schedule.ParseHours(w.hours)
	}
	if w.zone != "" {
		p.Zone, errs[2] = schedule.ParseZone(w.zone)
	}
	if w.from != "" {
		p.From, errs[3] = schedule.ParseMoment(w.from)
	}
	if w.until != "" {
		p.Until, errs[4] = schedule.ParseMoment(w.until)
	}
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	return p
}

func (w written) schedule(t testing.TB) schedule.Schedule {
	t.Helper()
	s, err := schedule.New(w.parts(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func at(t testing.TB, rfc3339 string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// Weeks without any change of the clock.
func TestActive(t *testing.T) {
	office := written{days: "mon-fri", hours: "09:00-18:00", zone: "Europe/Lisbon"}
	night := written{days: "fri", hours: "22:00-06:00"}
	tests := map[string]struct {
		written
		now  string // 2026-01-05 is a Monday
		want bool
	}{
		"nothing bounds it":             {written{}, "2026-01-05T12:00:00Z", true},
		"within":                        {office, "2026-01-05T12:00:00Z", true},
		"first second":                  {office, "2026-01-05T09:00:00Z", true},
		"before it":                     {office, "2026-01-05T08:59:59.999999999Z", false},
		"last second":                   {office, "2026-01-05T17:59:59.999999999Z", true},
		"after it":                      {office, "2026-01-05T18:00:00Z", false},
		"Saturday":                      {office, "2026-01-10T12:00:00Z", false},
		"summer in Lisbon, before":      {office, "2026-07-06T07:59:59Z", false},
		"summer in Lisbon, within":      {office, "2026-07-06T08:00:00Z", true},
		"days alone":                    {written{days: "sat, sun"}, "2026-01-10T00:00:00Z", true},
		"days alone, another":           {written{days: "sat, sun"}, "2026-01-12T00:00:00Z", false},
		"another day there":             {written{days: "mon", zone: "Asia/Tokyo"}, "2026-01-04T15:00:00Z", true},
		"another day there, before":     {written{days: "mon", zone: "Asia/Tokyo"}, "2026-01-04T14:59:59Z", false},
		"over midnight, evening":        {night, "2026-01-09T22:00:00Z", true},
		"over midnight, morning":        {night, "2026-01-10T05:59:59Z", true},
		"over midnight, ended":          {night, "2026-01-10T06:00:00Z", false},
		"over midnight, next evening":   {night, "2026-01-10T23:00:00Z", false},
		"over midnight, that morning":   {night, "2026-01-09T05:00:00Z", false},
		"over midnight, Sunday begins":  {written{days: "sun", hours: "22:00-06:00"}, "2026-01-05T03:00:00Z", true},
		"up to midnight":                {written{days: "fri", hours: "22:00-00:00"}, "2026-01-09T23:59:59Z", true},
		"up to midnight, not after":     {written{days: "fri", hours: "22:00-00:00"}, "2026-01-10T00:00:00Z", false},
		"up to 24:00":                   {written{hours: "22:00-24:00"}, "2026-01-09T23:59:59Z", true},
		"whole day":                     {written{days: "fri", hours: "00:00-24:00"}, "2026-01-09T23:59:59Z", true},
		"whole day, not the next":       {written{days: "fri", hours: "00:00-24:00"}, "2026-01-10T00:00:00Z", false},
		"second span":                   {written{hours: "09:00-12:00, 14:00-18:00"}, "2026-01-09T14:00:00Z", true},
		"between spans":                 {written{hours: "09:00-12:00, 14:00-18:00"}, "2026-01-09T12:00:00Z", false},
		"spans that overlap":            {written{hours: "09:00-12:00, 11:00-18:00"}, "2026-01-09T12:00:00Z", true},
		"range over the week's end":     {written{days: "sat-mon"}, "2026-01-05T12:00:00Z", true},
		"range over the week's end, no": {written{days: "sat-mon"}, "2026-01-06T12:00:00Z", false},
		"the clock of where we ask":     {office, "2026-01-05T20:00:00+09:00", true},

		"from a date":              {written{from: "2026-12-01", zone: "Europe/Lisbon"}, "2026-12-01T00:00:00Z", true},
		"before it begins":         {written{from: "2026-12-01", zone: "Europe/Lisbon"}, "2026-11-30T23:59:59Z", false},
		"from a date, in the zone": {written{from: "2026-12-01", zone: "Asia/Tokyo"}, "2026-11-30T15:00:00Z", true},
		"until a date, that day":   {written{until: "2026-12-24"}, "2026-12-24T23:59:59Z", true},
		"until a date, next day":   {written{until: "2026-12-24"}, "2026-12-25T00:00:00Z", false},
		"one day":                  {written{from: "2026-12-24", until: "2026-12-24"}, "2026-12-24T12:00:00Z", true},
		"until a time":             {written{until: "2026-12-24 18:00"}, "2026-12-24T17:59:59Z", true},
		"until a time, then":       {written{until: "2026-12-24 18:00"}, "2026-12-24T18:00:00Z", false},
		"until 24:00":              {written{until: "2026-12-24 24:00"}, "2026-12-24T23:59:59Z", true},
		"from with seconds":        {written{from: "2026-12-24 18:00:30"}, "2026-12-24T18:00:29Z", false},
		"from with an offset":      {written{from: "2026-12-24T18:00:00+01:00", zone: "Asia/Tokyo"}, "2026-12-24T17:00:00Z", true},
		"from with an offset, not": {written{from: "2026-12-24T18:00:00+01:00", zone: "Asia/Tokyo"}, "2026-12-24T16:59:59Z", false},
		"days within from, until":  {written{days: "sat", from: "2026-12-01", until: "2026-12-24"}, "2026-12-12T12:00:00Z", true},
		"a night cut by until":     {written{hours: "22:00-06:00", until: "2026-12-24"}, "2026-12-25T01:00:00Z", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := test.schedule(t).Active(at(t, test.now)); got != test.want {
				t.Errorf("%v at %s: active %v, want %v", test.schedule(t), test.now, got, test.want)
			}
		})
	}
}

// Nights in which the clock is changed, and days that lack their midnight: when exactly a schedule is active.
func TestChangedClocks(t *testing.T) {
	tests := map[string]struct {
		written
		begin, end string // looked at
		want       string // the spans found, in UTC
	}{
		// Lisbon goes from 01:00 to 02:00 at 01:00 UTC, and back from 02:00 to 01:00 at 01:00 UTC.
		"Lisbon, spring, skipped hour":   {written{hours: "01:00-02:00", zone: "Europe/Lisbon"}, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", ""},
		"Lisbon, spring, night":          {written{hours: "22:00-06:00", zone: "Europe/Lisbon"}, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", "28T22:00-29T05:00"},
		"Lisbon, spring, half the hour":  {written{hours: "01:30-02:30", zone: "Europe/Lisbon"}, "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", "29T01:00-29T01:30"},
		"Lisbon, autumn, hour twice":     {written{hours: "01:00-02:00", zone: "Europe/Lisbon"}, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "25T00:00-25T02:00"},
		"Lisbon, autumn, half of it":     {written{hours: "01:30-02:00", zone: "Europe/Lisbon"}, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "25T00:30-25T01:00 25T01:30-25T02:00"},
		"Lisbon, autumn, night":          {written{hours: "22:00-06:00", zone: "Europe/Lisbon"}, "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "24T21:00-25T06:00"},
		"Lisbon, spring, Saturday night": {written{days: "sat", hours: "22:00-06:00", zone: "Europe/Lisbon"}, "2026-03-27T12:00:00Z", "2026-03-31T12:00:00Z", "28T22:00-29T05:00"},

		// New York goes from 02:00 to 03:00 at 07:00 UTC, and back from 02:00 to 01:00 at 06:00 UTC.
		"New York, spring, skipped hour":        {written{hours: "02:00-03:00", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", ""},
		"New York, spring, half exists":         {written{hours: "02:30-03:30", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", "08T07:00-08T07:30"},
		"New York, spring, hour before":         {written{hours: "01:00-02:00", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", "08T06:00-08T07:00"},
		"New York, spring, night":               {written{hours: "22:00-06:00", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", "08T03:00-08T10:00"},
		"New York, autumn, hour twice":          {written{hours: "01:00-02:00", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "01T05:00-01T07:00"},
		"New York, autumn, hour after":          {written{hours: "02:30-03:30", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "01T07:30-01T08:30"},
		"New York, autumn, night":               {written{hours: "22:00-06:00", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "01T02:00-01T11:00"},
		"New York, autumn, night, days":         {written{days: "sat", hours: "22:00-06:00", zone: "America/New_York"}, "2026-10-29T17:00:00Z", "2026-11-03T17:00:00Z", "01T02:00-01T11:00"},
		"New York, spring, from skipped":        {written{from: "2026-03-08 02:30", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", "08T07:00-08T17:00"},
		"New York, spring, until skipped":       {written{until: "2026-03-08 02:30", zone: "America/New_York"}, "2026-03-07T17:00:00Z", "2026-03-08T17:00:00Z", "07T17:00-08T07:00"},
		"New York, autumn, from twice":          {written{from: "2026-11-01 01:30", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "01T05:30-01T17:00"},
		"New York, autumn, until twice":         {written{until: "2026-11-01 01:30", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "31T17:00-01T06:30"},
		"New York, autumn, until set back":      {written{until: "2026-11-01 01:00", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "31T17:00-01T05:00"},
		"New York, autumn, until both are over": {written{until: "2026-11-01 02:00", zone: "America/New_York"}, "2026-10-31T17:00:00Z", "2026-11-01T17:00:00Z", "31T17:00-01T07:00"},

		// Lord Howe moves by half an hour: from 02:00 to 02:30 at 15:30 UTC, and back from 02:00 to 01:30 at 15:00 UTC.
		"Lord Howe, skipped":    {written{hours: "02:00-02:30", zone: "Australia/Lord_Howe"}, "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z", ""},
		"Lord Howe, twice":      {written{hours: "01:30-02:00", zone: "Australia/Lord_Howe"}, "2026-04-04T00:00:00Z", "2026-04-05T00:00:00Z", "04T14:30-04T15:30"},
		"Lord Howe, half twice": {written{hours: "01:00-02:30", zone: "Australia/Lord_Howe"}, "2026-04-04T00:00:00Z", "2026-04-05T00:00:00Z", "04T14:00-04T16:00"},

		// São Paulo, 2018-11-04: from 00:00 to 01:00 at 03:00 UTC; 2018-02-18: from 00:00 back to 23:00 at 02:00 UTC.
		"São Paulo, no midnight":               {written{hours: "00:00-01:00", zone: "America/Sao_Paulo"}, "2018-11-04T00:00:00Z", "2018-11-05T00:00:00Z", ""},
		"São Paulo, from a day without it":     {written{from: "2018-11-04", zone: "America/Sao_Paulo"}, "2018-11-03T12:00:00Z", "2018-11-04T12:00:00Z", "04T03:00-04T12:00"},
		"São Paulo, until the day before":      {written{until: "2018-11-03", zone: "America/Sao_Paulo"}, "2018-11-03T12:00:00Z", "2018-11-04T12:00:00Z", "03T12:00-04T03:00"},
		"São Paulo, Sunday of 23 hours":        {written{days: "sun", zone: "America/Sao_Paulo"}, "2018-11-02T12:00:00Z", "2018-11-06T12:00:00Z", "04T03:00-05T02:00"},
		"São Paulo, night over no midnight":    {written{days: "sat", hours: "22:00-02:00", zone: "America/Sao_Paulo"}, "2018-11-02T12:00:00Z", "2018-11-06T12:00:00Z", "04T01:00-04T04:00"},
		"São Paulo, Saturday of 25 hours":      {written{days: "sat", zone: "America/Sao_Paulo"}, "2018-02-16T12:00:00Z", "2018-02-20T12:00:00Z", "17T02:00-18T03:00"},
		"São Paulo, last hour twice":           {written{days: "sat", hours: "23:00-24:00", zone: "America/Sao_Paulo"}, "2018-02-16T12:00:00Z", "2018-02-20T12:00:00Z", "18T01:00-18T03:00"},
		"São Paulo, until the day of 25 hours": {written{until: "2018-02-17", zone: "America/Sao_Paulo"}, "2018-02-17T12:00:00Z", "2018-02-18T12:00:00Z", "17T12:00-18T03:00"},

		// Beirut, 2024-03-31: from 00:00 to 01:00 at 22:00 UTC of the day before.
		"Beirut, no midnight":                {written{hours: "00:00-01:00", zone: "Asia/Beirut"}, "2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", ""},
		"Beirut, from a day without it":      {written{from: "2024-03-31", zone: "Asia/Beirut"}, "2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", "30T22:00-31T12:00"},
		"Beirut, morning after no midnight":  {written{days: "sun", hours: "00:30-01:30", zone: "Asia/Beirut"}, "2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", "30T22:00-30T22:30"},
		"Beirut, whole nights, no gap at it": {written{hours: "22:00-06:00", zone: "Asia/Beirut"}, "2024-03-30T12:00:00Z", "2024-03-31T12:00:00Z", "30T20:00-31T03:00"},

		// St John's went back one minute after midnight, so that the day before came again: 2010-11-07, at 02:31 UTC.
		"St John's, until a day that comes again": {written{until: "2010-11-06", zone: "America/St_Johns"}, "2010-11-06T12:00:00Z", "2010-11-07T12:00:00Z", "06T12:00-07T03:30"},
		"St John's, a day that comes again":       {written{days: "sat", zone: "America/St_Johns"}, "2010-11-06T12:00:00Z", "2010-11-07T12:00:00Z", "06T12:00-07T02:30 07T02:31-07T03:30"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := spans(test.schedule(t), at(t, test.begin), at(t, test.end)); got != test.want {
				t.Errorf("%v: active %q, want %q", test.schedule(t), got, test.want)
			}
		})
	}
}

// spans walks minute by minute.
func spans(s schedule.Schedule, begin, end time.Time) string {
	const minute = "02T15:04"
	var found []string
	active := false
	for t := begin; t.Before(end); t = t.Add(time.Minute) {
		switch now := s.Active(t); {
		case now && !active:
			found = append(found, t.UTC().Format(minute))
		case !now && active:
			found[len(found)-1] += "-" + t.UTC().Format(minute)
		}
		active = s.Active(t)
	}
	if active {
		found[len(found)-1] += "-" + end.UTC().Format(minute)
	}
	return strings.Join(found, " ")
}

func TestNext(t *testing.T) {
	tests := map[string]struct {
		written
		now  string
		want string // "" for never
	}{
		"now, if it is active":             {written{hours: "09:00-18:00"}, "2026-01-05T12:34:56Z", "2026-01-05T12:34:56Z"},
		"later today":                      {written{hours: "09:00-12:00, 14:00-18:00"}, "2026-01-05T12:34:56.789Z", "2026-01-05T14:00:00Z"},
		"tomorrow":                         {written{hours: "09:00-12:00, 14:00-18:00"}, "2026-01-05T18:00:00Z", "2026-01-06T09:00:00Z"},
		"after the weekend":                {written{days: "mon-fri", hours: "09:00-18:00"}, "2026-01-09T18:00:00Z", "2026-01-12T09:00:00Z"},
		"in a week":                        {written{days: "mon", hours: "09:00-10:00"}, "2026-01-05T10:00:00Z", "2026-01-12T09:00:00Z"},
		"in two weeks, one hour skipped":   {written{days: "sun", hours: "01:00-02:00", zone: "Europe/Lisbon"}, "2026-03-22T12:00:00Z", "2026-04-05T01:00:00+01:00"},
		"at the jump into it":              {written{hours: "02:30-03:30", zone: "America/New_York"}, "2026-03-08T05:00:00Z", "2026-03-08T03:00:00-04:00"},
		"at the fall back into it":         {written{hours: "01:00-01:30", zone: "America/New_York"}, "2026-11-01T05:45:00Z", "2026-11-01T01:00:00-05:00"},
		"by the new clock":                 {written{hours: "09:00-18:00", zone: "America/New_York"}, "2026-03-08T05:00:00Z", "2026-03-08T09:00:00-04:00"},
		"when it begins":                   {written{from: "2026-12-01", zone: "Europe/Lisbon"}, "2026-01-05T12:00:00Z", "2026-12-01T00:00:00Z"},
		"the first hours when it begins":   {written{from: "2026-12-01 20:00", hours: "09:00-18:00"}, "2026-01-05T12:00:00Z", "2026-12-02T09:00:00Z"},
		"within hours when it begins":      {written{from: "2026-12-01 12:00", hours: "09:00-18:00"}, "2026-01-05T12:00:00Z", "2026-12-01T12:00:00Z"},
		"ended":                            {written{until: "2026-01-04"}, "2026-01-05T12:00:00Z", ""},
		"ends before":                      {written{days: "sun", until: "2026-01-10"}, "2026-01-05T12:00:00Z", ""},
		"ends at that very moment":         {written{hours: "09:00-18:00", until: "2026-01-06 09:00"}, "2026-01-05T18:00:00Z", ""},
		"always":                           {written{}, "2026-01-05T12:00:00Z", "2026-01-05T12:00:00Z"},
		"long before anything":             {written{hours: "09:00-18:00", zone: "Europe/Lisbon"}, "0001-01-01T00:00:00Z", "0001-01-01T09:36:45Z"},
		"in the far future":                {written{days: "sun", hours: "02:30-02:45", zone: "America/New_York"}, "9999-01-01T00:00:00Z", "9999-01-03T02:30:00-05:00"},
		"midnight that doesn't exist":      {written{days: "sun", hours: "00:00-02:00", zone: "America/Sao_Paulo"}, "2018-11-04T00:00:00Z", "2018-11-04T01:00:00-02:00"},
		"the day that Apia left out":       {written{days: "fri", zone: "Pacific/Apia"}, "2011-12-29T12:00:00-10:00", "2012-01-06T00:00:00+14:00"},
		"a span that began the day before": {written{days: "sun", hours: "22:00-06:00"}, "2026-01-05T01:00:00Z", "2026-01-05T01:00:00Z"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, ok := test.schedule(t).Next(at(t, test.now))
			if !ok {
				if test.want != "" {
					t.Errorf("never, want %s", test.want)
				}
				return
			}
			if test.want == "" || !got.Equal(at(t, test.want)) {
				t.Errorf("%s, want %q", got.Format(time.RFC3339Nano), test.want)
			}
		})
	}
}

func TestNextIsInTheZone(t *testing.T) {
	s := written{hours: "09:00-18:00", zone: "Europe/Lisbon"}.schedule(t)
	next, _ := s.Next(at(t, "2026-07-06T01:00:00+09:00"))
	if got := next.Format("15:04 -0700"); got != "17:00 +0100" {
		t.Errorf("%s; people read it by the schedule's clock", got)
	}
}

func TestNew(t *testing.T) {
	tests := map[string]struct {
		written
		want string // the mistake; "" for none
	}{
		"one day":                   {written{from: "2026-12-24", until: "2026-12-24"}, ""},
		"backwards":                 {written{from: "2026-12-24", until: "2026-12-01"}, "from 2026-12-24 is not before until 2026-12-01"},
		"no time at all":            {written{from: "2026-12-24 18:00", until: "2026-12-24 18:00"}, "from 2026-12-24 18:00 is not before until 2026-12-24 18:00"},
		"a day up to its begin":     {written{from: "2026-12-24", until: "2026-12-24 00:00"}, "from 2026-12-24 is not before until 2026-12-24 00:00"},
		"backwards across zones":    {written{from: "2026-12-24 00:00", until: "2026-12-24T01:00:00+09:00"}, "from 2026-12-24 00:00 is not before until 2026-12-24T01:00:00+09:00"},
		"no such day between":       {written{days: "sun", from: "2026-12-01", until: "2026-12-05"}, "it is never active: none of its days and hours lies between from 2026-12-01 and until 2026-12-05"},
		"such a day on the last":    {written{days: "sat", from: "2026-12-01", until: "2026-12-05"}, ""},
		"no such hour between":      {written{hours: "22:00-06:00", from: "2026-12-01 07:00", until: "2026-12-01 21:00"}, "it is never active: none of its days and hours lies between from 2026-12-01 07:00 and until 2026-12-01 21:00"},
		"the only hour is skipped":  {written{hours: "01:00-02:00", from: "2026-03-29", until: "2026-03-29", zone: "Europe/Lisbon"}, "it is never active: none of its days and hours lies between from 2026-03-29 and until 2026-03-29"},
		"a skipped moment":          {written{from: "2026-03-29 01:15", until: "2026-03-29 01:45", zone: "Europe/Lisbon"}, "from 2026-03-29 01:15 is not before until 2026-03-29 01:45"},
		"only the end is in sight":  {written{days: "sun", until: "2026-12-05"}, ""},
		"only the begin is told":    {written{days: "sun", from: "2026-12-05"}, ""},
		"from the year of the clay": {written{from: "2001-01-01", until: "9999-12-31"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := schedule.New(test.parts(t))
			if got := message(t, err); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// message is what an author is told, less the hint.
func message(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	m, ok := errors.AsType[*schedule.Mistake](err)
	if !ok {
		t.Fatalf("%v is no Mistake", err)
	}
	return m.Message
}

func TestUntil(t *testing.T) {
	if end, ok := (written{until: "2026-12-24", zone: "Asia/Tokyo"}.schedule(t)).Until(); !ok || !end.Equal(at(t, "2026-12-24T15:00:00Z")) {
		t.Errorf("it ends %v (%v)", end, ok)
	}
	if end, ok := (written{from: "2026-12-24"}.schedule(t)).Until(); ok {
		t.Errorf("it ends %v", end)
	}
}

func TestString(t *testing.T) {
	tests := []struct {
		written
		want string
	}{
		{written{}, "always"},
		{written{zone: "Europe/Lisbon"}, "always"},
		{written{days: "mon-fri", hours: "09:00-18:00", zone: "Europe/Lisbon"}, "Mon-Fri 09:00-18:00 Europe/Lisbon"},
		{written{days: "sat,sun"}, "Sat, Sun UTC"},
		{written{days: "mon-sun"}, "Mon-Sun UTC"},
		{written{hours: "22:00–6:00, 9:00-12:00"}, "22:00-06:00, 09:00-12:00 UTC"},
		{written{days: "sat-mon", from: "2026-12-01", until: "2026-12-24T18:00", zone: "UTC"}, "Sat-Mon from 2026-12-01 until 2026-12-24 18:00 UTC"},
		{written{from: "2026-12-01T18:00:00+01:00"}, "from 2026-12-01T18:00:00+01:00 UTC"},
	}
	for _, test := range tests {
		if got := test.schedule(t).String(); got != test.want {
			t.Errorf("%q, want %q", got, test.want)
		}
	}
}

// What the caller does to its list of hours afterwards changes nothing.
func TestScheduleIsImmutable(t *testing.T) {
	parts := written{hours: "09:00-18:00"}.parts(t)
	s, err := schedule.New(parts)
	if err != nil {
		t.Fatal(err)
	}
	other, err := schedule.ParseHours("20:00-21:00")
	if err != nil {
		t.Fatal(err)
	}
	parts.Hours[0] = other[0]
	if !s.Active(at(t, "2026-01-05T12:00:00Z")) {
		t.Error("it follows the caller's list")
	}
}
