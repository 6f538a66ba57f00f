// Package metrics counts what happens, for the operator's Prometheus. Each method says one thing that has happened, in
// the words of the ledger (verdicts, reasons, fates), and none of them blocks, allocates or fails, so that it can be
// called on every event's way. It decides nothing, keeps no event and knows no other package of the bot: whoever has
// something to tell declares the two or three methods that it calls.
//
// A [Metrics] has a registry of its own, so that two of them in one process (two daemons in a test) don't meet. Values
// that strangers can choose become labels only in bounded number: see [Metrics.Ignored].
package metrics

import (
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are all counters, gauges and histograms of one daemon. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry

	notifications *family[prometheus.Counter]
	answered      prometheus.Histogram
	received      *family[prometheus.Counter]
	duplicates    prometheus.Counter
	ignored       *family[prometheus.Counter]
	decided       *family[prometheus.Counter]
	deliveries    *family[prometheus.Counter]
	posted        prometheus.Histogram
	graph         *family[prometheus.Observer]
	sweeps        *family[prometheus.Counter]
	found         *family[prometheus.Counter]
	reloads       *family[prometheus.Counter]
	reloadGood    prometheus.Gauge
	reloadedAt    prometheus.Gauge
	rules         atomic.Pointer[set]
	stories       *stories
}

// New makes metrics with a registry of their own, in which the Go runtime, the process and the build are described
// too.
func New() *Metrics {
	// In seconds. A notification should be answered within milliseconds, and Meta's patience is taken to end at 5 s; a
	// Graph call takes as long as the internet does; a reply may wait for hours where a cap or Meta has it wait.
	answerBuckets := []float64{.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	graphBuckets := []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	postedBuckets := []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 4 * 3600, 24 * 3600}

	registry := prometheus.NewRegistry()
	in := maker{registry}
	m := &Metrics{
		registry: registry,
		notifications: in.counters("notifications_total",
			"Notifications that Meta (or somebody else) posted to the webhook, by HTTP status of the answer.", "status"),
		answered: in.histogram("webhook_answer_seconds",
			"Time in which a notification was read, stored and answered.", answerBuckets),
		received: in.counters("events_received_total",
			"Events that were stored or found to be stored already, by kind; less answerback_events_duplicate_total they are the new ones.", "kind"),
		duplicates: in.counter("events_duplicate_total",
			"Events that had come before: Meta sends again what it thinks was not received."),
		ignored: in.bounded(mostIgnored, "ignored_total",
			"Parts of notifications that were not ours to act on, by reason and by what Meta called them.", "reason", "name"),
		decided: in.counters("events_decided_total",
			"Events whose decision was entered in the ledger, by verdict and its reason.", "verdict", "because"),
		deliveries: in.counters("deliveries_total",
			"Attempts to deliver, by action and by fate: posted, refused, unknown, cancelled; planned is one that waits or will be tried again. The action is empty for those that waited for too long.", "action", "fate"),
		posted: in.histogram("received_to_posted_seconds",
			"Time from the moment an event came in to the moment its reply was posted.", postedBuckets),
		graph: in.histograms("graph_call_seconds",
			"Time a Graph API call took, by edge and by class of what it came to.", graphBuckets, "edge", "class"),
		sweeps: in.counters("sweep_rounds_total",
			"Rounds of the search for missed comments, by account and result: done; unfinished and no_room go on later; failed.", "account", "result"),
		found: in.counters("sweep_found_total",
			"Comments that the search found and no notification had told of, by account.", "account"),
		reloads: in.counters("reloads_total",
			"Attempts to load changed rules, by result: ok, or rejected where the last good set runs on.", "result"),
		reloadGood: in.gauge("last_reload_successful",
			"1 if the rules that run are those on disk, 0 if the last edit was rejected."),
		reloadedAt: in.gauge("last_reload_success_timestamp_seconds",
			"When the active rules were loaded, in Unix time."),
		stories: newStories(),
	}
	m.foretell()
	registry.MustRegister(
		rulesCollector{&m.rules},
		m.stories,
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	return m
}

// foretell makes the series that an alert asks for exist before anything happened: an increase from nothing to one is
// none to Prometheus.
func (m *Metrics) foretell() {
	for _, status := range []string{"200", "403", "413", "503"} {
		m.notifications.of(status, "")
	}
	for _, fate := range []string{"posted", "refused", "unknown", "cancelled", "planned"} {
		for _, action := range []string{"reply", "private_reply", "hide", "notify"} {
			m.deliveries.of(action, fate)
		}
	}
	for _, result := range []string{reloadOK, reloadRejected} {
		m.reloads.of(result, "")
	}
}

// Handler shows the metrics in Prometheus' text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		// One broken collector shouldn't hide all the others from the operator.
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
	})
}
