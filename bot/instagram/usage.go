package instagram

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The headers that tell how much of a limit is used up. Source: Meta's page "Rate limits".
const (
	businessUsageHeader = "X-Business-Use-Case-Usage"
	appUsageHeader      = "X-App-Usage"
)

// longestWait bounds what a header may make us wait: the limits' own window.
const longestWait = 24 * time.Hour

// Usage is how much of Meta's limits is used up, the worst of all that an answer told. In percent, and over 100 where
// a limit is passed.
type Usage struct {
	Calls, CPU, Time float64
	// Regain is how long it takes until calls are served again; 0 while they are.
	Regain time.Duration
}

// Worst is the limit that is nearest to its end, in percent.
func (u Usage) Worst() float64 { return max(u.Calls, u.CPU, u.Time) }

// ParseUsage reads both usage headers. What can't be read counts as nothing, and neither do limits on what the bot doesn't
// do, such as managing ads. The business header may tell of several objects: where one of the given ids is among them, only those count, since another account's limit is not this one's;
// else all do, since the account may go by the id of its business or page.
func ParseUsage(h http.Header, ids ...string) Usage {
	var all, own Usage
	known := false
	for _, value := range h.Values(businessUsageHeader) {
		known = addBusiness(value, ids, &all, &own) || known
	}
	u := all
	if known {
		u = own
	}
	for _, value := range h.Values(appUsageHeader) {
		if json.Valid([]byte(value)) {
			u.add(&walker{s: value})
		}
	}
	return u
}

// addBusiness reads {"ID": [{…}, …], …}, and what is told of the ids by itself. The documentation's own sample repeats a
// key; each counts. It reports whether one of the ids is there.
func addBusiness(value string, ids []string, all, own *Usage) (known bool) {
	if !json.Valid([]byte(value)) {
		return false
	}
	w := walker{s: value}
	for id := range w.members() {
		mine := slices.Contains(ids, id)
		known = known || mine
		for range w.elements() {
			if mine {
				own.add(&walker{s: w.s, i: w.i})
			}
			all.add(&w)
		}
	}
	return known
}

// add reads one object of figures.
func (u *Usage) add(w *walker) {
	var told Usage
	kind := ""
	for key := range w.members() {
		switch key {
		case "type":
			kind = w.word()
		case "call_count":
			told.Calls = figure(w.word())
		case "total_cputime":
			told.CPU = figure(w.word())
		case "total_time":
			told.Time = figure(w.word())
		case "estimated_time_to_regain_access":
			minutes := min(figure(w.word()), longestWait.Minutes())
			told.Regain = time.Duration(minutes * float64(time.Minute))
		}
	}
	if limitsUs(kind) {
		u.Calls, u.CPU, u.Time = max(u.Calls, told.Calls), max(u.CPU, told.CPU), max(u.Time, told.Time)
		u.Regain = max(u.Regain, told.Regain)
	}
}

// limitsUs reports whether a type of limit is one on calls such as the bot makes; one that nobody has heard of may be.
// Source: Meta's page "Rate limits", which has these others.
func limitsUs(kind string) bool {
	return !slices.Contains([]string{"ads_insights", "ads_management", "custom_audience", "leadgen"}, kind)
}

// figure reads a number that Meta writes as an integer, a float or a string.
func figure(s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0
	}
	return f
}

// retryAfter is how long an answer tells to wait: the usage header's minutes, or Retry-After's seconds or date, which
// is measured from the answer's own date.
func retryAfter(h http.Header, ids []string) time.Duration {
	wait := ParseUsage(h, ids...).Regain
	after := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil {
		seconds = min(max(seconds, 0), int(longestWait.Seconds()))
		wait = max(wait, time.Duration(seconds)*time.Second)
	} else if at, err := http.ParseTime(after); err == nil {
		if now, err := http.ParseTime(h.Get("Date")); err == nil {
			wait = max(wait, at.Sub(now))
		}
	}
	return min(wait, longestWait)
}

// date is when an answer was given, by the clock of who gave it.
func date(h http.Header) time.Time {
	at, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return at
}
