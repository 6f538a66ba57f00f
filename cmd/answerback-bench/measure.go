package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// figures are what one round gave.
type figures struct {
	perSecond          float64
	p50, p99           time.Duration // from notification to reply
	answer50, answer99 time.Duration // of the webhook
	cpu                time.Duration // of the measured process, an event
	idle, peak         float64       // resident memory, MiB
	ready              time.Duration
	events             int
	lost, doubled      int
}

// starter starts what is measured, with its Graph API at the given address, in an empty folder.
type starter func(ctx context.Context, p plan, graph, dir string) (*process, error)

// measure runs everything and prints one table.
func measure(ctx context.Context, p plan, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "%d events a round, %d rounds (medians), %d workers; every event is a mention: one read, one reply\n\n", p.events, p.rounds, p.workers)
	fmt.Fprintln(table, "what\tprogram\tevents/s\tof bare\treply p50\tp99\twebhook p50\tp99\tCPU/event\tidle MiB\tpeak MiB\tready\tlost\tdoubled\t")
	wrong := 0
	for _, m := range []struct {
		name            string
		batch, inFlight int
	}{
		{fmt.Sprintf("batches of 1, %d in flight", p.inFlight), 1, p.inFlight},
		{"batches of 100, 1000 in flight", 100, 1000},
	} {
		flood := func(l *load) (time.Duration, error) { return l.flood(ctx, p.events, m.batch) }
		ours, bare, err := compare(ctx, p, m.inFlight, flood)
		if err != nil {
			return err
		}
		row(table, m.name, "bare", bare, bare)
		row(table, m.name, "answerback", ours, bare)
		wrong += ours.lost + ours.doubled
	}
	steady := func(l *load) (time.Duration, error) { return p.steady, l.steady(ctx, p.rate, p.steady) }
	ours, err := round(ctx, p, startAnswerback, p.inFlight, steady)
	if err != nil {
		return err
	}
	row(table, fmt.Sprintf("%d events a second", p.rate), "answerback", ours, figures{})
	if err := table.Flush(); err != nil {
		return err
	}
	if wrong += ours.lost + ours.doubled; wrong > 0 {
		return fmt.Errorf("%d events were lost or answered twice", wrong)
	}
	return nil
}

// compare measures both programs in turn, round by round.
func compare(ctx context.Context, p plan, inFlight int, work func(*load) (time.Duration, error)) (ours, bare figures, err error) {
	var all [2][]figures
	for range p.rounds {
		for i, start := range []starter{startBare, startAnswerback} {
			f, err := round(ctx, p, start, inFlight, work)
			if err != nil {
				return ours, bare, err
			}
			all[i] = append(all[i], f)
		}
	}
	return median(all[1]), median(all[0]), nil
}

// round starts a program afresh, has it work, and stops it.
func round(ctx context.Context, p plan, start starter, inFlight int, work func(*load) (time.Duration, error)) (f figures, err error) {
	dir, err := os.MkdirTemp("", "answerback-bench-")
	if err != nil {
		return f, err
	}
	defer func() {
		if err == nil {
			os.RemoveAll(dir)
		}
	}()
	var l *load
	fake := instagramtest.New(instagramtest.Options{
		Accounts:  []instagramtest.Account{{ID: accountID, Username: "bluebottle", Token: token}},
		AppSecret: appSecret, Lean: true,
		OnReply: func(r instagramtest.Reply) { l.reply(r.Form["comment_id"]) },
		Invent: func(id string) (instagramtest.Comment, bool) {
			return instagramtest.Comment{ID: id, MediaID: "1" + id[1:], Username: "ada", Text: "@bluebottle do you accept the challenge?"}, true
		},
	})
	defer fake.Close()
	process, err := start(ctx, p, fake.URL(), dir)
	if err != nil {
		return f, err
	}
	l = newLoad(process.address, inFlight)
	f.ready = process.ready
	f.idle, _ = process.memory()
	before := process.cpu()
	took, err := work(l)
	if err == nil {
		f.events = len(l.sent)
		f.perSecond = float64(f.events) / took.Seconds()
		f.cpu = (process.cpu() - before) / time.Duration(f.events)
		_, f.peak = process.memory()
		f.p50, f.p99 = quantile(l.took, 0.5), quantile(l.took, 0.99)
		f.answer50, f.answer99 = quantile(l.answers, 0.5), quantile(l.answers, 0.99)
		f.lost, f.doubled = l.lost(), l.doubled
	}
	l.client.CloseIdleConnections()
	if stopped := process.stop(); err == nil {
		err = stopped
	}
	return f, err
}

// median takes the round whose speed is the median; what was lost or doubled counts from all.
func median(rounds []figures) figures {
	sorted := slices.SortedFunc(slices.Values(rounds), func(a, b figures) int {
		return int(a.perSecond - b.perSecond)
	})
	f := sorted[len(sorted)/2]
	f.lost, f.doubled = 0, 0
	for _, r := range rounds {
		f.lost += r.lost
		f.doubled += r.doubled
	}
	return f
}

func row(out io.Writer, what, program string, f, bare figures) {
	share := ""
	if bare.perSecond > 0 {
		share = fmt.Sprintf("%.0f %%", 100*f.perSecond/bare.perSecond)
	}
	ms := func(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
	fmt.Fprintf(out, "%s\t%s\t%.0f\t%s\t%s\t%s\t%s\t%s\t%d µs\t%.0f\t%.0f\t%s\t%d\t%d\t\n", what, program, f.perSecond, share,
		ms(f.p50), ms(f.p99), ms(f.answer50), ms(f.answer99), f.cpu.Microseconds(), f.idle, f.peak, ms(f.ready), f.lost, f.doubled)
}
