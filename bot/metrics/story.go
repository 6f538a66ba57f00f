package metrics

import (
	"maps"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

// stories are the figures of stories that have ended. Accounts are those of the configuration and figures those that we
// know, so that their number is bounded.
type stories struct {
	ended, sum, belowFive, last *prometheus.Desc

	mu       sync.Mutex
	accounts map[string]*account
}

// account is what its stories came to.
type account struct {
	ended          int
	sum, belowFive map[string]int // by figure
	last           map[string]int // of the story told of last
}

func newStories() *stories {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(namespace+"_story_"+name, help, labels, nil)
	}
	return &stories{
		ended:     desc("ended_total", "Stories that have ended and of which Meta told figures, be it none.", "account"),
		sum:       desc("figures_total", "The figures of all ended stories added up, by figure; one that is below 5 adds nothing.", "account", "figure"),
		belowFive: desc("figures_below_five_total", "Figures of ended stories that Meta told only to be below 5, by figure.", "account", "figure"),
		last:      desc("last_figure", "The figures of the story that ended last; -1 is Meta's below 5, and what it didn't tell is not there.", "account", "figure"),
		accounts:  map[string]*account{},
	}
}

// Story counts the figures of a story that has ended, by Meta's names; -1 is its way to say "below 5".
func (m *Metrics) Story(accountID string, figures map[string]int) { m.stories.add(accountID, figures) }

func (s *stories) add(id string, figures map[string]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[id]
	if a == nil {
		a = &account{sum: map[string]int{}, belowFive: map[string]int{}}
		s.accounts[id] = a
	}
	a.ended++
	a.last = maps.Clone(figures)
	for name, n := range figures {
		a.sum[name] += max(n, 0)
		if n < 0 {
			a.belowFive[name]++
		}
	}
}

// Describe implements [prometheus.Collector].
func (s *stories) Describe(descs chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{s.ended, s.sum, s.belowFive, s.last} {
		descs <- desc
	}
}

// Collect implements [prometheus.Collector].
func (s *stories) Collect(metrics chan<- prometheus.Metric) {
	s.mu.Lock()
	defer s.mu.Unlock()
	each := func(desc *prometheus.Desc, kind prometheus.ValueType, id string, figures map[string]int) {
		for name, n := range figures {
			metrics <- prometheus.MustNewConstMetric(desc, kind, float64(n), id, label(name))
		}
	}
	for id, a := range s.accounts {
		metrics <- prometheus.MustNewConstMetric(s.ended, prometheus.CounterValue, float64(a.ended), id)
		each(s.sum, prometheus.CounterValue, id, a.sum)
		each(s.belowFive, prometheus.CounterValue, id, a.belowFive)
		each(s.last, prometheus.GaugeValue, id, a.last)
	}
}
