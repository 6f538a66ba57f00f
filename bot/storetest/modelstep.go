package storetest

import (
	"slices"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
)

// actions are what may happen next; the first is asked after each. Each names the call by which states change.
func (m *model) actions() map[string]func(*rapid.T) {
	actions := map[string]func(*rapid.T){"": m.compare}
	for _, action := range []struct {
		name string
		by   ledger.Call
		do   func(*rapid.T)
	}{
		{"accept", "Accept", m.accept},
		{"claim", "Claim", m.claim},
		{"renew", "Renew", m.renew},
		{"retry", "Retry", m.retry},
		{"release", "Release", m.release},
		{"enter", ledger.CallEnter, m.enter},
		{"approve", ledger.CallApprove, m.approve},
		{"reject", ledger.CallReject, m.reject},
		{"expire", ledger.CallExpire, m.expire},
		{"pending", "Pending", m.pending},
		{"history", "History", m.history},
		{"pause", "Pause", m.pause},
		{"resume", "Resume", m.resume},
		{"again", ledger.CallSendAgain, m.again},
		{"resolve", ledger.CallResolve, m.resolve},
		{"take", ledger.CallTakeDeliveries, m.take},
		{"finish", ledger.CallFinish, m.finish},
		{"look", "TakeDoubts", m.look},
		{"settle", ledger.CallSettle, m.settle},
		{"recover", ledger.CallRecover, m.recover},
		{"keep a token", "KeepToken", m.keepToken},
		{"wait", "", m.wait},
		{"wait long", "", m.waitLong},
		{"prune", "Prune", m.prune},
		{"forget", ledger.CallForget, m.forget},
	} {
		actions[action.name] = func(t *rapid.T) {
			m.by = action.by
			action.do(t)
		}
	}
	return actions
}

// step looks whether each delivery is in the state that it should be in, and whether the last call may have brought it
// there.
func (m *model) step() {
	m.store.Helper()
	if !slices.ContainsFunc(ledger.Steps(), func(step ledger.Step) bool { return step.By == m.by }) {
		return // the counts tell of the others
	}
	for _, d := range m.deliveries {
		settled, err := m.store.Deliveries(m.store.Context(), d.seq)
		m.store.must(err)
		i := slices.IndexFunc(settled, func(s ledger.Settled) bool { return s.ID == d.id })
		if i < 0 {
			m.store.Fatalf("event %d has no delivery %d", d.seq, d.id)
		}
		is, was := settled[i].State, m.seen[d.id]
		m.store.equal("state", is, d.state)
		if is != was && !slices.Contains(ledger.Steps(), ledger.Step{From: was, To: is, By: m.by}) {
			m.store.Errorf("%s brought delivery %d from %q to %q", m.by, d.id, was, is)
		}
		if is != was {
			m.seen[d.id], d.changed = is, m.now
		}
	}
}
