package watch

import (
	"context"
	"time"

	"github.com/fsnotify/fsnotify"
)

// bell rings when something may have changed. A test has one of its own.
type bell interface {
	events() <-chan fsnotify.Event
	errors() <-chan error
	// renew watches again what is not watched any more, and reports whether there was something.
	renew() bool
	// also has the folders of lists watched beside that of the rules, and no others.
	also(dirs []string)
	close()
}

// run is the one goroutine that reloads.
func (s *Source) run(ctx context.Context) {
	defer close(s.stopped)
	defer s.bell.close()
	poll := time.NewTicker(s.opts.Poll)
	defer poll.Stop()
	quiet := newDebounce(s.opts.Quiet, s.opts.AtMost)
	defer quiet.timer.Stop()

	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.bell.events():
			if e.Op != fsnotify.Chmod { // backups and indexers touch just that
				quiet.hint()
			}
		case err := <-s.bell.errors():
			// The usual one is that events were lost in a flood of them.
			s.log.WithError(err).Warn("watching rules: events may be lost")
			quiet.hint()
		case <-quiet.timer.C:
			quiet.over()
			s.bell.renew()
			s.look(ctx, TriggerFile)
		case <-poll.C:
			s.bell.renew()
			s.look(ctx, TriggerPoll)
		case r := <-s.requests:
			s.serve(ctx, r)
		}
	}
}

// serve looks once for all who ask now. Who asks while it looks must wait for the next look: the edit that is meant may
// have come too late for this one.
func (s *Source) serve(ctx context.Context, first request) {
	asked := []request{first}
	for more := true; more; {
		select {
		case r := <-s.requests:
			asked = append(asked, r)
		default:
			more = false
		}
	}
	s.bell.renew()
	result := s.look(ctx, first.trigger)
	for _, r := range asked {
		result.Trigger = r.trigger
		r.answer <- result
	}
}

// debounce makes one of many hints: it fires after a while of quiet, but not later than at most after the first.
type debounce struct {
	timer         *time.Timer
	quiet, atMost time.Duration
	first         time.Time // of the hints since the last firing; zero: there was none
}

func newDebounce(quiet, atMost time.Duration) *debounce {
	d := &debounce{timer: time.NewTimer(atMost), quiet: quiet, atMost: atMost}
	d.timer.Stop()
	return d
}

func (d *debounce) hint() {
	now := time.Now()
	if d.first.IsZero() {
		d.first = now
	}
	d.timer.Reset(min(d.quiet, d.first.Add(d.atMost).Sub(now)))
}

func (d *debounce) over() { d.first = time.Time{} }
