package metrics

import "github.com/prometheus/client_golang/prometheus"

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

// WatchAccounts shows which accounts have been told by Meta to wait or to be mended. stopped is asked at every scrape
// and gives each configured account's id with whether it stands still.
func (m *Metrics) WatchAccounts(stopped func() map[string]bool) {
	desc := prometheus.NewDesc(namespace+"_account_stopped", "1 if nothing is sent for the account until Meta's block or wait ends.", []string{"account"}, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		for account, still := range stopped() {
			value := 0.0
			if still {
				value = 1
			}
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, value, account)
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
