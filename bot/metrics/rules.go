package metrics

import (
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// The results of a reload.
const (
	reloadOK       = "ok"
	reloadRejected = "rejected"
)

// set is what is told of the active rules.
type set struct {
	revision string
	rules    int
}

// RulesActive says which rules decide from now on: their revision, their number, and when they were loaded. The start's
// load counts as a reload too.
func (m *Metrics) RulesActive(revision string, rules int, at time.Time) {
	m.rules.Store(&set{revision: revision, rules: rules})
	m.reloads.of(reloadOK, "").Inc()
	m.reloadGood.Set(1)
	m.reloadedAt.Set(float64(at.UnixMilli()) / 1000)
}

// RulesRejected says that an edit of the rules could not be taken up.
func (m *Metrics) RulesRejected() {
	m.reloads.of(reloadRejected, "").Inc()
	m.reloadGood.Set(0)
}

// RulesUnchanged says that a look at the disk found what runs already, as after a rejected edit was undone.
func (m *Metrics) RulesUnchanged() { m.reloadGood.Set(1) }

// RulesKept says that a start found broken rules on disk and runs a set that was kept instead.
func (m *Metrics) RulesKept(revision string, rules int) {
	m.rules.Store(&set{revision: revision, rules: rules})
	m.RulesRejected()
}

var (
	rulesInfo = prometheus.NewDesc(namespace+"_rules_info",
		"The active rules' revision; always 1.", []string{"revision"}, nil)
	rulesActive = prometheus.NewDesc(namespace+"_rules_active",
		"How many rules the active set has.", nil, nil)
)

// rulesCollector shows revision and number of the active rules as one: a scrape sees no moment in which there were two
// revisions, or none.
type rulesCollector struct {
	active *atomic.Pointer[set]
}

func (c rulesCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- rulesInfo
	descs <- rulesActive
}

func (c rulesCollector) Collect(metrics chan<- prometheus.Metric) {
	active := c.active.Load()
	if active == nil {
		return
	}
	metrics <- prometheus.MustNewConstMetric(rulesInfo, prometheus.GaugeValue, 1, active.revision)
	metrics <- prometheus.MustNewConstMetric(rulesActive, prometheus.GaugeValue, float64(active.rules))
}
