package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// likeModel does by chance what callers may do, to a store and to a model of it in plain lists, and compares what they
// say.
func likeModel(t *testing.T, somewhere func(t *testing.T) Place) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{
			store: newFixture(rt, somewhere(t)), now: noon(), pauses: map[ledger.Scope]ledger.Pause{}, seen: map[int64]ledger.State{},
			tokens: map[string]ledger.KeptToken{},
		}
		rt.Repeat(m.actions())
	})
}

// model is what a store should hold.
type model struct {
	store      *fixture
	now        time.Time
	events     []*modelEvent
	deliveries []*modelDelivery
	gone       []*modelDelivery // pruned: their marks are left
	pauses     map[ledger.Scope]ledger.Pause
	tokens     map[string]ledger.KeptToken // by account

	by   ledger.Call // the last
	seen map[int64]ledger.State
}

type modelEvent struct {
	inbox.Item
	due     time.Time
	leased  bool
	until   time.Time // the lease's end
	decided bool
	ended   time.Time // when it was decided
	gone    bool      // pruned

	author    rules.From
	forgotten bool
}

// from is when the event may be claimed.
func (e *modelEvent) from() time.Time {
	if e.leased && e.until.After(e.due) {
		return e.until
	}
	return e.due
}

type modelDelivery struct {
	id, seq  int64
	due      time.Time
	state    ledger.State
	attempts int
	began    time.Time
	entered  time.Time
	plan     ledger.Plan
	changed  time.Time // when it came into its state

	settle  time.Time // when it is looked for; zero: never
	looking bool
	looks   int
	again   bool
	// accepted says that it is never sent again by who looks for it
	accepted bool

	ended     time.Time // as a fate that is unknown
	forgotten bool
	kept      bool // its marks, though it was cancelled: who it was for was forgotten
}

func (m *model) wait(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
}

func (m *model) accept(t *rapid.T) {
	key := rapid.IntRange(0, 9).Draw(t, "key")
	a := inThread(fmt.Sprint("thread ", key%4), fmt.Sprint("event ", key), 0)
	a.Rank, a.Account, a.Media = rapid.IntRange(0, 2).Draw(t, "rank"), fmt.Sprint("account ", key%2), fmt.Sprint("media ", key%3)
	author := commenter(key)
	a.Change, a.Received = changeBy(author, a.Rank), m.now
	accepted := m.store.accept(a)
	i := slices.IndexFunc(m.events, func(e *modelEvent) bool { return e.Key == a.Key })
	if i < 0 {
		m.events = append(m.events, &modelEvent{Item: inbox.Item{Arrival: a, Seq: int64(len(m.events) + 1)}, due: a.Received, author: author})
		m.store.equal("accepted", accepted, inbox.Accepted{New: 1})
		return
	}
	if known := m.events[i]; !known.decided && a.Rank > known.Rank {
		known.Rank, known.Change, known.Facts = a.Rank, a.Change, nil
	}
	m.store.equal("accepted", accepted, inbox.Accepted{Duplicate: 1})
}

// claimable are the oldest open events of the threads: they may be claimed from some time on.
func (m *model) claimable() []*modelEvent {
	var oldest []*modelEvent
	seen := map[string]bool{}
	for _, e := range m.events {
		if !e.decided && !seen[e.Thread] {
			seen[e.Thread] = true
			oldest = append(oldest, e)
		}
	}
	return oldest
}

// claim takes whatever the store gives of what may be claimed: in which order is the matter of likeFair.
func (m *model) claim(t *rapid.T) {
	n := rapid.IntRange(0, 4).Draw(t, "n")
	open := map[int64]*modelEvent{}
	for _, e := range m.claimable() {
		if !e.from().After(m.now) {
			open[e.Seq] = e
		}
	}
	want, got := []inbox.Item{}, append([]inbox.Item{}, m.store.claim(n, m.now)...)
	m.store.equal("so many", len(got), min(n, len(open)))
	for _, item := range got {
		e := open[item.Seq]
		if e == nil {
			m.store.Fatalf("claimed event %d, which may not be claimed, or twice", item.Seq)
		}
		delete(open, item.Seq)
		e.Attempts++
		e.leased, e.until = true, m.now.Add(lease)
		want = append(want, e.Item)
	}
	m.store.equal("claimed", got, want)
}

// someEvent draws one of the events; nil if there is none.
func (m *model) someEvent(t *rapid.T) *modelEvent {
	if len(m.events) == 0 {
		return nil
	}
	return rapid.SampledFrom(m.events).Draw(t, "event")
}

func (m *model) renew(t *rapid.T) {
	if e := m.someEvent(t); e != nil {
		m.store.must(m.store.Renew(m.store.Context(), []int64{e.Seq}, m.now.Add(lease)))
		if e.leased {
			e.until = m.now.Add(lease)
		}
	}
}

func (m *model) retry(t *rapid.T) {
	e := m.someEvent(t)
	if e == nil {
		return
	}
	due := m.now.Add(time.Duration(rapid.IntRange(-5, 60).Draw(t, "wait")) * time.Second)
	facts := rapid.SampledFrom([][]byte{nil, []byte("one"), []byte("two")}).Draw(t, "facts")
	err := m.store.Retry(m.store.Context(), e.Seq, due, facts, "by chance")
	m.store.equal("retried", err == nil, e.leased)
	if !e.leased {
		return
	}
	e.leased, e.due = false, due
	if facts != nil {
		e.Facts = facts
	}
}

func (m *model) release(t *rapid.T) {
	if e := m.someEvent(t); e != nil {
		m.store.must(m.store.Release(m.store.Context(), []int64{e.Seq}))
		if e.leased {
			e.leased = false
			e.Attempts--
		}
	}
}

func (m *model) enter(t *rapid.T) {
	e := m.someEvent(t)
	if e == nil {
		return
	}
	entry := entryOf()
	entry.Now = m.now
	if rapid.Bool().Draw(t, "reply") {
		entry = entryOf(m.somePlans(t, e)...)
		entry.Now = m.now
	}
	entry.Facts = factsBy(e.author)
	deliveries, err := m.store.Enter(m.store.Context(), e.Seq, func(book ledger.Book) (ledger.Entry, error) {
		return entry, m.consult(book)
	})
	if e.gone {
		m.store.equal("entered again", err != nil, true)
		return
	}
	if e.decided {
		m.store.equal("decided", errors.Is(err, ledger.ErrDecided), true)
		return
	}
	m.store.must(err)
	e.decided, e.leased, e.ended = true, false, m.now
	for _, d := range deliveries {
		new := &modelDelivery{id: d.ID, seq: d.Seq, due: d.Due, state: ledger.Planned, entered: m.now, plan: d.Plan}
		switch {
		case d.Approve:
			new.state = ledger.Waiting
		case d.Now:
			new.state, new.attempts, new.began = ledger.Sending, 1, m.now
		}
		m.deliveries = append(m.deliveries, new)
	}
}

func (m *model) take(t *rapid.T) {
	n := rapid.IntRange(0, 3).Draw(t, "n")
	planned := slices.DeleteFunc(slices.Clone(m.deliveries), func(d *modelDelivery) bool {
		return d.state != ledger.Planned || d.due.After(m.now) || m.paused()
	})
	slices.SortFunc(planned, func(a, b *modelDelivery) int {
		if a.notice() != b.notice() { // notifications get what the others leave
			return map[bool]int{false: -1, true: 1}[a.notice()]
		}
		if c := a.due.Compare(b.due); c != 0 {
			return c
		}
		return int(a.id - b.id)
	})
	want, got := [][2]int64{}, [][2]int64{}
	for _, d := range planned[:min(n, len(planned))] {
		d.state, d.began = ledger.Sending, m.now
		d.attempts++
		want = append(want, [2]int64{d.id, int64(d.attempts)})
	}
	for _, d := range m.store.take(n, m.now) {
		got = append(got, [2]int64{d.ID, int64(d.Attempts)})
	}
	m.store.equal("taken", got, want)
}

func (m *model) finish(t *rapid.T) {
	if len(m.deliveries) == 0 {
		return
	}
	d := rapid.SampledFrom(m.deliveries).Draw(t, "delivery")
	state := rapid.SampledFrom([]ledger.State{ledger.Posted, ledger.Refused, ledger.Unknown, ledger.Cancelled, ledger.Planned}).Draw(t, "state")
	fate := ledger.Fate{State: state, At: m.now, Due: m.now.Add(3 * time.Second)}
	if state == ledger.Unknown && rapid.Bool().Draw(t, "for good") {
		fate.Due = time.Time{}
	}
	fate.Accepted = state == ledger.Unknown && !fate.Due.IsZero() && rapid.Bool().Draw(t, "accepted")
	fate.Uncounted = rapid.Bool().Draw(t, "uncounted")
	err := m.store.Finish(m.store.Context(), d.id, fate)
	m.store.equal("finished", err == nil, d.state == ledger.Sending)
	if d.state != ledger.Sending {
		return
	}
	d.state = state
	switch state {
	case ledger.Unknown:
		d.settle, d.looks, d.ended, d.accepted = fate.Due, 0, m.now, fate.Accepted
	case ledger.Planned:
		d.due, d.began = fate.Due, time.Time{}
		if fate.Uncounted {
			d.attempts--
		}
	case ledger.Refused, ledger.Cancelled:
		d.began = time.Time{}
	}
}

func (m *model) recover(*rapid.T) {
	var want ledger.Recovered
	for _, e := range m.events {
		if e.leased {
			e.leased = false
			want.Leases++
		}
	}
	m.endLooks()
	for _, d := range m.deliveries {
		switch {
		case d.state != ledger.Sending:
		case d.repeatable():
			d.state, d.due, d.began = ledger.Planned, m.now, time.Time{}
			want.Again++
		default:
			d.state, d.looks = ledger.Unknown, 0
			d.ended = m.now
			if want.Unknown++; d.public() {
				d.settle = d.began.Add(settleAfter)
			}
		}
	}
	got, err := m.store.Recover(m.store.Context(), m.now, settleAfter)
	m.store.must(err)
	m.store.equal("recovered", got, want)
}

// compare asks the store what may be asked without changing it.
func (m *model) compare(*rapid.T) {
	counts := ledger.Counts{Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}}
	var nextDue time.Time
	for _, e := range m.claimable() {
		if nextDue.IsZero() || e.from().Before(nextDue) {
			nextDue = e.from()
		}
	}
	for _, e := range m.events {
		if !e.decided {
			counts.Open++
		}
	}
	var nextDelivery, nextNotice time.Time
	began := map[sort][]time.Time{}
	for _, d := range m.deliveries {
		counts.Deliveries[d.state]++
		next := &nextDelivery
		if d.notice() {
			next = &nextNotice
		}
		if free := m.free(d); d.state == ledger.Planned && !free.IsZero() && (next.IsZero() || free.Before(*next)) {
			*next = free
		}
		if !d.began.IsZero() {
			of := sort{d.plan.Action, d.plan.Live}
			began[of] = append(began[of], d.began)
		}
	}

	got := m.store.counts()
	got.Verdicts = counts.Verdicts
	m.store.equal("counts", got, counts)
	m.step()
	m.store.nextDue("now", nextDue)
	m.store.nextDelivery("now", nextDelivery)
	m.store.nextNotice("now", nextNotice)
	m.store.nextDoubt("now", m.nextDoubt())
	m.sentTimes(began)
}

// sort is what deliveries are counted by whose account has a cap on them.
type sort struct {
	action string
	live   bool
}

func (m *model) sentTimes(began map[sort][]time.Time) {
	m.store.Helper()
	for _, of := range []sort{{rules.ActionReply, false}, {rules.ActionReply, true}, {rules.ActionPrivateReply, false}, {rules.ActionPrivateReply, true}} {
		want := append([]time.Time{}, began[of]...)
		slices.SortFunc(want, time.Time.Compare)
		got, err := m.store.SentTimes(m.store.Context(), account, of.action, of.live, time.Time{})
		m.store.must(err)
		m.store.equal(fmt.Sprintf("sent times of %+v", of), append([]time.Time{}, got...), want)
	}
}
