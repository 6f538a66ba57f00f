package main

import (
	"context"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// keeper keeps the active rules for a start over broken files. What the store doesn't take is offered again until it
// does, or until other rules are active.
type keeper struct {
	keep  func(context.Context, *rules.Set) error
	log   logrus.FieldLogger
	retry inbox.Backoff

	mu      sync.Mutex // no older set is kept after a newer one
	owed    *rules.Set // not kept yet; nil if there is none
	paying  bool
	stopped chan struct{}
	done    sync.WaitGroup
}

func newKeeper(keep func(context.Context, *rules.Set) error, log logrus.FieldLogger) *keeper {
	return &keeper{
		keep: keep, log: log, stopped: make(chan struct{}),
		retry: inbox.Backoff{First: time.Second, Factor: 2, Cap: time.Minute, Jitter: 0.2},
	}
}

// active keeps the set that has become active.
func (k *keeper) active(ctx context.Context, set *rules.Set) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.owed = set
	if err := k.pay(ctx); err != nil {
		k.log.WithError(err).Error("the active rules can't be kept, it is tried again; until then a restart over broken files would have to do without them")
		k.payLater(ctx)
	}
}

// pay keeps what is owed. It needs the lock.
func (k *keeper) pay(ctx context.Context) error {
	if k.owed == nil {
		return nil
	}
	err := k.keep(ctx, k.owed)
	if err == nil {
		k.owed = nil
	}
	return err
}

// payLater needs the lock.
func (k *keeper) payLater(ctx context.Context) {
	if k.paying {
		return
	}
	k.paying = true
	k.done.Go(func() {
		for attempt := 1; k.waits(k.retry.Next(attempt, 0)); attempt++ {
			if k.paid(ctx) {
				return
			}
		}
	})
}

// waits reports whether nobody has stopped the keeper meanwhile.
func (k *keeper) waits(pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-k.stopped:
		return false
	}
}

// paid reports whether nothing is owed any more.
func (k *keeper) paid(ctx context.Context) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	owed := k.owed
	if err := k.pay(ctx); err != nil {
		return false
	}
	if owed != nil {
		k.log.WithField("revision", owed.Revision()).Info("the active rules are kept")
	}
	k.paying = false
	return true
}

// stop tries a last time. The rules must not change any more.
func (k *keeper) stop(ctx context.Context) error {
	close(k.stopped)
	k.done.Wait()
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.pay(ctx); err != nil {
		k.log.WithError(err).Error("the rules that ran last could not be kept; a restart over broken files has to do without them")
	}
	return nil
}
