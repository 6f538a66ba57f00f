// Package watch holds to it that there is always one good set of rules. It reads the rules when they change and activates
// what compiles; an edit that is broken, half-written or gone is refused whole, told of with its places, and the last
// good set runs on.
//
// That a file changed is learned from the operating system, but only as a hint: what decides is the content, looked at
// after a while of quiet, and again every few seconds in case no hint came.
package watch

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/sirupsen/logrus"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// What makes a source look at the rules.
const (
	TriggerStart   = "start"
	TriggerFile    = "file"    // something happened in the folder
	TriggerPoll    = "poll"    // it was time to look anyhow
	TriggerSignal  = "signal"  // SIGHUP
	TriggerRequest = "request" // somebody asked, over HTTP
)

// ErrStopped is what a reload gets from a source that was stopped.
var ErrStopped = errors.New("the rules are not watched any more")

// Result is what came of looking at the rules.
type Result struct {
	// Set is active afterwards. It is nil only where New fails.
	Set *rules.Set
	// Changed reports whether another set is active than before. The first set of all is a change.
	Changed bool
	// Problems are those of a refused edit, or the warnings of the active set; of a fallback no warnings are known.
	Problems problem.List
	// Err tells why the rules as they lie there are not the active ones: a *Refused, or that nobody waited for the end.
	Err     error
	Trigger string
}

// Refused is the error of rules that can't be used.
type Refused struct {
	Problems problem.List
	cause    error // set where the files could not even be read
}

func (r *Refused) Error() string {
	if r.cause != nil {
		return r.cause.Error()
	}
	first := r.Problems[0]
	for _, p := range r.Problems {
		if p.Severity == problem.Error {
			first = p
			break
		}
	}
	if len(r.Problems) == 1 {
		return "rules refused: " + first.String()
	}
	return fmt.Sprintf("rules refused: %d problems, first: %s", len(r.Problems), first)
}

// Unwrap is the error of reading the files, nil if they were read.
func (r *Refused) Unwrap() error { return r.cause }

// Options say what is watched, and how. Path is required.
type Options struct {
	Path string // a folder of rule files, or one file
	Log  logrus.FieldLogger
	// OnReload is told of each set that is activated, of each edit that is refused, once, and when a refused edit is
	// taken back. Of looks that found nothing new it isn't told. It is called by New and later by the one goroutine
	// that reloads, so it must not call Reload or Stop.
	OnReload func(Result)
	// Accept finds what else is wrong with a set that compiles, such as that it asks for what its surroundings lack; a set
	// with errors is refused as one that doesn't compile. May be nil. It is called as OnReload is.
	Accept func(*rules.Set) problem.List
	// Fallback is the last good set of a former run. It becomes active where the rules can't be loaded at the start;
	// without one New then fails.
	Fallback *rules.Set
	Poll     time.Duration // between looks that need no hint; 15 s
	Quiet    time.Duration // without another hint before the rules are read; 200 ms
	AtMost   time.Duration // that a stream of hints can delay the reading; 2 s
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		silent := logrus.New()
		silent.SetLevel(logrus.PanicLevel)
		o.Log = silent
	}
	if o.OnReload == nil {
		o.OnReload = func(Result) {}
	}
	if o.Accept == nil {
		o.Accept = func(*rules.Set) problem.List { return nil }
	}
	o.Poll = positive(o.Poll, 15*time.Second)
	o.Quiet = positive(o.Quiet, 200*time.Millisecond)
	o.AtMost = positive(o.AtMost, 2*time.Second)
	return o
}

func positive(d, otherwise time.Duration) time.Duration {
	if d > 0 {
		return d
	}
	return otherwise
}

// Source is where the active set comes from. Its methods are safe for concurrent use.
type Source struct {
	active   atomic.Pointer[rules.Set]
	rejected atomic.Pointer[Refused] // nil if what lies there is active
	requests chan request
	stop     context.CancelFunc
	stopped  chan struct{}

	// The rest belongs to the goroutine that reloads.
	opts Options
	log  logrus.FieldLogger
	bell bell
	read func(path string) (rules.Source, error)
	// refusal is what the rejected edit is known by: its revision, or the error of reading it.
	refusal  string
	warnings problem.List // of the active set
}

// request asks for a reload. The answer is buffered, so that nobody is waited for.
type request struct {
	trigger string
	answer  chan Result
}

// New loads the rules and watches them until Stop. If they can't be loaded it runs the fallback and is good; without a
// fallback it fails with a *[Refused] that holds all problems.
func New(opts Options) (*Source, error) {
	opts = opts.withDefaults()
	return start(opts, newFolder(opts.Path, opts.Poll, opts.Log), rules.Read)
}

// start watches before it reads, so that no edit falls between the two.
func start(opts Options, bell bell, read func(string) (rules.Source, error)) (*Source, error) {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Source{
		requests: make(chan request), stop: cancel, stopped: make(chan struct{}),
		opts: opts, log: opts.Log.WithField("path", opts.Path), bell: bell, read: read,
	}
	bell.renew()
	s.active.Store(opts.Fallback)
	result := s.look(ctx, TriggerStart)
	if result.Set == nil {
		cancel()
		bell.close()
		return nil, result.Err
	}
	go s.run(ctx)
	return s, nil
}

// Active is the active set. It is never nil. What is done with one event should be done with one set, asked for once.
func (s *Source) Active() *rules.Set { return s.active.Load() }

// Rejected are the problems of the rules as they lie there, if they are refused; empty if they are the active ones.
func (s *Source) Rejected() problem.List {
	if r := s.rejected.Load(); r != nil {
		return r.Problems
	}
	return nil
}

// Reload looks at the rules now and waits for what comes of it. Calls that come together share one look. The error in the
// result may be that of ctx, or [ErrStopped].
func (s *Source) Reload(ctx context.Context, trigger string) Result {
	r := request{trigger, make(chan Result, 1)}
	var err error
	select {
	case s.requests <- r:
	case <-s.stopped:
		return s.unlooked(trigger, ErrStopped)
	case <-ctx.Done():
		return s.unlooked(trigger, ctx.Err())
	}
	select {
	case result := <-r.answer:
		return result
	case <-s.stopped:
		err = ErrStopped
	case <-ctx.Done():
		err = ctx.Err()
	}
	select {
	case result := <-r.answer: // came with the end
		return result
	default:
		return s.unlooked(trigger, err)
	}
}

func (s *Source) unlooked(trigger string, err error) Result {
	return Result{Set: s.Active(), Trigger: trigger, Err: fmt.Errorf("reload rules: %w", err)}
}

// Stop ends the watching and waits for the end. The active set stays. It may be called again.
func (s *Source) Stop() {
	s.stop()
	<-s.stopped
}
