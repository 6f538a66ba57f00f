// Answerback-torture puts the binary to the torture: notifications go in as Meta sends them, doubled, shuffled and
// batched; a fake Instagram answers with errors of every class, late, by halves or not at all; the daemon is killed
// again and again while rules are edited, tokens replaced, pauses put, and the disk filled. At the end what Instagram
// holds and what the ledger says must agree with what was promised: see the invariants in check.go.
//
// All of the plan comes of the seed. How it goes does not: processes are real.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// The verbs by which this program calls itself.
const (
	apartVerb = "apart" // run where file systems can be mounted that others don't see
	trialVerb = "trial" // find out whether that is permitted
)

func main() {
	args := os.Args[1:]
	if len(args) == 1 && args[0] == trialVerb {
		if tryMount() != nil {
			os.Exit(1)
		}
		return
	}
	if len(args) > 0 && args[0] == apartVerb {
		os.Exit(run(args[1:], true))
	}
	status, permitted := apart(args)
	if !permitted {
		fmt.Println("a file system of its own is not permitted here: the disk is never full in this run")
		status = run(args, false)
	}
	os.Exit(status)
}

// options are the flags.
type options struct {
	binary, source string
	seed           uint64
	events, kills  int
	patience       time.Duration
	overtake       time.Duration
	planted        string
	keep           bool
	discard        bool // the working folder, whatever was found
	mountable      bool
}

func run(args []string, mountable bool) int {
	o := options{mountable: mountable}
	flags := flag.NewFlagSet("answerback-torture", flag.ExitOnError)
	flags.StringVar(&o.binary, "answerback", "bin/answerback", "the binary to torture")
	flags.Uint64Var(&o.seed, "seed", 0, "what the plan is drawn from; 0: the time")
	flags.IntVar(&o.events, "events", 20_000, "events, beside the bot's own replies that come back")
	flags.IntVar(&o.kills, "kills", 500, "kills")
	flags.DurationVar(&o.patience, "patience", 10*time.Minute, "how long the last daemon may take to work off what is left")
	flags.DurationVar(&o.overtake, "overtake", 250*time.Millisecond, "how far replies of a conversation that are on their way at once may overtake each other")
	flags.StringVar(&o.planted, "planted", "", "instead torture binaries with planted bugs, which have to be found: all, or names with commas")
	flags.StringVar(&o.source, "source", ".", "the source that bugs are planted in")
	flags.BoolVar(&o.keep, "keep", false, "keep the working folder even if nothing was found")
	_ = flags.Parse(args)
	if o.seed == 0 {
		o.seed = uint64(time.Now().UnixNano())
	}
	if flags.NArg() > 0 || o.events < 1 || o.kills < 1 {
		fmt.Fprintln(os.Stderr, "answerback-torture: it takes flags only, and at least one event and one kill")
		return 2
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := act(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "answerback-torture:", err)
		return 1
	}
	return 0
}

func act(ctx context.Context, o options) error {
	if o.mountable {
		if err := setApart(); err != nil {
			return fmt.Errorf("keep mounts apart: %w", err)
		}
	}
	if o.planted != "" {
		return plantAll(ctx, o)
	}
	begun := time.Now()
	result, err := torture(ctx, o)
	if err != nil {
		return err
	}
	fmt.Printf("%s\nin %s\n", result, time.Since(begun).Round(time.Second))
	if len(result.violations) == 0 {
		return nil
	}
	for _, v := range result.violations[:min(len(result.violations), mostTold)] {
		fmt.Print(result.history(v))
	}
	return fmt.Errorf("seed %d: %d violations; the working folder is %s", o.seed, len(result.violations), result.dir)
}

// mostTold is how many violations are told with their history.
const mostTold = 20

// torture runs one plan on one binary.
func torture(ctx context.Context, o options) (r result, err error) {
	p := draw(o.seed, o.events, o.kills)
	fmt.Println(p)
	site, err := newSite(o.binary, p, o.mountable)
	if err != nil {
		return r, err
	}
	s := &storm{site: site, plan: p, overtake: o.overtake}
	r.dir = site.dir
	defer func() {
		err = errors.Join(err, site.close(o.keep || err != nil || len(r.violations) > 0 && !o.discard))
	}()
	if err := s.rage(ctx); err != nil {
		return r, err
	}
	if err := s.calm(ctx, o.patience); err != nil {
		return r, err
	}
	entries, err := s.list(ctx, allStates, 1<<30)
	if err != nil {
		return r, err
	}
	return s.judge(r.dir, entries), nil
}
