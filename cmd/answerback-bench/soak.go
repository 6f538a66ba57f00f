package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// soakVerb has the binary work for long.
const soakVerb = "soak"

// soak is one long run of the binary under load, in rounds that are all alike: in each one events come from many people
// on many media and in threads, some twice; Meta refuses, cuts connections and limits an account; rules are edited, and
// one is paused; replies wait for a person until they have expired, or for a cap until they are too old.
type soak struct {
	binary         string
	events, rounds int
	dir            string
	out            io.Writer

	fake     *instagramtest.Fake
	process  *process
	patience time.Duration // for one round's events to be decided
	sent     int
}

// soakMain prints what the daemon took up, and returns 1 if that grows.
func soakMain(args []string) int {
	s := soak{out: os.Stdout, patience: 5 * time.Minute}
	flags := flag.NewFlagSet(soakVerb, flag.ExitOnError)
	flags.StringVar(&s.binary, "answerback", "bin/answerback", "the binary to soak")
	flags.IntVar(&s.events, "events", 200_000, "events in all")
	flags.IntVar(&s.rounds, "rounds", 20, "rounds; after each one is measured")
	_ = flags.Parse(args) // it ends the program on an error
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	flat, err := s.run(ctx)
	if err != nil {
		fmt.Fprintln(os.Stderr, "answerback-bench soak:", err)
		return 1
	}
	if !flat {
		return 1
	}
	return 0
}

func (s *soak) run(ctx context.Context) (flat bool, err error) {
	if s.binary, err = filepath.Abs(s.binary); err != nil {
		return false, err
	}
	if s.dir, err = os.MkdirTemp("", "answerback-soak-"); err != nil {
		return false, err
	}
	defer func() {
		if err == nil {
			os.RemoveAll(s.dir)
		} else {
			fmt.Fprintln(s.out, "what the daemon left is in", s.dir)
		}
	}()
	s.fake = soakFake()
	defer s.fake.Close()
	if err := s.start(ctx); err != nil {
		return false, err
	}
	samples, err := s.rounded(ctx)
	if err == nil {
		err = s.happened(ctx)
	}
	_, peak := s.process.memory()
	if stopped := s.process.stop(); err == nil {
		err = stopped
	}
	if err != nil {
		return false, err
	}
	fmt.Fprintf(s.out, "\nresident memory at its highest: %.0f MiB\n\n", peak)
	all, err := judge(samples)
	if err != nil {
		return false, err
	}
	return report(s.out, all)
}

func (s *soak) start(ctx context.Context) (err error) {
	for name, text := range map[string]string{"rules.yaml": soakRules(0), "answerback.yaml": soakConfig(s.fake.URL())} {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	s.process, err = start(ctx, "answerback", s.dir, s.binary, "run", "-c", s.config())
	if err != nil {
		return err
	}
	time.Sleep(2 * time.Second) // what a start needs is given back by then
	idle, _ := s.process.memory()
	fmt.Fprintf(s.out, "idle with 100 rules: %.0f MiB resident\n\n", idle)
	s.fake.Fail(instagramtest.Match{Account: soakAccount(quietAccount).ID}, instagramtest.Fault{Header: http.Header{
		"X-Business-Use-Case-Usage": {fmt.Sprintf(`{"%s":[{"type":"instagram","call_count":80,"total_cputime":10,"total_time":10,"estimated_time_to_regain_access":0}]}`,
			soakAccount(quietAccount).ID)},
	}})
	return nil
}

func (s *soak) config() string { return filepath.Join(s.dir, "answerback.yaml") }

func (s *soak) rounded(ctx context.Context) ([]sample, error) {
	fmt.Fprintf(s.out, "%9s %8s %10s %5s %9s %12s %7s %12s\n", "events", "after", "goroutines", "files", "heap MiB", "resident MiB", "log MiB", "database MiB")
	var samples []sample
	begun := time.Now()
	for round := range s.rounds {
		if err := s.round(ctx, round, s.events/s.rounds); err != nil {
			return nil, fmt.Errorf("round %d: %w", round, err)
		}
		now, err := take(ctx, s.process, filepath.Join(s.dir, "soak.db"), s.sent)
		if err != nil {
			return nil, err
		}
		samples = append(samples, now)
		fmt.Fprintf(s.out, "%9d %8s %10.0f %5.0f %9.1f %12.1f %7.1f %12.1f\n", now.events, time.Since(begun).Round(time.Second),
			now.goroutines, now.files, now.heap, now.resident, now.log, now.database)
	}
	return samples, nil
}

// round sends a round's events, with its troubles in the midst of them.
func (s *soak) round(ctx context.Context, round, events int) error {
	if err := os.WriteFile(filepath.Join(s.dir, "rules.yaml"), []byte(soakRules(round+1)), 0o600); err != nil {
		return err
	}
	s.trouble()
	parts := []func() error{
		nil,
		func() error {
			return s.tell(ctx, "pause", "-c", s.config(), "challenge", "--reason", "a soak", "--for", "1h")
		},
		func() error { return s.tell(ctx, "resume", "-c", s.config(), "challenge") },
		nil,
	}
	for i, before := range parts {
		if before != nil {
			if err := before(); err != nil {
				return err
			}
		}
		if err := s.send(ctx, events*(i+1)/len(parts)-events*i/len(parts)); err != nil {
			return err
		}
	}
	return s.settled(ctx)
}

// trouble is what Meta does in a round.
func (s *soak) trouble() {
	for range 10 {
		s.fake.Fail(instagramtest.Match{Method: http.MethodGet, Edge: "mentioned_comment"}, instagramtest.Fault{Status: 500, Code: 2, Message: "again", Times: 1})
		s.fake.Fail(instagramtest.Match{Method: http.MethodPost, Edge: "mentions"}, instagramtest.Fault{CutBefore: true, Times: 1})
		s.fake.Fail(instagramtest.Match{Method: http.MethodPost, Edge: "replies"}, instagramtest.Fault{Status: 500, Code: 1, Message: "unknown", Times: 1})
		s.fake.Fail(instagramtest.Match{Method: http.MethodPost}, instagramtest.Fault{Code: 100, Subcode: 33, Message: "gone", Times: 1})
	}
	s.fake.Fail(instagramtest.Match{Account: soakAccount(1).ID}, instagramtest.Fault{Code: 80002, Message: "too many calls", Times: 1})
}

// tell runs a verb of the binary beside the daemon, as an operator does.
func (s *soak) tell(ctx context.Context, args ...string) error {
	said, err := exec.CommandContext(ctx, s.binary, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%v: %w: %s", args, err, said)
	}
	return nil
}

// send sends events in batches of many sizes; every tenth notification comes twice.
func (s *soak) send(ctx context.Context, events int) error {
	address := "http://" + s.process.address + "/webhooks/instagram"
	for notification := 0; events > 0; notification++ {
		batch := min(events, 1+notification*7%40)
		changes := make([]instagramtest.Change, batch)
		for i := range changes {
			s.sent++
			changes[i] = occasionOf(int64(s.sent)).change()
		}
		body := s.fake.Sender().Body(changes...)
		times := 1
		if notification%10 == 9 {
			times = 2
		}
		for range times {
			if err := s.fake.Send(ctx, address, body); err != nil {
				return err
			}
		}
		events -= batch
	}
	return nil
}

// settled waits until all but what an account's pace holds back is decided.
func (s *soak) settled(ctx context.Context) error {
	const left = 100 // the quiet account's
	for begun := time.Now(); time.Since(begun) < s.patience; {
		figures, err := scrape(ctx, s.process.admin)
		if err != nil {
			return err
		}
		if figures["answerback_inbox_backlog"] <= left {
			return nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return errors.New("the events aren't decided")
}

// happened makes sure that what was to be soaked took place, and tells how often.
func (s *soak) happened(ctx context.Context) error {
	figures, err := scrape(ctx, s.process.admin)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	missing := ""
	for _, series := range []string{
		"answerback_events_decided_total",
		"answerback_events_duplicate_total",
		`answerback_events_decided_total{because="",verdict="reply"}`,
		`answerback_events_decided_total{because="",verdict="approve"}`,
		`answerback_events_decided_total{because="paused",verdict="skipped"}`,
		`answerback_deliveries_total{action="reply",fate="posted"}`,
		`answerback_deliveries_total{action="reply",fate="planned"}`,
		`answerback_deliveries_total{action="reply",fate="unknown"}`,
		`answerback_deliveries_total{action="reply",fate="refused"}`,
		`answerback_deliveries_total{action="reply",fate="cancelled"}`,
		`answerback_reloads_total{result="ok"}`,
	} {
		fmt.Fprintf(s.out, "%9.0f %s\n", figures[series], series)
		if figures[series] == 0 {
			missing += " " + series
		}
	}
	if missing != "" {
		return fmt.Errorf("it never came to%s", missing)
	}
	if undecided := s.sent - int(figures["answerback_events_decided_total"]); undecided > 200 {
		return fmt.Errorf("%d events are not decided", undecided)
	}
	return nil
}
