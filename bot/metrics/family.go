package metrics

import (
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	namespace = "answerback"
	// mostIgnored is how many names of ignored things are told apart; an account that sends direct messages of every
	// kind makes a dozen.
	mostIgnored = 100
	// longestLabel is the most characters of a label's value.
	longestLabel = 64
	// other stands for the names that came after the most.
	other = "other"
)

// family is one metric with one or two labels, whose series are found without allocating and without work of the
// registry once they are known.
type family[M any] struct {
	series func(first, second string) M
	most   int // distinct series; 0: as many as the callers' words make
	mu     sync.RWMutex
	known  map[[2]string]M
}

// of is the series of the label values; the second is unused where there is one label.
func (f *family[M]) of(first, second string) M {
	key := [2]string{first, second}
	f.mu.RLock()
	series, ok := f.known[key]
	f.mu.RUnlock()
	if ok {
		return series
	}
	return f.add([2]string{label(first), label(second)})
}

func (f *family[M]) add(key [2]string) M {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.known[key]; !ok && f.most > 0 && len(f.known) >= f.most {
		key[1] = other
	}
	series, ok := f.known[key]
	if !ok {
		series = f.series(key[0], key[1])
		f.known[key] = series
	}
	return series
}

// label makes a label's value of a word: Prometheus takes only valid UTF-8.
func label(word string) string {
	word = strings.ToValidUTF8(word, "\uFFFD")
	n := 0
	for i := range word {
		if n == longestLabel {
			return word[:i]
		}
		n++
	}
	return word
}

// maker registers metrics under our namespace.
type maker struct{ registry *prometheus.Registry }

func (m maker) counters(name, help string, labels ...string) *family[prometheus.Counter] {
	return m.bounded(0, name, help, labels...)
}

func (m maker) bounded(most int, name, help string, labels ...string) *family[prometheus.Counter] {
	vec := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	m.registry.MustRegister(vec)
	return newFamily(most, len(labels), func(values ...string) prometheus.Counter { return vec.WithLabelValues(values...) })
}

func (m maker) histograms(name, help string, buckets []float64, labels ...string) *family[prometheus.Observer] {
	vec := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(vec)
	return newFamily(0, len(labels), func(values ...string) prometheus.Observer { return vec.WithLabelValues(values...) })
}

func newFamily[M any](most, labels int, with func(...string) M) *family[M] {
	return &family[M]{most: most, known: map[[2]string]M{}, series: func(first, second string) M {
		return with([]string{first, second}[:labels]...)
	}}
}

func (m maker) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m maker) gauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

func (m maker) histogram(name, help string, buckets []float64) prometheus.Histogram {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	m.registry.MustRegister(h)
	return h
}
