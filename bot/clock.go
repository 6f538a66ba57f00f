package bot

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

const (
	// setBackFrom is from what on the clock counts as having been set back. By less, things wait that much longer.
	setBackFrom = 10 * time.Second

	// leapFrom is from what on between two looks of the dispatcher, which never waits for long, the clock or the whole
	// machine must have skipped time.
	leapFrom = 5 * time.Minute
)

// clock is what the dispatcher has seen of the clock.
type clock struct {
	seen     time.Time    // the latest
	read     atomic.Int64 // the latest that anybody has, in milliseconds
	lookFrom time.Time    // before it no unknown fate is looked for
	unset    atomic.Bool
	leapt    time.Time // the last leap ahead that nothing has borne out since; zero: none
}

// stepped reports whether the clock or the machine skipped time since it was seen.
func (c *clock) stepped(now time.Time) bool {
	step := now.Sub(c.seen)
	if step <= -setBackFrom || step >= leapFrom || c.ahead(now) >= setBackFrom {
		return true
	}
	if step > 0 {
		c.seen = now
	}
	return false
}

// watch has every reading of a clock noted: between two looks of the dispatcher it may leap and be put right.
func (c *clock) watch(now func() time.Time) func() time.Time {
	return func() time.Time {
		at := now()
		c.note(at)
		return at
	}
}

// note takes what somebody has read.
func (c *clock) note(at time.Time) {
	millis := at.UnixMilli()
	for {
		read := c.read.Load()
		if millis <= read || c.read.CompareAndSwap(read, millis) {
			return
		}
	}
}

// ahead is by how much the latest that anybody has read was later.
func (c *clock) ahead(now time.Time) time.Duration { return time.UnixMilli(c.read.Load()).Sub(now) }

// elapsed reports whether so much time has passed since; after a clock that was set back it has.
func elapsed(since, now time.Time, d time.Duration) bool {
	return now.Sub(since) >= d || now.Before(since)
}

// takeOver learns what the former run left, and puts right what it wrote with a clock that has been set back since.
func (b *Bot) takeOver(ctx context.Context) error {
	now := b.Now()
	latest, err := b.Store.Latest(ctx)
	if err != nil {
		return fmt.Errorf("when something last happened: %w", err)
	}
	if latest.Sub(now) >= setBackFrom {
		if err := b.setBack(ctx, now, latest.Sub(now)); err != nil {
			return err
		}
	}
	queued, err := b.Store.NextDelivery(ctx)
	if err != nil {
		return fmt.Errorf("replies that wait: %w", err)
	}
	for _, a := range b.Accounts {
		sent, err := b.Store.SentTimes(ctx, a.ID, rules.ActionReply, false, now.Add(-time.Hour))
		if err != nil {
			return fmt.Errorf("replies of account %s in the last hour: %w", a.ID, err)
		}
		b.pace.Add(a.ID, a.PerHour, sent)
		messaged, err := b.Store.SentTimes(ctx, a.ID, rules.ActionPrivateReply, false, now.Add(-time.Hour))
		if err != nil {
			return fmt.Errorf("private replies of account %s in the last hour: %w", a.ID, err)
		}
		live, err := b.Store.SentTimes(ctx, a.ID, rules.ActionPrivateReply, true, now.Add(-time.Second))
		if err != nil {
			return fmt.Errorf("private replies of account %s to live comments in the last second: %w", a.ID, err)
		}
		b.pace.Messaged(a.ID, messaged, live)
		b.resumed.add(a.ID) // why its queue waited isn't known any more
		if !queued.IsZero() {
			b.pace.Careful(a.ID)
		}
	}
	b.housekeeping.begin(latest, now)
	b.clock.seen = now
	if !latest.IsZero() && now.Sub(latest) > farAhead {
		b.leaptAhead(now)
	}
	return nil
}

// setBack has nothing wait for as long as the clock was set back by.
func (b *Bot) setBack(ctx context.Context, now time.Time, by time.Duration) error {
	b.Log.WithFields(logrus.Fields{"by": by.Round(time.Second).String(), "now": now.UTC().Format(time.RFC3339)}).
		Warn("the clock was set back; what is later than now is taken to be of now, and nothing waits longer for it")
	if err := b.Store.SetBack(ctx, now, by); err != nil {
		return fmt.Errorf("the clock was set back: %w", err)
	}
	b.pace.SetBack(now, by)
	b.planned.changed()
	b.noticed.changed()
	b.skipped(now)
	if !b.clock.leapt.IsZero() {
		b.leaptAhead(now) // it may have been set back by a part of it only
	}
	return nil
}

// skipped says that the clock can't tell how long ago a reply was sent. Meta may not show yet what was just said, so
// that it is not looked for before it surely would have been time.
func (b *Bot) skipped(now time.Time) {
	b.doubted.changed()
	b.clock.lookFrom = now.Add(b.SettleAfter)
}

// unset reports, and tells once, that the clock was never set.
func (b *Bot) unset(now time.Time) bool {
	if !now.Before(b.NotBefore) {
		return false
	}
	if !b.clock.unset.Swap(true) {
		b.Log.WithField("now", now.UTC().Format(time.RFC3339)).
			Error("the clock is surely wrong; what comes in is stored, and nothing is decided or said until it is set")
	}
	return true
}

// inTime looks at the clock, and reports whether it can be worked by.
func (b *Bot) inTime(ctx context.Context) (bool, error) {
	now := b.Now()
	if b.unset(now) {
		return false, nil
	}
	if b.clock.unset.Load() {
		if err := b.takeOver(ctx); err != nil {
			return false, err
		}
		b.clock.unset.Store(false)
		b.Log.WithField("now", now.UTC().Format(time.RFC3339)).Info("the clock is set; the work begins")
	}
	back := max(b.clock.seen.Sub(now), b.clock.ahead(now))
	switch step := now.Sub(b.clock.seen); {
	case back >= setBackFrom:
		if err := b.setBack(ctx, now, back); err != nil {
			return false, err
		}
		b.clock.seen = now
		b.clock.read.Store(now.UnixMilli())
	case step >= leapFrom:
		b.Log.WithField("by", step.Round(time.Second).String()).Info("the machine slept, or its clock was set forward")
		b.skipped(now)
		b.leaptAhead(now)
	}
	if now.After(b.clock.seen) {
		b.clock.seen = now
	}
	return true, nil
}
