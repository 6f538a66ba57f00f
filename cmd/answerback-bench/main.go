// Answerback-bench measures answerback from outside: notifications go in over HTTP, replies come out at a fake
// Instagram, both in this process; the binary is another process, and so is the yardstick, a bare program that makes
// the same HTTP calls and stores nothing. Each figure is taken for both, in turn, so that a machine whose speed
// drifts doesn't favour one.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	switch {
	case len(os.Args) > 1 && os.Args[1] == bareVerb:
		os.Exit(bareMain(os.Args[2:]))
	case len(os.Args) > 1 && os.Args[1] == soakVerb:
		os.Exit(soakMain(os.Args[2:]))
	}
	os.Exit(run())
}

// plan is what is measured.
type plan struct {
	binary   string
	events   int
	inFlight int
	rate     int
	steady   time.Duration
	workers  int
	rounds   int
}

func run() int {
	var p plan
	flag.StringVar(&p.binary, "answerback", "bin/answerback", "the binary to measure")
	flag.IntVar(&p.events, "events", 40_000, "events of a round")
	flag.IntVar(&p.inFlight, "in-flight", 64, "events in flight, in batches of 1")
	flag.IntVar(&p.rate, "rate", 500, "events a second in the steady measurement")
	flag.DurationVar(&p.steady, "steady", 10*time.Second, "how long the steady measurement takes")
	flag.IntVar(&p.workers, "workers", 64, "the configuration's workers")
	flag.IntVar(&p.rounds, "rounds", 3, "rounds of each measurement; the median is printed")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	defer cancel()
	if err := measure(ctx, p, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "answerback-bench:", err)
		return 1
	}
	return 0
}
