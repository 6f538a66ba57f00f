package storetest

import (
	"errors"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
)

// old reports whether the delivery is too old to be said.
func (d *modelDelivery) old(now time.Time) bool {
	return !d.plan.Expires.IsZero() && now.After(d.plan.Expires)
}

// paused reports whether a pause holds the model's deliveries back; each of its pauses is of them all.
func (m *model) paused() bool {
	for _, pause := range m.pauses {
		if pause.Until.IsZero() || pause.Until.After(m.now) {
			return true
		}
	}
	return false
}

// free is when the delivery is due and its pauses have ended; zero if one has no end.
func (m *model) free(d *modelDelivery) time.Time {
	free := d.due
	for _, pause := range m.pauses {
		switch {
		case pause.Until.IsZero():
			return time.Time{}
		case pause.Until.After(free):
			free = pause.Until
		}
	}
	return free
}

func (m *model) somePause(t *rapid.T) ledger.Pause {
	return rapid.SampledFrom(allScopes(0)).Draw(t, "of")
}

func (m *model) pause(t *rapid.T) {
	pause := m.somePause(t)
	if seconds := rapid.IntRange(0, 30).Draw(t, "seconds"); seconds > 0 {
		pause.Until = m.now.Add(time.Duration(seconds) * time.Second)
	}
	m.store.pause(pause)
	m.pauses[pause.Scope] = pause
}

func (m *model) resume(t *rapid.T) {
	of := m.somePause(t)
	pause, ok := m.pauses[of.Scope]
	lasts := ok && (pause.Until.IsZero() || pause.Until.After(m.now))
	err := m.store.atDesk().Resume(m.store.Context(), of.Scope, of.Name, m.now)
	if !lasts {
		m.store.equal("not paused", errors.Is(err, ledger.ErrNotPaused), true)
		return
	}
	m.store.must(err)
	delete(m.pauses, of.Scope)
}

// again has a delivery sent again.
func (m *model) again(t *rapid.T) {
	d := m.someDelivery(t)
	if d == nil {
		return
	}
	evenIfSaid := rapid.Bool().Draw(t, "even if said")
	err := m.store.atDesk().SendAgain(m.store.Context(), d.id, evenIfSaid, m.now)
	switch {
	case d.state != ledger.Refused && d.state != ledger.Unknown:
		m.store.equal("not settled", errors.Is(err, ledger.ErrNotSettled), true)
	case d.forgotten:
		m.store.equal("forgotten", errors.Is(err, ledger.ErrForgotten), true)
	case d.old(m.now):
		m.store.equal("too old", errors.Is(err, ledger.ErrExpired), true)
	case d.state == ledger.Unknown && !evenIfSaid:
		m.store.equal("maybe said", errors.Is(err, ledger.ErrMaybeSaid), true)
	case m.paused():
		m.store.equal("paused", errors.As(err, new(*ledger.PausedError)), true)
	default:
		m.store.must(err)
		d.state, d.due, d.accepted = ledger.Planned, m.now, false
	}
}

func (m *model) resolve(t *rapid.T) {
	d := m.someDelivery(t)
	if d == nil {
		return
	}
	state := rapid.SampledFrom([]ledger.State{ledger.Posted, ledger.Refused}).Draw(t, "as")
	err := m.store.atDesk().Resolve(m.store.Context(), d.id, state, "", m.now)
	if d.state != ledger.Unknown {
		m.store.equal("not unknown", errors.Is(err, ledger.ErrNotUnknown), true)
		return
	}
	m.store.must(err)
	if d.state = state; state == ledger.Refused {
		d.began = time.Time{}
	}
}
