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
	leave    func() // the delivery's place
	doubt    *ledger.Doubt
}

func (j job) account() string {
	switch {
	case j.delivery != nil:
		return j.delivery.Account
	case j.doubt != nil:
		return j.doubt.Account
	default:
		return j.item.Account
	}
}

// idle is the longest that the dispatcher waits without looking: the net under a missed wake-up, and the way in which it
// hears of what others put into the store, a person who approves a reply or a replica that plans one.
const idle = 10 * time.Second

// dispatch claims as much as the workers have room for, whenever there may be something, until ctx ends.
func (b *Bot) dispatch(ctx context.Context) {
	for ctx.Err() == nil {
		b.probe(ctx)
		b.beginLook(ctx)
		pause, err := b.round(ctx)
		if ctx.Err() == nil {
			pause = max(pause, b.outage.after(err, b.Now(), b.Log))
		}
		if err != nil && ctx.Err() == nil {
			b.health.refuse(err, b.Now())
		}
		if pause > 0 {
			b.rest(ctx, pause)
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
	b.expireInTime(ctx)
	if elapsed(b.heeded.at, b.Now(), heedEvery) {
		b.heed(ctx)
	}
}

// fetch claims once, and says how long there is nothing more to claim.
func (b *Bot) fetch(ctx context.Context) (time.Duration, error) {
	// Said before it is looked for, so that a worker who makes room meanwhile wakes the dispatcher.
	b.short.Store(true)
	nextNotice, err := b.fetchNotices(ctx)
	if err != nil {
		return 0, err
	}
	room := b.lines.room(b.Workers)
	crowded := room.Each > 0
	if crowded && len(b.Accounts) < 2 {
		return idle, nil
	}
	if err := b.resume(ctx); err != nil {
		return 0, err
	}
	b.odd = !b.odd
	part := half(room.Most, b.odd)
	left, next, err := b.fetchDeliveries(ctx, room, part)
	if err != nil {
		return 0, err
	}
	full := room.Most-left.Most == part && !next.IsZero() && !next.After(b.Now()) // and more may be due
	left, nextDoubt, err := b.fetchDoubts(ctx, left)
	if err != nil {
		return 0, err
	}
	next = earlier(next, nextDoubt)
	items, err := b.Store.Claim(ctx, left, b.Now(), lease)
	if err != nil {
		return 0, err
	}
	for i := range items {
		if b.held.add(items[i].Seq) {
			b.lines.put(job{item: &items[i]})
		}
	}
	switch {
	case crowded:
		return crowd, nil
	case full || len(items) == left.Most:
		return 0, nil
	}
	// All that was due was claimed: a worker's end changes nothing, unless a delivery waits for a place to send, or
	// to be looked for.
	b.short.Store(!next.IsZero() && !next.After(b.Now()))
	if len(items) > 0 {
		return settling, nil
	}
	return b.untilNext(ctx, earlier(next, nextNotice))
}

// crowd is how long what falls due of an account that has nothing in hand may go unnoticed while others keep all
// workers busy. What comes in is noticed at once.
const crowd = time.Second

// half is the part of the room that deliveries get, and looks of the rest: no kind of work stands before all others. The
// odd one is theirs or not.
func half(room int, odd bool) int {
	if odd {
		room++
	}
	return room / 2
}

// settling is the pause after a claim that took all that was due. What comes in or is freed meanwhile wakes the
// dispatcher; only if nothing does it asks the store what is due next.
const settling = 50 * time.Millisecond

// fetchDeliveries takes due deliveries, as many as there are places to send them, up to a part of the room. It says
// what of the room is left, and when the next one is due.
func (b *Bot) fetchDeliveries(ctx context.Context, room share.Room, most int) (left share.Room, next time.Time, err error) {
	if b.Mode == rules.Shadow {
		return room, time.Time{}, nil // what a former run planned waits until the bot speaks again
	}
	now := b.Now()
	if next, err = b.planned.next(ctx, b.Store.NextDelivery, b.calm.written, now); err != nil || next.IsZero() || next.After(now) {
		return room, next, err
	}
	part := room
	part.Most = most
	var leave []func()
	if part.Each == 0 {
		leave = b.places.tryLater(part.Most)
	}
	if len(leave) == 0 {
		part.Each, leave = 1, b.places.trySpare(part.Most)
	}
	if len(leave) == 0 {
		return room, next, nil
	}
	b.planned.changed()
	part.Most = len(leave)
	deliveries, err := b.Store.TakeDeliveries(ctx, part, now)
	for _, leave := range leave[len(deliveries):] {
		leave()
	}
	for i := range deliveries {
		room = room.Less(deliveries[i].Account, 1)
		b.lines.put(job{delivery: &deliveries[i], leave: leave[i]})
	}
	return room, next, err
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
	b.calmDown(due)
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

// expireInTime does so by a time that is no leap from the last look at the clock: one that has leapt just now is for the
// next look to doubt.
func (b *Bot) expireInTime(ctx context.Context) {
	now := b.Now()
	if elapsed(b.expired, now, expireEvery) && now.Sub(b.clock.seen) < leapFrom && b.mayExpire() {
		b.expire(ctx, now)
	}
}

// expire ends the waiting of replies that nobody has approved in time, or that a pause holds back.
func (b *Bot) expire(ctx context.Context, now time.Time) {
	b.expired = now
	n, err := b.Store.Expire(ctx, b.expired)
	if err != nil && ctx.Err() == nil {
		b.Log.WithError(err).Error("replies that waited too long can't be ended; it is tried again")
	}
	if n > 0 {
		b.Log.WithField("replies", n).Info("replies that waited for approval, or for the end of a pause, have expired")
	}
	for range n {
		b.Observe.Delivered("", string(ledger.Cancelled))
	}
}

// await waits, and reports whether nobody has ended the wait before its time.
func (b *Bot) await(ctx context.Context, pause time.Duration) (undisturbed bool) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
		return true
	case <-b.Store.Arrived():
	case <-b.wake:
	}
	return false
}

// work does jobs until there are none any more for this worker.
func (b *Bot) work(ctx context.Context, next func() (job, bool)) {
	for j, ok := next(); ok; j, ok = next() {
		switch {
		case j.delivery != nil:
			b.sendLater(ctx, *j.delivery, j.leave)
		case j.doubt != nil:
			b.look(ctx, *j.doubt)
		default:
			b.attempt(ctx, j.item)
			b.letGo(ctx, j.item)
		}
		b.lines.done(j)
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
	stale   atomic.Bool
	asked   time.Time
	written written // before it was asked
	due     time.Time
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
func (p *planned) next(ctx context.Context, ask func(context.Context) (time.Time, error), last written, now time.Time) (time.Time, error) {
	if !p.stale.Swap(false) && !p.asked.IsZero() && !elapsed(p.asked, now, idle) {
		return p.due, nil
	}
	due, err := ask(ctx)
	if err != nil {
		p.changed()
		return time.Time{}, err
	}
	p.asked, p.written, p.due = now, last, due
	return due, nil
}
