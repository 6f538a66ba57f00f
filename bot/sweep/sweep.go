// Package sweep looks for comments that no notification told of. Now and then it lists an account's newest media and the
// comments on them, and puts what nobody has told of yet in the inbox, as the notification would have: the same key, so
// that one that came before or comes later is a duplicate, and a comment is answered once.
//
// It is the least important reader of all. A round makes a bounded number of calls, each only while the account has room
// for it, and what it finds goes in a few at a time, when nothing else waits. What one round doesn't come to the next one
// does. It forgets everything at a restart: what was fed before is known by its key.
//
// What is looked at, and what for, stands in account.go; how the comments on one media are read in scan.go; which of them
// are fed in thread.go.
package sweep

import (
	"context"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/sirupsen/logrus"
)

// Graph reads what can wait, for accounts by their id.
type Graph interface {
	// Room reports whether now is a time for it: the account may be read for, and nothing that came in waits.
	Room(ctx context.Context, account string) bool
	// OwnMedia, CommentsOn and RepliesTo are those of [instagram.Lister].
	OwnMedia(ctx context.Context, account string) ([]instagram.Post, error)
	CommentsOn(ctx context.Context, account, mediaID, after string) (instagram.Page, error)
	RepliesTo(ctx context.Context, account, commentID, after string) (instagram.Page, error)
}

// Inbox keeps what was found.
type Inbox interface {
	// Accept is that of [inbox.Store].
	Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error)
}

// Result is how a round ended.
type Result string

// The results.
const (
	Done       Result = "done"       // all was looked at
	Unfinished Result = "unfinished" // the round's calls were used up; the next one goes on
	NoRoom     Result = "no_room"    // others went first, or the account is to be spared; the next one goes on
	Failed     Result = "failed"     // Meta, the network or the store refused
)

// Results are all of them.
func Results() []Result { return []Result{Done, Unfinished, NoRoom, Failed} }

// Observer is told what happened, for metrics. It is called by many goroutines.
type Observer interface {
	// Swept is called at the end of each round, with the number of comments of which nothing had told.
	Swept(account string, result Result, found int)
}

// Account is one that is looked after.
type Account struct {
	ID       string
	Aliases  []string // other ids of it
	Username string
	// Every is the time between two rounds; more than 0.
	Every time.Duration
	// Since is how old a comment may be.
	Since time.Duration
}

// Options are what a sweep needs. All of them.
type Options struct {
	Accounts []Account
	Graph    Graph
	Inbox    Inbox
	Observe  Observer
	Log      logrus.FieldLogger
	// Now is the wall clock.
	Now func() time.Time
}

// Sweep looks after accounts, each at its own pace.
type Sweep struct {
	Options
	stop context.CancelFunc
	done sync.WaitGroup
}

// New makes a sweep that does nothing until it is started.
func New(o Options) *Sweep { return &Sweep{Options: o} }

// soon is within what time of the start the first rounds begin. A start has other work, and accounts are not all to be
// looked at at once.
const soon = time.Minute

// Start has the rounds begin. The context only lends its values; Stop ends them.
func (s *Sweep) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(context.WithoutCancel(ctx))
	for i, a := range s.Accounts {
		first := min(a.Every, soon) * time.Duration(i+1) / time.Duration(len(s.Accounts))
		s.done.Go(func() { s.look(ctx, &account{Sweep: s, Account: a, seed: uint64(i), posts: map[string]*post{}}, first) })
	}
}

// Stop ends the rounds, cutting off what is read, and waits for them. It may be called without Start.
func (s *Sweep) Stop() {
	if s.stop != nil {
		s.stop()
		s.done.Wait()
	}
}

// look makes an account's rounds, one after the other.
func (s *Sweep) look(ctx context.Context, a *account, first time.Duration) {
	for wait := first; pause(ctx, wait); {
		result, err := a.guarded(ctx)
		if ctx.Err() != nil {
			return
		}
		wait = a.wait(err)
		s.tell(a, result, wait, err)
	}
}

// tell says how a round ended.
func (s *Sweep) tell(a *account, result Result, wait time.Duration, err error) {
	s.Observe.Swept(a.ID, result, a.found)
	log := s.Log.WithFields(logrus.Fields{"account": a.ID, "username": a.Username, "result": string(result), "calls": a.calls, "found": a.found})
	if err != nil {
		log.WithError(err).WithField("again", wait.Round(time.Second).String()).Warn("the sweep for missed comments failed; it is tried again")
		return
	}
	say := log.Debug
	if a.found > 0 {
		say = log.Info
	}
	say("swept for comments that no notification told of")
}

// guarded has a panic be that round's error.
func (a *account) guarded(ctx context.Context) (result Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			result, err = Failed, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return a.round(ctx)
}

// pause waits, or reports that ctx has ended.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
