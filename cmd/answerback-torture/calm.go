package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// allStates has events list leave nothing out.
const allStates = ""

// calm mends everything, has a last daemon work off what is left, and stops it.
func (s *storm) calm(ctx context.Context, patience time.Duration) error {
	if err := s.mend(ctx); err != nil {
		return err
	}
	s.disk.began()
	l, err := s.live()
	if err != nil {
		return err
	}
	var waiting sync.WaitGroup
	s.sendAll(&waiting, s.plan.epilogue)
	waiting.Wait()
	err = s.drain(ctx, l, patience)
	return errors.Join(err, l.stop(patience))
}

// mend ends all that was in the way.
func (s *storm) mend(ctx context.Context) error {
	s.become(weather{})
	if err := s.disk.free(); err != nil {
		return err
	}
	if err := s.editRules(editForm{}); err != nil {
		return err
	}
	for n := range accountCount {
		if err := s.writeToken(n); err != nil {
			return err
		}
	}
	return nil
}

// quietFor is how long nothing may happen until everything that would happen has happened: longer than the time between
// two looks at a thread.
const quietFor = 2 * settleAfter

// drain waits until nothing is left to be done. That it never is, is for the check to find.
func (s *storm) drain(ctx context.Context, l *life, patience time.Duration) error {
	var quiet time.Time
	last := ""
	for end := time.Now().Add(patience); time.Now().Before(end); {
		select {
		case <-l.ended:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(300 * time.Millisecond):
		}
		if err := s.approve(ctx, 1); err != nil {
			continue // somebody else has the database
		}
		left, unknown, err := s.left(ctx)
		if err != nil {
			continue
		}
		state := fmt.Sprint(s.mail.under.Load(), left, unknown, s.calls.Load())
		if left > 0 || s.mail.under.Load() > 0 || state != last {
			last, quiet = state, time.Now()
			continue
		}
		if time.Since(quiet) > quietFor {
			return nil
		}
	}
	return nil
}

// left counts what is not ended, and of that what nobody may ever know.
func (s *storm) left(ctx context.Context) (left, unknown int, err error) {
	for _, state := range []string{"open", "waiting", "planned", "sending"} {
		entries, err := s.list(ctx, state, 1000)
		if err != nil {
			return 0, 0, err
		}
		left += len(entries)
	}
	entries, err := s.list(ctx, "unknown", 1_000_000)
	return left, len(entries), err
}
