package main

import (
	"io"
	"testing"
)

// even is a soak in which nothing grows but the ledger.
func even() []sample {
	samples := make([]sample, 20)
	for i := range samples {
		n := i + 1
		wobble := float64(i % 3)
		samples[i] = sample{
			events: 10_000 * n, goroutines: 40 + wobble, files: 20 + wobble, heap: 12 + wobble/4, resident: 70 + wobble,
			log: 30 + wobble, database: 8 * float64(n),
		}
	}
	return samples
}

func TestWhatStaysIsFlatAndWhatGrowsIsNot(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *sample, i int)
		flat   bool
	}{
		"nothing":                        {func(*sample, int) {}, true},
		"all at first":                   {func(s *sample, i int) { s.heap += float64(min(i, 4)); s.goroutines += float64(min(i, 4)) }, true},
		"a goroutine in 10,000 events":   {func(s *sample, i int) { s.goroutines += float64(i) }, false},
		"a file in 10,000 events":        {func(s *sample, i int) { s.files += float64(i) }, false},
		"a hundred bytes an event":       {func(s *sample, i int) { s.heap += float64(i) * 10_000 * 100 / (1 << 20) }, false},
		"memory that Go doesn't know of": {func(s *sample, i int) { s.resident += 2 * float64(i) }, false},
		"the log":                        {func(s *sample, i int) { s.log += 4 * float64(i) }, false},
		"the database, ever faster":      {func(s *sample, i int) { s.database += float64(i*i) / 4 }, false},
	} {
		t.Run(name, func(t *testing.T) {
			samples := even()
			for i := range samples {
				c.change(&samples[i], i)
			}
			all, err := judge(samples)
			if err != nil {
				t.Fatal(err)
			}
			if flat, err := report(io.Discard, all); err != nil || flat != c.flat {
				t.Errorf("%v, flat: %v\n%+v", err, flat, all)
			}
		})
	}
}

func TestTooFewSamplesAreNoProof(t *testing.T) {
	if _, err := judge(even()[:fewest-1]); err == nil {
		t.Error("judged")
	}
}
