package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// sample is what a daemon took up at one moment.
type sample struct {
	events     int     // that were sent so far
	goroutines float64 // and so on, in number
	files      float64
	heap       float64 // MiB that lived after the last garbage collection
	resident   float64 // MiB
	log        float64 // MiB of write-ahead log
	database   float64 // MiB, less what is in the log alone
}

// course is one figure over a soak, and by how much it may grow from the second quarter to the last: the first one is
// left out, since caches fill and the first pages are written there.
type course struct {
	name string
	of   func(sample) float64
	// part of the second quarter's figure and slack beside it may be added.
	part, slack float64
}

// courses are what is judged. A goroutine lost in 10,000 events would make 10 more from the second quarter to the last
// of a soak of 200,000; a hundred bytes lost with each event, 10 MiB.
func courses() []course {
	return []course{
		{"goroutines", func(s sample) float64 { return s.goroutines }, 0, 4},
		{"open files", func(s sample) float64 { return s.files }, 0, 4},
		{"live heap MiB", func(s sample) float64 { return s.heap }, 0.10, 1},
		{"resident MiB", func(s sample) float64 { return s.resident }, 0.10, 4},
		{"log MiB", func(s sample) float64 { return s.log }, 0.25, 8},
	}
}

// grown is a figure in the second and in the last quarter, each the median of its samples.
type grown struct {
	course
	second, last float64
}

func (g grown) most() float64 { return g.second*(1+g.part) + g.slack }

func (g grown) flat() bool { return g.last <= g.most() }

// fewest samples make quarters of which a median means something.
const fewest = 12

// judge compares the quarters of a soak.
func judge(samples []sample) ([]grown, error) {
	if len(samples) < fewest {
		return nil, fmt.Errorf("%d samples are too few to judge by, at least %d are needed", len(samples), fewest)
	}
	quarter := len(samples) / 4
	second, last := samples[quarter:2*quarter], samples[len(samples)-quarter:]
	var all []grown
	for _, c := range courses() {
		all = append(all, grown{c, middle(second, c.of), middle(last, c.of)})
	}
	return append(all, growthPerEvent(samples, quarter)), nil
}

// growthPerEvent is what the database keeps of an event: it grows with the ledger, but not ever faster.
func growthPerEvent(samples []sample, quarter int) grown {
	kept := func(from, to int) float64 {
		first, last := samples[from], samples[to]
		return (last.database - first.database) * 1024 / float64(max(1, last.events-first.events))
	}
	c := course{name: "database KiB an event", part: 0.15, slack: 0.1}
	end := len(samples) - 1
	return grown{c, kept(quarter-1, 2*quarter-1), kept(end-quarter, end)}
}

func middle(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// report prints the figures and says whether all are flat.
func report(out io.Writer, all []grown) (flat bool, err error) {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "figure\tsecond quarter\tlast quarter\tat most\t\t")
	flat = true
	for _, g := range all {
		word := "flat"
		if !g.flat() {
			word, flat = "GROWS", false
		}
		fmt.Fprintf(table, "%s\t%.2f\t%.2f\t%.2f\t%s\t\n", g.name, g.second, g.last, g.most(), word)
	}
	return flat, table.Flush()
}
