package instagram_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// TestANotificationsTime guards what is taken for the time at which Meta sent a notification: staleness and, for
// captions, max_age go by it, and what is no time must not pass for 1970 or for a far future.
func TestANotificationsTime(t *testing.T) {
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC) // 1577836800
	for sent, want := range map[string]time.Time{
		`1577836800`:          at,
		`1577836800000`:       at,
		`1577836800123`:       at.Add(123 * time.Millisecond),
		`"1577836800"`:        at,
		`"1577836800000"`:     at,
		`1577836800.75`:       at,
		`"1577836800.75"`:     at,
		`1577836800000.5`:     at,
		`1.5778368e9`:         at,
		`1.5778368E+9`:        at,
		`"1.5778368e12"`:      at,
		`1230768000`:          time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC),
		`1230767999`:          {},
		`1230767999999`:       {},
		`7258118400`:          time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC),
		`7258118401`:          {},
		`7258118400001`:       {},
		`0`:                   {},
		`"0"`:                 {},
		`-0`:                  {},
		`-1577836800`:         {},
		`"-1577836800"`:       {},
		`1577836800000000`:    {}, // microseconds
		`99999999999999999`:   {},
		`9223372036854775807`: {},
		`9223372036854775808`: {}, // more than 63 bits
		`1e308`:               {},
		`1e400`:               {},
		`1e-9`:                {},
		`-1e20`:               {},
		`"NaN"`:               {},
		`"Infinity"`:          {},
		`"-Inf"`:              {},
		`""`:                  {},
		`" 1577836800"`:       {},
		`"yesterday"`:         {},
		`"2020-01-01"`:        {},
		`null`:                {},
		`true`:                {},
		`[1577836800]`:        {},
		`{"s":1577836800}`:    {},
	} {
		for form, body := range map[string]string{
			"before": `{"object":"instagram","entry":[{"time":%s,"id":"1","changes":[{"field":"mentions","value":{"comment_id":"11","media_id":"12"}}]}]}`,
			"behind": `{"object":"instagram","entry":[{"id":"1","changes":[{"field":"mentions","value":{"comment_id":"11","media_id":"12"}}],"time":%s}]}`,
		} {
			n, err := instagram.Parse(fmt.Appendf(nil, body, sent))
			if err != nil || len(n.Changes) != 1 {
				t.Errorf("%s, %s: %v, %d changes", sent, form, err, len(n.Changes))
				continue
			}
			if got := n.Changes[0].Time; !got.Equal(want) || got.IsZero() != want.IsZero() || got.Location() != time.UTC {
				t.Errorf("%s, %s: %v, want %v", sent, form, got, want)
			}
		}
	}
	n, err := instagram.Parse([]byte(`{"object":"instagram","entry":[{"id":"1","changes":[{"field":"mentions","value":{"comment_id":"11","media_id":"12"}}]}]}`))
	if err != nil || len(n.Changes) != 1 || !n.Changes[0].Time.IsZero() {
		t.Errorf("without a time: %v, %+v", err, n.Changes)
	}
}

// TestAGraphTimestamp guards what is taken for the time of a comment or a media: max_age goes by it, and a reply is
// looked for by it.
func TestAGraphTimestamp(t *testing.T) {
	at := time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)
	for sent, want := range map[string]time.Time{
		`"2026-11-22T08:00:00+0000"`:  at,
		`"2026-11-22T10:00:00+0200"`:  at,
		`"2026-11-22T03:30:00-0430"`:  at,
		`"2026-11-22T08:00:00Z"`:      at,
		`"2026-11-22T09:00:00+01:00"`: at,
		`"2026-11-22T08:00:00.250Z"`:  at.Add(250 * time.Millisecond),
		`"2009-01-01T00:00:00+0000"`:  time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC),
		`"2008-12-31T23:59:59+0000"`:  {},
		`"2009-01-01T01:00:00+0200"`:  {},
		`"1970-01-01T00:00:00+0000"`:  {},
		`"0001-01-01T00:00:00+0000"`:  {},
		`"0000-00-00T00:00:00+0000"`:  {},
		`"2200-01-01T00:00:00+0000"`:  time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC),
		`"2200-01-01T00:00:01+0000"`:  {},
		`"9999-12-31T23:59:59Z"`:      {},
		`"2026-13-01T00:00:00+0000"`:  {},
		`"2026-11-22"`:                {},
		`"2026-11-22T08:00:00"`:       {}, // of no zone
		`"yesterday"`:                 {},
		`""`:                          {},
		`1795334400`:                  {},
		`null`:                        {},
		`{}`:                          {},
	} {
		c, err := instagram.ParseComment([]byte(`{"id":"5","timestamp":` + sent + `,"media":{"id":"7","timestamp":` + sent + `}}`))
		if err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		for what, got := range map[string]time.Time{"comment": c.Timestamp, "media": c.Media.Timestamp} {
			if !got.Equal(want) || got.IsZero() != want.IsZero() || got.Location() != time.UTC {
				t.Errorf("%s of a %s: %v, want %v", sent, what, got, want)
			}
		}
	}
}
