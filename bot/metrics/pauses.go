package metrics

import "github.com/prometheus/client_golang/prometheus"

// PauseFigure is a pause as metrics show it: of what (all, account or rule), by what name, and how many planned replies
// wait for its end.
type PauseFigure struct {
	Scope, Name string
	Waiting     int
}

// WatchPauses shows what people have paused, each with the number of replies that wait for its end. pauses is asked at
// every scrape; ok false leaves them out, as where the store can't tell.
func (m *Metrics) WatchPauses(pauses func() (lasting []PauseFigure, ok bool)) {
	desc := prometheus.NewDesc(namespace+"_pause_waiting_replies",
		"Planned replies that wait for the end of a pause; a series exists as long as its pause lasts.", []string{"scope", "name"}, nil)
	m.registry.MustRegister(watched{desc, func(metrics chan<- prometheus.Metric) {
		lasting, ok := pauses()
		if !ok {
			return
		}
		for _, p := range lasting {
			metrics <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(p.Waiting), p.Scope, p.Name)
		}
	}})
}
