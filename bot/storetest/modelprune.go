package storetest

import (
	"context"
	"errors"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// modelRetention is for how long the model's events are kept.
const modelRetention = 3 * time.Hour

// waitLong lets events grow old.
func (m *model) waitLong(t *rapid.T) {
	m.now = m.now.Add(time.Duration(rapid.SampledFrom([]int{1, 2, 4, 25}).Draw(t, "hours")) * time.Hour)
}

// prune removes what has grown old. The store may keep things longer, so the model looks what is gone, whether it might
// go, and whether what lies within retention reads as before. Keys and marks stay: they have no end in the model.
func (m *model) prune(*rapid.T) {
	old := ledger.Prune(m.now, modelRetention)
	before := m.recent(old.Before)
	pruned, err := m.store.Prune(m.store.Context(), old, func(context.Context) error { return nil })
	m.store.must(err)
	var want ledger.Pruned
	for _, e := range m.events {
		if _, err := m.store.Record(m.store.Context(), e.Seq); !e.decided || e.gone || !errors.Is(err, ledger.ErrNoEntry) {
			continue
		}
		e.gone = true
		want.Entries++
		if !e.Received.Before(old.Before) || !e.ended.Before(old.Before) {
			m.store.Errorf("event %d is gone, which came at %v and ended at %v, before %v", e.Seq, e.Received, e.ended, old.Before)
		}
	}
	m.deliveries = slices.DeleteFunc(m.deliveries, func(d *modelDelivery) bool {
		if !m.events[d.seq-1].gone {
			return false
		}
		if !d.state.Ended() || !d.changed.Before(old.Before) {
			m.store.Errorf("delivery %d is gone, %s since %v", d.id, d.state, d.changed)
		}
		want.Deliveries++
		m.gone = append(m.gone, d)
		return true
	})
	m.store.equal("pruned", pruned, want)
	m.store.equal("history within retention", m.recent(old.Before), before)
}

// recent is the history of each author since a time.
func (m *model) recent(since time.Time) (all []rules.History) {
	for _, author := range authors() {
		event := eventOf("")
		event.From = author
		history, err := m.store.History(m.store.Context(), event, 0, since)
		m.store.must(err)
		all = append(all, history)
	}
	return all
}
