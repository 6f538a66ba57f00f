package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// WatchBacklog shows how many events wait to be judged. count is asked at every scrape; ok false leaves the figure
// out, as where the store can't tell.
func (m *Metrics) WatchBacklog(count func() (n int, ok bool)) {
	desc := prometheus.NewDesc(namespace+"_inbox_backlog", "Events that came in and are not decided yet.", nil, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		if n, ok := count(); ok {
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n))
		}
	}})
}

// WatchAccounts shows which accounts stand still. stopped is asked at every scrape and gives each configured account's id
// with the trouble that stops it, "" for none.
func (m *Metrics) WatchAccounts(stopped func() map[string]string) {
	still := prometheus.NewDesc(namespace+"_account_stopped", "1 if nothing is sent for the account until Meta's block or wait ends.", []string{"account"}, nil)
	trouble := prometheus.NewDesc(namespace+"_account_trouble_info", "What stops the account; always 1.", []string{"account", "trouble"}, nil)
	m.registry.MustRegister(watched{still, func(metrics chan<- prometheus.Metric) {
		for account, why := range stopped() {
			value := 0.0
			if why != "" {
				value = 1
			}
			metrics <- prometheus.MustNewConstMetric(still, prometheus.GaugeValue, value, account)
		}
	}}, watched{trouble, func(metrics chan<- prometheus.Metric) {
		for account, why := range stopped() {
			if why != "" {
				metrics <- prometheus.MustNewConstMetric(trouble, prometheus.GaugeValue, 1, account, why)
			}
		}
	}})
}

// WatchUsage shows how much of Meta's limits each account has used up. percent is asked at every scrape.
func (m *Metrics) WatchUsage(percent func() map[string]float64) {
	desc := prometheus.NewDesc(namespace+"_account_usage_percent", "Part of Meta's limits that the account has used up, as the last answers told it.", []string{"account"}, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		for account, used := range percent() {
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, used, account)
		}
	}})
}

// WatchClock shows by how much this machine's clock runs ahead of Meta's. ahead is asked at every scrape.
func (m *Metrics) WatchClock(ahead func() time.Duration) {
	desc := prometheus.NewDesc(namespace+"_clock_ahead_seconds", "By how much this machine's clock runs ahead of Meta's, by the dates of its answers; below 0 it runs behind.", nil, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, ahead().Seconds())
	}})
}

// WatchMissing shows how many answers in a row said of each account that what was asked for doesn't exist or isn't for us.
// inARow is asked at every scrape.
func (m *Metrics) WatchMissing(inARow func() map[string]int) {
	desc := prometheus.NewDesc(namespace+"_account_missing_in_a_row", "Answers in a row that what was asked for doesn't exist; ten and more mean that a permission lacks.", []string{"account"}, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		for account, n := range inARow() {
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), account)
		}
	}})
}

// watched is a gauge whose values are asked for when somebody looks.
type watched struct {
	desc    *prometheus.Desc
	collect func(chan<- prometheus.Metric)
}

func (w watched) Describe(descs chan<- *prometheus.Desc) { descs <- w.desc }

func (w watched) Collect(metrics chan<- prometheus.Metric) { w.collect(metrics) }
