package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// plan is all that will happen, drawn from the seed before anything happens. How it goes is up to real processes.
type plan struct {
	seed   uint64
	events []event
	cycles []cycle
	// spare are cycles without events, for those in which the daemon dies of the full disk and can't be killed.
	spare []cycle
	// epilogue comes when the storm is over, so that order can be judged where nothing fails at all.
	epilogue []batch
}

// cycle is one life of the daemon, from its start to its kill.
type cycle struct {
	// life is how long it lives from when it listens on; if early, from the start of its process on.
	life  time.Duration
	early bool
	// gentle is how long before the kill it is asked to stop; 0: it isn't.
	gentle  time.Duration
	weather weather
	batches []batch
	deeds   []deed
}

// batch is a notification: events, by their numbers, that are sent together so long after the daemon's start.
type batch struct {
	at     time.Duration
	events []int
}

// deed is something that a person or the world does so long after the daemon's start. What it means is up to the kind.
type deed struct {
	at   time.Duration
	kind deedKind
	n    int
}

type deedKind string

const (
	editWell  deedKind = "edit rules"
	editBadly deedKind = "break rules"
	revoke    deedKind = "revoke token"
	renew     deedKind = "renew tokens"
	pause     deedKind = "pause"
	resume    deedKind = "resume"
	fillDisk  deedKind = "fill disk"
	freeDisk  deedKind = "free disk"
	approve   deedKind = "approve"
	settle    deedKind = "settle unknown"
	again     deedKind = "retry failed"
	backUp    deedKind = "backup"
)

// chances are how often deeds come in a cycle.
func chances() []struct {
	kind deedKind
	of   float64
} {
	return []struct {
		kind deedKind
		of   float64
	}{
		{editWell, 0.15}, {editBadly, 0.08}, {revoke, 0.06}, {renew, 0.15}, {pause, 0.03}, {resume, 0.15},
		{fillDisk, 0.05}, {freeDisk, 0.3}, {approve, 0.06}, {settle, 0.06}, {again, 0.04}, {backUp, 0.02},
	}
}

// draw makes a plan of so many events and kills.
func draw(seed uint64, events, kills int) plan {
	chance := rand.New(rand.NewPCG(seed, 1))
	p := plan{seed: seed, events: drawEvents(chance, events), cycles: make([]cycle, kills), spare: make([]cycle, kills/4)}
	for i := range p.cycles {
		p.cycles[i] = drawCycle(chance)
	}
	for i := range p.spare {
		p.spare[i] = drawCycle(chance)
	}
	batches := drawBatches(chance, p.events)
	peace := len(batches) - len(batches)/10
	p.spread(chance, batches[:peace])
	for _, b := range batches[peace:] {
		b.at = between(chance, 0, settleAfter/2)
		p.epilogue = append(p.epilogue, b)
	}
	return p
}

func drawCycle(chance *rand.Rand) cycle {
	c := cycle{life: between(chance, 20*time.Millisecond, 400*time.Millisecond), weather: drawWeather(chance)}
	switch n := chance.IntN(20); {
	case n < 3:
		c.early, c.life = true, between(chance, time.Millisecond, 80*time.Millisecond)
	case n < 6:
		c.gentle = between(chance, time.Millisecond, 60*time.Millisecond)
	}
	for _, d := range chances() {
		if chance.Float64() < d.of {
			c.deeds = append(c.deeds, deed{at: between(chance, 0, c.life), kind: d.kind, n: chance.IntN(1 << 20)})
		}
	}
	slices.SortFunc(c.deeds, func(a, b deed) int { return int(a.at - b.at) })
	return c
}

// drawBatches cuts the events into notifications. Those of one burst stay together.
func drawBatches(chance *rand.Rand, events []event) (batches []batch) {
	for i := 0; i < len(events); {
		size := 1
		if chance.IntN(2) == 0 {
			size += chance.IntN(20)
		}
		b := batch{}
		for ; i < len(events) && (size > 0 || events[i].burst && events[i].thread == events[i-1].thread); i++ {
			b.events = append(b.events, i)
			size--
		}
		batches = append(batches, b)
	}
	return batches
}

// spread gives each notification a cycle and a moment in it. Some come late and out of order, some twice or thrice.
func (p *plan) spread(chance *rand.Rand, batches []batch) {
	last := len(p.cycles) - 1
	for i, b := range batches {
		first := i * len(p.cycles) / len(batches)
		if chance.IntN(10) == 0 {
			first += chance.IntN(3)
		}
		p.send(chance, min(first, last), b)
		for chance.IntN(8) == 0 {
			twin := batch{events: slices.Clone(b.events)}
			if chance.IntN(2) == 0 {
				chance.Shuffle(len(twin.events), func(i, j int) { twin.events[i], twin.events[j] = twin.events[j], twin.events[i] })
				first += chance.IntN(4)
			}
			p.send(chance, min(first, last), twin)
		}
	}
}

func (p *plan) send(chance *rand.Rand, in int, b batch) {
	c := &p.cycles[in]
	b.at = between(chance, 0, c.life)
	c.batches = append(c.batches, b)
}

func between(chance *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(chance.Int64N(int64(to-from)+1))
}

// String counts what is planned.
func (p plan) String() string {
	deeds, notifications := 0, len(p.epilogue)
	for _, c := range p.cycles {
		deeds += len(c.deeds)
		notifications += len(c.batches)
	}
	return fmt.Sprintf("seed %d: %d events in %d notifications, %d kills, %d deeds", p.seed, len(p.events), notifications, len(p.cycles), deeds)
}
