package bot

import (
	"context"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/sirupsen/logrus"
)

const (
	// pruneEvery is how often what has grown older than the retention is looked for.
	pruneEvery = time.Hour

	// pruneFirst is how long after the start it is first looked for: the start has other work, but a daemon that is
	// started anew many times a day has to come to it too.
	pruneFirst = 5 * time.Minute

	// prunePause is between two of the small transactions that remove it, so that they take a small part of the store's
	// time, also where there is much to remove.
	prunePause = 50 * time.Millisecond

	// keepAtLeast is for a retention that is shorter. Meta tells of the bot's own replies for up to 36 hours, and an
	// event may be tried for 48: until then the ledger has to know what was said.
	keepAtLeast = 4 * 24 * time.Hour
)

// keepHouse removes now and then what has grown old, until ctx ends.
func (b *Bot) keepHouse(ctx context.Context) {
	if b.Retention <= 0 {
		return
	}
	for wait := pruneFirst; pause(ctx, wait) == nil; wait = pruneEvery {
		if b.mayRemove() {
			b.prune(ctx)
		}
	}
}

// mayRemove reports whether the clock is to be trusted with what is old.
func (b *Bot) mayRemove() bool {
	if b.clock.unset.Load() {
		return false
	}
	ok, news := b.housekeeping.round(b.Now())
	if news {
		b.Log.WithField("rounds", doubtedRounds).
			Warn("the clock is far ahead of what it was; nothing is removed for its age before it has stayed so for a day")
	}
	return ok && b.skew.now().Abs() < skewTooFar
}

func (b *Bot) prune(ctx context.Context) {
	old := ledger.Prune(b.Now(), max(b.Retention, keepAtLeast))
	pruned, err := b.Store.Prune(ctx, old, func(ctx context.Context) error { return pause(ctx, prunePause) })
	if err != nil && ctx.Err() == nil {
		b.Log.WithError(err).Error("what is older than retention can't be removed; it is tried again")
	}
	if pruned.Any() {
		b.Log.WithFields(logrus.Fields{
			"events": pruned.Entries, "deliveries": pruned.Deliveries, "marks": pruned.Marks, "keys": pruned.Keys, "rule_sets": pruned.Sets,
		}).Info("removed what is older than retention")
	}
}

// pause waits, or says that ctx has ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
