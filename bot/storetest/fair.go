package storetest

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/share"
)

// likeFair lets accounts and media flood a store by chance and claims now and then. Whatever happens, a thread's events
// end in the order in which they came, no account gets more than its share, and nothing that is due starves.
func likeFair(t *testing.T, somewhere func(t *testing.T) Place) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &fair{store: newFixture(rt, somewhere(t)), now: noon(), open: map[int64]*fairEvent{}, ended: map[string]int{}}
		rt.Repeat(map[string]func(*rapid.T){
			"":      func(*rapid.T) {},
			"flood": m.flood,
			"claim": m.claim,
			"end":   m.end,
			"retry": m.retry,
			"wait":  func(*rapid.T) { m.now = m.now.Add(time.Second) },
			"start": m.start,
		})
		m.drain()
	})
}

// fair is what the store should hold.
type fair struct {
	store    *fixture
	now      time.Time
	accepted int
	open     map[int64]*fairEvent
	ended    map[string]int // the number of the event of a thread that ended last
}

type fairEvent struct {
	inbox.Arrival
	number int // in the order of arrival, which is its seq too
	due    time.Time
	leased bool
}

// flood lets some events come in to one media.
func (m *fair) flood(t *rapid.T) {
	account, media := rapid.IntRange(0, 3).Draw(t, "account"), rapid.IntRange(0, 3).Draw(t, "media")
	arrivals := make([]inbox.Arrival, rapid.IntRange(1, 12).Draw(t, "events"))
	for i := range arrivals {
		m.accepted++
		a := onMedia(fmt.Sprint("account ", account), fmt.Sprint("media ", media), fmt.Sprint(m.accepted))
		a.Thread = fmt.Sprint(account, media, rapid.IntRange(0, 20).Draw(t, "thread"))
		a.Received, arrivals[i] = m.now, a
		m.open[int64(m.accepted)] = &fairEvent{Arrival: a, number: m.accepted, due: m.now}
	}
	m.store.accept(arrivals...)
}

// claimable are the events that may be claimed now.
func (m *fair) claimable() map[int64]*fairEvent {
	oldest := map[string]*fairEvent{}
	for _, e := range m.open {
		if o := oldest[e.Thread]; o == nil || e.number < o.number {
			oldest[e.Thread] = e
		}
	}
	claimable := map[int64]*fairEvent{}
	for _, e := range oldest {
		if !e.leased && !e.due.After(m.now) {
			claimable[int64(e.number)] = e
		}
	}
	return claimable
}

func (m *fair) inHand() map[string]int {
	inHand := map[string]int{}
	for _, e := range m.open {
		if e.leased {
			inHand[e.Account]++
		}
	}
	return inHand
}

func (m *fair) claim(t *rapid.T) {
	m.claimFor(share.Room{Most: rapid.IntRange(0, 6).Draw(t, "most"), Each: rapid.IntRange(0, 3).Draw(t, "each"), InHand: m.inHand()})
}

// claimFor claims and checks what it gets.
func (m *fair) claimFor(room share.Room) {
	m.store.Helper()
	claimable := m.claimable()
	items, err := m.store.Claim(m.store.Context(), room, m.now, enough)
	m.store.must(err)
	got, left := map[string]int{}, room
	for _, item := range items {
		e := claimable[item.Seq]
		if e == nil {
			m.store.Fatalf("event %d may not be claimed", item.Seq)
		}
		m.store.equal("media", item.Media, e.Media)
		delete(claimable, item.Seq)
		e.leased = true
		got[item.Account]++
		left = left.Less(item.Account, 1)
	}
	for _, e := range claimable {
		if left.Open(e.Account) {
			m.store.Errorf("%s has event %d left, and there is room for it: %+v", e.Account, e.number, left)
		}
		for account := range got {
			if (room.Each == 0 || left.InHand[e.Account] < room.Each) && left.InHand[account] > left.InHand[e.Account]+1 {
				m.store.Errorf("%s has %d in hand now, and %s with event %d left only %d",
					account, left.InHand[account], e.Account, e.number, left.InHand[e.Account])
			}
		}
	}
}

// some is an event in hand; nil if there is none.
func (m *fair) some(t *rapid.T) *fairEvent {
	var inHand []*fairEvent
	for _, seq := range slices.Sorted(maps.Keys(m.open)) {
		if e := m.open[seq]; e.leased {
			inHand = append(inHand, e)
		}
	}
	if len(inHand) == 0 {
		return nil
	}
	return rapid.SampledFrom(inHand).Draw(t, "event")
}

func (m *fair) end(t *rapid.T) {
	if e := m.some(t); e != nil {
		m.endOne(e)
	}
}

func (m *fair) endOne(e *fairEvent) {
	m.store.Helper()
	m.store.enter(int64(e.number), entryOf())
	if m.ended[e.Thread] > e.number {
		m.store.Errorf("event %d of %s ended after event %d", e.number, e.Thread, m.ended[e.Thread])
	}
	m.ended[e.Thread] = e.number
	delete(m.open, int64(e.number))
}

func (m *fair) retry(t *rapid.T) {
	if e := m.some(t); e != nil {
		e.leased, e.due = false, m.now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "seconds"))*time.Second)
		m.store.must(m.store.Retry(m.store.Context(), int64(e.number), e.due, nil, ""))
	}
}

// start has the store opened by another run.
func (m *fair) start(*rapid.T) {
	m.store.reopen()
	_, err := m.store.Recover(m.store.Context(), m.now, settleAfter)
	m.store.must(err)
	for _, e := range m.open {
		e.leased = false
	}
}

// drain ends what is open, one at a time, while one media is flooded: what waits comes within as many claims as there are
// events and accounts, however much comes in meanwhile.
func (m *fair) drain() {
	m.now = m.now.Add(time.Hour)
	for _, e := range m.open {
		if e.leased {
			m.endOne(e)
		}
	}
	waiting := maps.Clone(m.open)
	most := 4 * (len(waiting) + 4)
	for range most {
		m.accepted++
		a := onMedia("account 0", "flooded", fmt.Sprint(m.accepted))
		a.Received = m.now
		m.open[int64(m.accepted)] = &fairEvent{Arrival: a, number: m.accepted, due: m.now}
		m.store.accept(a)
		m.claimFor(share.Room{Most: 1, InHand: m.inHand()})
		for _, e := range m.open {
			if e.leased {
				delete(waiting, int64(e.number))
				m.endOne(e)
			}
		}
	}
	if len(waiting) > 0 {
		m.store.Errorf("%d events starve after %d claims", len(waiting), most)
	}
}
