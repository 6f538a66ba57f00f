package metrics

import (
	"strconv"
	"time"
)

// Answered counts a notification by the HTTP status of its answer, and how long the answer took.
func (m *Metrics) Answered(status int, took time.Duration) {
	m.notifications.of(statusText(status), "").Inc()
	m.answered.Observe(took.Seconds())
}

// statusText writes the statuses that the door gives without making a string of each.
func statusText(status int) string {
	switch status {
	case 200:
		return "200"
	case 403:
		return "403"
	case 413:
		return "413"
	case 503:
		return "503"
	default:
		return strconv.Itoa(status)
	}
}

// Received counts an event that is stored, be it new or a duplicate.
func (m *Metrics) Received(kind string) { m.received.of(kind, "").Inc() }

// Duplicates counts events among those received that were known already.
func (m *Metrics) Duplicates(n int) { m.duplicates.Add(float64(n)) }

// Ignored counts a part of a notification that is not ours to act on. The name is Meta's or a stranger's word: it is
// cut at 64 characters, and after 100 different ones every further name is counted as "other".
func (m *Metrics) Ignored(reason, name string) { m.ignored.of(reason, name).Inc() }

// Decided counts an event whose decision was entered.
func (m *Metrics) Decided(verdict, because string) { m.decided.of(verdict, because).Inc() }

// Delivered counts an attempt to deliver, by its fate.
func (m *Metrics) Delivered(action, fate string) { m.deliveries.of(action, fate).Inc() }

// Posted says how long after its event came in a reply was posted.
func (m *Metrics) Posted(sinceReceived time.Duration) { m.posted.Observe(sinceReceived.Seconds()) }

// GraphCall counts a Graph API call that has ended, with how long it took.
func (m *Metrics) GraphCall(edge, class string, took time.Duration) {
	m.graph.of(edge, class).Observe(took.Seconds())
}
