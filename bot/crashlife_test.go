package bot_test

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// life is what a bot sees of store and platform until it dies: nothing that it asks for later reaches them. It embeds
// neither, so that a method that is new has to be thought about here.
type life struct {
	store bot.Store
	graph bot.Graph
	story *story

	mu      sync.Mutex
	crossed map[string]int // how often each boundary was
	doom    string         // the crossing at which it dies, as "after Enter 2"
	dead    bool
	died    chan struct{}
}

var (
	_ bot.Store = (*life)(nil)
	_ bot.Graph = (*life)(nil)
)

func newLife(store bot.Store, graph bot.Graph, story *story, doom string) *life {
	return &life{store: store, graph: graph, story: story, doom: doom, crossed: map[string]int{}, died: make(chan struct{})}
}

// boundaries are those between two steps: where a process may die with another outcome than at the one before. A poll
// that finds nothing changes nothing, and before one that does it is as after the write before it.
func boundaries() []string {
	var all []string
	for _, call := range []string{
		"Accept", "Retry", "Settle", "Enter", "Finish", "Hasten", "Recover",
		"MentionedMedia", "Write", "Replies", "MentionedThread",
	} {
		all = append(all, "before "+call, "after "+call)
	}
	for _, poll := range []string{"Claim", "TakeDoubts", "TakeDeliveries", "Expire", "Reopen"} {
		all = append(all, "after "+poll)
	}
	return all
}

// aside are boundaries that no event of the scenarios comes by, with the reason.
func aside() map[string]string {
	return map[string]string{
		"Renew":            "takes a call of ten seconds, and only puts off when others may claim",
		"Release":          "a stop's, or of an event that is replaced while in work: it gives back what a start takes back as well",
		"TakeNotices":      "is of what may be done twice: whoever takes over does it again",
		"Prune":            "is hours away from what happens to an event",
		"SetBack":          "follows a clock that was set back, and puts no step of a delivery in another order",
		"Activate":         "is the daemon's, before the bot is there",
		"Comment":          "reads as MentionedMedia does",
		"Media":            "reads as MentionedMedia does",
		"MentionedComment": "reads as MentionedMedia does",
	}
}

// cross passes a boundary, or dies there.
func (l *life) cross(boundary string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return errDead
	}
	l.crossed[boundary]++
	if fmt.Sprint(boundary, " ", l.crossed[boundary]) == l.doom {
		l.dead = true
		close(l.died)
		return errDead
	}
	return nil
}

// alive is for what is no boundary.
func (l *life) alive() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.dead {
		return errDead
	}
	return nil
}

// step makes a call between two boundaries.
func step[T any](l *life, name string, call func() (T, error)) (T, error) {
	var none T
	if err := l.cross("before " + name); err != nil {
		return none, err
	}
	got, err := call()
	if dead := l.cross("after " + name); dead != nil {
		return none, dead // it is done, and nobody hears of it
	}
	return got, err
}

func stepOnly(l *life, name string, call func() error) error {
	_, err := step(l, name, func() (struct{}, error) { return struct{}{}, call() })
	return err
}

// poll makes a call that counts as a step where it did something, or for the first time.
func poll[T any](l *life, name string, call func() (T, error), did func(T) bool) (T, error) {
	var none T
	if err := l.alive(); err != nil {
		return none, err
	}
	got, err := call()
	if did(got) || l.first(name) {
		if dead := l.cross("after " + name); dead != nil {
			return none, dead
		}
	}
	return got, err
}

func (l *life) first(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.crossed["after "+name] == 0
}

func ask[T any](l *life, call func() (T, error)) (T, error) {
	if err := l.alive(); err != nil {
		var none T
		return none, err
	}
	return call()
}

func some[T any](list []T) bool { return len(list) > 0 }

func positive(n int) bool { return n > 0 }

func (l *life) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	return step(l, "Accept", func() (inbox.Accepted, error) { return l.store.Accept(ctx, arrivals) })
}

func (l *life) Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	return poll(l, "Claim", func() ([]inbox.Item, error) { return l.store.Claim(ctx, room, now, lease) }, some)
}

func (l *life) Renew(ctx context.Context, seqs []int64, until time.Time) error {
	return stepOnly(l, "Renew", func() error { return l.store.Renew(ctx, seqs, until) })
}

func (l *life) Retry(ctx context.Context, seq int64, due time.Time, facts []byte, reason string) error {
	return stepOnly(l, "Retry", func() error { return l.store.Retry(ctx, seq, due, facts, reason) })
}

func (l *life) Release(ctx context.Context, seqs []int64) error {
	return stepOnly(l, "Release", func() error { return l.store.Release(ctx, seqs) })
}

func (l *life) NextDue(ctx context.Context) (time.Time, error) {
	return ask(l, func() (time.Time, error) { return l.store.NextDue(ctx) })
}

func (l *life) Arrived() <-chan struct{} { return l.store.Arrived() }

func (l *life) Version(ctx context.Context) (int64, error) {
	return ask(l, func() (int64, error) { return l.store.Version(ctx) })
}

func (l *life) Probe(ctx context.Context) error { return l.alive() }

func (l *life) Latest(ctx context.Context) (time.Time, error) {
	return ask(l, func() (time.Time, error) { return l.store.Latest(ctx) })
}

func (l *life) SetBack(ctx context.Context, now time.Time, by time.Duration) error {
	return stepOnly(l, "SetBack", func() error { return l.store.SetBack(ctx, now, by) })
}

func (l *life) TakeDoubts(ctx context.Context, room share.Room, now, until time.Time) ([]ledger.Doubt, error) {
	return poll(l, "TakeDoubts", func() ([]ledger.Doubt, error) { return l.store.TakeDoubts(ctx, room, now, until) }, some)
}

func (l *life) NextDoubt(ctx context.Context) (time.Time, error) {
	return ask(l, func() (time.Time, error) { return l.store.NextDoubt(ctx) })
}

func (l *life) Settle(ctx context.Context, d ledger.Doubt, fate ledger.Fate) error {
	return stepOnly(l, "Settle", func() error { return l.store.Settle(ctx, d, fate) })
}

func (l *life) SentIDs(ctx context.Context, account string, ids []string) (map[string]bool, error) {
	return ask(l, func() (map[string]bool, error) { return l.store.SentIDs(ctx, account, ids) })
}

func (l *life) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	return step(l, "Enter", func() ([]ledger.Delivery, error) { return l.store.Enter(ctx, seq, conclude) })
}

func (l *life) TakeDeliveries(ctx context.Context, room share.Room, now time.Time) ([]ledger.Delivery, error) {
	return poll(l, "TakeDeliveries", func() ([]ledger.Delivery, error) { return l.store.TakeDeliveries(ctx, room, now) }, some)
}

func (l *life) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	return stepOnly(l, "Finish", func() error {
		err := l.store.Finish(ctx, id, fate)
		if err == nil && fate.State == ledger.Planned {
			l.story.tell("unsent", fmt.Sprint("delivery ", id))
		}
		return err
	})
}

func (l *life) TakeNotices(ctx context.Context, room share.Room, now time.Time) ([]ledger.Delivery, error) {
	return poll(l, "TakeNotices", func() ([]ledger.Delivery, error) { return l.store.TakeNotices(ctx, room, now) }, some)
}

func (l *life) NextNotice(ctx context.Context) (time.Time, error) {
	return ask(l, func() (time.Time, error) { return l.store.NextNotice(ctx) })
}

func (l *life) SentTimes(ctx context.Context, account, action string, live bool, since time.Time) ([]time.Time, error) {
	return ask(l, func() ([]time.Time, error) { return l.store.SentTimes(ctx, account, action, live, since) })
}

func (l *life) NextDelivery(ctx context.Context) (time.Time, error) {
	return ask(l, func() (time.Time, error) { return l.store.NextDelivery(ctx) })
}

func (l *life) Hasten(ctx context.Context, account string, now time.Time, settleAfter time.Duration) error {
	return stepOnly(l, "Hasten", func() error { return l.store.Hasten(ctx, account, now, settleAfter) })
}

func (l *life) Judged(ctx context.Context, seq int64) (event rules.Event, at time.Time, err error) {
	event, err = ask(l, func() (e rules.Event, err error) {
		e, at, err = l.store.Judged(ctx, seq)
		return e, err
	})
	return event, at, err
}

func (l *life) History(ctx context.Context, event *rules.Event, seq int64, since time.Time) (rules.History, error) {
	return ask(l, func() (rules.History, error) { return l.store.History(ctx, event, seq, since) })
}

func (l *life) Expire(ctx context.Context, now time.Time) (int, error) {
	return poll(l, "Expire", func() (int, error) { return l.store.Expire(ctx, now) }, positive)
}

func (l *life) Reopen(ctx context.Context, now time.Time) (int, error) {
	return poll(l, "Reopen", func() (int, error) { return l.store.Reopen(ctx, now) }, positive)
}

func (l *life) Pauses(ctx context.Context, now time.Time) ([]ledger.Holding, error) {
	return ask(l, func() ([]ledger.Holding, error) { return l.store.Pauses(ctx, now) })
}

func (l *life) Prune(ctx context.Context, old ledger.Pruning, pause func(context.Context) error) (ledger.Pruned, error) {
	return step(l, "Prune", func() (ledger.Pruned, error) { return l.store.Prune(ctx, old, pause) })
}

func (l *life) Recover(ctx context.Context, now time.Time, settleAfter time.Duration) (ledger.Recovered, error) {
	return step(l, "Recover", func() (ledger.Recovered, error) { return l.store.Recover(ctx, now, settleAfter) })
}

func (l *life) Activate(ctx context.Context, revision string, source []byte, now time.Time) error {
	return stepOnly(l, "Activate", func() error { return l.store.Activate(ctx, revision, source, now) })
}

func (l *life) LastSet(ctx context.Context) (string, []byte, error) {
	if err := l.alive(); err != nil {
		return "", nil, err
	}
	return l.store.LastSet(ctx)
}
