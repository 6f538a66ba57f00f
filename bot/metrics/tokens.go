package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// WatchTokens shows when access tokens end, and when the app may read accounts' data no longer. ends and dataEnds are
// asked at every scrape and give times by the accounts' ids; an account whose time nobody knows, or that has none, is not
// in them.
func (m *Metrics) WatchTokens(ends, dataEnds func() map[string]time.Time) {
	m.watchTimes("token_expires_timestamp_seconds",
		"When the account's access token ends, in Unix time; at the latest, where Meta didn't tell.", ends)
	m.watchTimes("token_data_access_expires_timestamp_seconds",
		"When the app may read the account's data no longer unless its owner lets it in again, in Unix time.", dataEnds)
}

func (m *Metrics) watchTimes(name, help string, times func() map[string]time.Time) {
	desc := prometheus.NewDesc(namespace+"_"+name, help, []string{"account"}, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		for account, at := range times() {
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(at.Unix()), account)
		}
	}})
}
