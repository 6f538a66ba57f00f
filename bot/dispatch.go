package bot

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// job is one thing for a worker: an event to judge, a delivery to send that holds a place in sending, or one whose fate
// is unknown to look for.
type job struct {
	item     *inbox.Item
	delivery *ledger.Delivery
	doubt    *ledger.Doubt
}

// idle is the longest that the dispatcher waits without looking: the net under a missed wake-up, and the way in which it
// hears of what others put into the store, a person who approves a reply or a replica that plans one.
const idle = 10 * time.Second

// dispatch claims as much as the workers have room for, whenever there may be something, until ctx ends.
func (b *Bot) dispatch(ctx context.Context) {
	for ctx.Err() == nil {
		b.probe(ctx)
		pause, err := b.round(ctx)
		if ctx.Err() == nil {
			pause = max(pause, b.outage.after(err, b.Now(), b.Log))
		}
		if err != nil && ctx.Err() == nil {
			b.health.refuse(err, b.Now())
		}
		if pause > 0 {
			b.await(ctx, pause)
		}
	}
}

// round does once what there is to do, and says how long there is nothing more.
func (b *Bot) round(ctx context.Context) (time.Duration, error) {
	if ok, err := b.inTime(ctx); !ok || err != nil {
		return idle, err
	}
	if !b.outage.lasts() {
		b.lookAfter(ctx)
	}
	return b.fetch(ctx)
}

// lookAfter does what is to be done now and then.
func (b *Bot) lookAfter(ctx context.Context) {
	if elapsed(b.expired, b.Now(), expireEvery) {
		b.expire(ctx)
	}
	if elapsed(b.heeded.at, b.Now(), heedEvery) {
		b.heed(ctx)
	}
}

// fetch claims once, and says how long there is nothing more to claim.
func (b *Bot) fetch(ctx context.Context) (time.Duration, error) {
	// Said before it is looked for, so that a worker who makes room meanwhile wakes the dispatcher.
	b.short.Store(true)
	room := cap(b.queue) - len(b.queue)
	if room == 0 {
		return idle, nil
	}
	if err := b.resume(ctx); err != nil {
		return 0, err
	}
	taken, next, err := b.fetchDeliveries(ctx, room)
	if err != nil || taken == room {
		return 0, err
	}
	room -= taken
	looks, nextDoubt, err := b.fetchDoubts(ctx, room)
	if err != nil || looks == room {
		return 0, err
	}
	next, room = earlier(next, nextDoubt), room-looks
	items, err := b.Store.Claim(ctx, share.Of(room), b.Now(), lease)
	if err != nil {
		return 0, err
	}
	for i := range items {
		if b.held.add(items[i].Seq) {
			b.queue <- job{item: &items[i]}
		}
	}
	if len(items) == room {
		return 0, nil
	}
	// All that was due was claimed: a worker's end changes nothing, unless a delivery waits for a place to send, or
	// to be looked for.
	b.short.Store(!next.IsZero() && !next.After(b.Now()))
	if len(items) > 0 {
		return settling, nil
	}
	return b.untilNext(ctx, next)
}

// settling is the pause after a claim that took all that was due. What comes in or is freed meanwhile wakes the
// dispatcher; only if nothing does it asks the store what is due next.
const settling = 50 * time.Millisecond

// fetchDeliveries takes as many due deliveries as there are places to send them, and says when the next one is due.
func (b *Bot) fetchDeliveries(ctx context.Context, room int) (taken int, next time.Time, err error) {
	if b.Mode == rules.Shadow {
		return 0, time.Time{}, nil // what a former run planned waits until the bot speaks again
	}
	now := b.Now()
	if next, err = b.planned.next(ctx, b.Store.NextDelivery, now); err != nil || next.IsZero() || next.After(now) {
		return 0, next, err
	}
	places := 0
	for places < room && b.places.tryLater() {
		places++
	}
	if places == 0 {
		return 0, next, nil
	}
	b.planned.changed()
	deliveries, err := b.Store.TakeDeliveries(ctx, share.Of(places), now)
	for range places - len(deliveries) {
		b.places.leaveLater()
	}
	for i := range deliveries {
		b.queue <- job{delivery: &deliveries[i]}
	}
	return len(deliveries), next, err
}

// untilNext is the time until something that waits falls due.
func (b *Bot) untilNext(ctx context.Context, delivery time.Time) (time.Duration, error) {
	due, err := b.Store.NextDue(ctx)
	if err != nil {
		return 0, err
	}
	if due.IsZero() || !delivery.IsZero() && delivery.Before(due) {
		due = delivery
	}
	now := b.Now()
	pause := b.planned.fresh(now)
	if !due.IsZero() {
		pause = min(pause, due.Sub(now))
	}
	// What is due already and wasn't claimed waits for a place to send: a job's end wakes us.
	return max(pause, settling), nil
}

// expireEvery is how often what waits for a person's approval is looked through for what has grown too old. It matters
// little when that is noted: nothing that is too old can be approved.
const expireEvery = time.Minute

// expire ends the waiting of replies that nobody has approved in time, or that a pause holds back.
func (b *Bot) expire(ctx context.Context) {
	b.expired = b.Now()
	n, err := b.Store.Expire(ctx, b.expired)
	if err != nil && ctx.Err() == nil {
		b.Log.WithError(err).Error("replies that waited too long can't be ended; it is tried again")
	}
	if n > 0 {
		b.Log.WithField("replies", n).Info("replies that waited for approval, or for the end of a pause, have expired")
	}
	for range n {
		b.Observe.Delivered(string(ledger.Cancelled))
	}
}

func (b *Bot) await(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-b.Store.Arrived():
	case <-b.wake:
	}
}

// work does jobs until there are none any more and never will be.
func (b *Bot) work(ctx context.Context) {
	for j := range b.queue {
		switch {
		case j.delivery != nil:
			b.sendLater(ctx, *j.delivery)
		case j.doubt != nil:
			b.look(ctx, *j.doubt)
		default:
			b.attempt(ctx, j.item)
			b.letGo(ctx, j.item)
		}
		if b.short.Load() {
			b.nudge()
		}
	}
}

// nudge has the dispatcher look again.
func (b *Bot) nudge() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// plannedLater notes that something waits now for a time of which the dispatcher doesn't know.
func (b *Bot) plannedLater() {
	b.planned.changed()
	b.nudge()
}

// renew keeps the leases of events in hand until ctx ends.
func (b *Bot) renew(ctx context.Context) {
	ticker := time.NewTicker(lease / 3)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		seqs := b.held.all()
		if len(seqs) == 0 {
			continue
		}
		if err := b.Store.Renew(ctx, seqs, b.Now().Add(lease)); err != nil && ctx.Err() == nil {
			b.Log.WithError(err).Warn("leases can't be renewed")
		}
	}
}

// letGo ends the work on an item. One that was claimed again meanwhile, since the clock leapt past the end of its lease
// or its attempt had ended already, is given back.
func (b *Bot) letGo(ctx context.Context, item *inbox.Item) {
	if again := b.held.remove(item.Seq); again {
		b.settle(item, b.Store.Release(context.WithoutCancel(ctx), []int64{item.Seq}))
		b.nudge()
	}
}

// held are the events in hand, whose leases are renewed, and whether each was claimed again meanwhile.
type held struct {
	mu   sync.Mutex
	seqs map[int64]bool
}

// add takes an event in hand; false if it was already.
func (h *held) add(seq int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, again := h.seqs[seq]
	h.seqs[seq] = again
	return !again
}

func (h *held) remove(seq int64) (again bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	again = h.seqs[seq]
	delete(h.seqs, seq)
	return again
}

func (h *held) all() []int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	seqs := make([]int64, 0, len(h.seqs))
	for seq := range h.seqs {
		seqs = append(seqs, seq)
	}
	slices.Sort(seqs)
	return seqs
}

// planned remembers when the next planned delivery is due, so that the store is asked only when that may have changed:
// most replies are sent at once and never wait.
type planned struct {
	stale atomic.Bool
	asked time.Time
	due   time.Time
}

func (p *planned) changed() { p.stale.Store(true) }

// fresh is how long the dispatcher may go by what it knows before it asks unbidden.
func (p *planned) fresh(now time.Time) time.Duration {
	if p.asked.IsZero() {
		return idle // nobody asks: the bot is in shadow
	}
	return min(p.asked.Add(idle).Sub(now), idle)
}

// next is called by the dispatcher alone. Once in a while it asks unbidden: replicas plan deliveries too, and people
// approve them.
func (p *planned) next(ctx context.Context, ask func(context.Context) (time.Time, error), now time.Time) (time.Time, error) {
	if !p.stale.Swap(false) && !p.asked.IsZero() && !elapsed(p.asked, now, idle) {
		return p.due, nil
	}
	due, err := ask(ctx)
	if err != nil {
		p.changed()
		return time.Time{}, err
	}
	p.asked, p.due = now, due
	return due, nil
}
