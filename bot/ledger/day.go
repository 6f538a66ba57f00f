package ledger

import (
	"sort"
	"time"
)

// dayOf is the date on the wall in the zone, as midnight UTC of that date; a nil zone is UTC.
func dayOf(now time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// nextDay is when the day of now is over in the zone. Daylight saving may skip midnight or have it twice (as in Cairo,
// Beirut and Havana), so it is the first second that bears a later date, not an hour of the clock.
func nextDay(now time.Time, zone *time.Location) time.Time {
	const longest = 50 * 60 * 60 // seconds; a zone that changes sides of the date line may repeat a day
	today, start := dayOf(now, zone), now.UTC().Truncate(time.Second)
	after := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
	return after(sort.Search(longest, func(i int) bool { return dayOf(after(i), zone).After(today) }))
}
