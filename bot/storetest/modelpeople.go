package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// hashes are those of the model's marks.
func hashes() []string { return []string{"a", "b", "c"} }

// authors are those whom the model answers.
func authors() []rules.From {
	return []rules.From{{}, {ID: "7", Username: "ada"}, {ID: "7"}, {ID: "8", Username: "ada"}, {Username: "ada"}}
}

// somePlans draws what is planned for an event: a reply, and now and then something else beside it or in its place.
func (m *model) somePlans(t *rapid.T, e *modelEvent) []ledger.Plan {
	var plans []ledger.Plan
	for _, action := range rapid.SampledFrom([][]string{
		{rules.ActionReply}, {rules.ActionReply}, {rules.ActionPrivateReply}, {rules.ActionHide, rules.ActionNotify},
		{rules.ActionReply, rules.ActionPrivateReply, rules.ActionNotify, rules.ActionNotify},
	}).Draw(t, "actions") {
		plans = append(plans, m.somePlan(t, planTo(action, e.Key)))
	}
	return plans
}

// somePlan draws the rest of a plan.
func (m *model) somePlan(t *rapid.T, plan ledger.Plan) ledger.Plan {
	plan.Due, plan.Now = m.now.Add(time.Second), rapid.Bool().Draw(t, "now")
	plan.Approve = rapid.Bool().Draw(t, "approve")
	plan.Live = rapid.Bool().Draw(t, "live")
	plan.Expires = rapid.SampledFrom([]time.Time{{}, m.now, m.now.Add(time.Second), m.now.Add(time.Minute)}).Draw(t, "expires")
	plan.Variant = rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "variant")
	plan.Author = rapid.SampledFrom(authors()).Draw(t, "author")
	for _, hash := range rapid.SliceOfN(rapid.SampledFrom(hashes()), 0, 3).Draw(t, "marks") {
		plan.Marks = append(plan.Marks, ledger.Mark{Hash: hash})
	}
	return plan
}

// public reports whether the delivery is a public reply.
func (d *modelDelivery) public() bool { return d.plan.Action == rules.ActionReply }

func (d *modelDelivery) notice() bool { return d.plan.Action == rules.ActionNotify }

// repeatable reports whether the delivery may be done twice.
func (d *modelDelivery) repeatable() bool { return d.notice() || d.plan.Action == rules.ActionHide }

// dead reports whether the delivery was not said and won't be.
func (d *modelDelivery) dead() bool {
	return d.state == ledger.Refused || d.state == ledger.Cancelled || d.state == ledger.Rejected
}

// said reports whether the delivery was said, as far as is known.
func (d *modelDelivery) said() bool { return d.state == ledger.Posted || d.state == ledger.Unknown }

// bears reports whether the delivery has the mark now.
func (d *modelDelivery) bears(hash string) bool {
	return (!d.dead() || d.kept) && slices.ContainsFunc(d.plan.Marks, func(m ledger.Mark) bool { return m.Hash == hash })
}

// latest are the deliveries that have the property, the last entered first.
func (m *model) latest(has func(*modelDelivery) bool) []*modelDelivery {
	return latestOf(m.deliveries, has)
}

func latestOf(deliveries []*modelDelivery, has func(*modelDelivery) bool) []*modelDelivery {
	found := slices.DeleteFunc(slices.Clone(deliveries), func(d *modelDelivery) bool { return !has(d) })
	slices.SortFunc(found, func(a, b *modelDelivery) int {
		return cmp.Or(b.entered.Compare(a.entered), cmp.Compare(b.id, a.id))
	})
	return found
}

// consult compares what a book says within a transaction; a difference is an error, since the test may not end there.
func (m *model) consult(book ledger.Book) error {
	for _, hash := range hashes() {
		bearers := oneAnEvent(latestOf(slices.Concat(m.deliveries, m.gone), func(d *modelDelivery) bool { return d.bears(hash) }))
		for i := range len(bearers) + 1 {
			var want time.Time
			if i < len(bearers) {
				want = bearers[i].entered
			}
			if got, err := book.Marked(ledger.Mark{Hash: hash}, i+1); err != nil || !got.Equal(want) {
				return fmt.Errorf("mark %q, %d. latest: %v, %w, want %v", hash, i+1, got, err, want)
			}
		}
	}
	variant := ""
	if last := m.latest(func(d *modelDelivery) bool { return d.plan.Variant != "" }); len(last) > 0 {
		variant = last[0].plan.Variant
	}
	if got, err := book.LastVariant(account, "media", "challenge"); err != nil || got != variant {
		return fmt.Errorf("last variant %q, %w, want %q", got, err, variant)
	}
	counted := len(m.latest(func(d *modelDelivery) bool { return d.public() && !d.dead() }))
	if got, err := book.RepliesIn(account, "thread/1", time.Time{}); err != nil || got != counted {
		return fmt.Errorf("replies %d, %w, want %d", got, err, counted)
	}
	return nil
}

// oneAnEvent leaves of an event's deliveries one.
func oneAnEvent(deliveries []*modelDelivery) []*modelDelivery {
	return slices.CompactFunc(deliveries, func(a, b *modelDelivery) bool { return a.seq == b.seq })
}

// waits reports whether the delivery waits and is young enough.
func (m *model) waits(d *modelDelivery) bool {
	return d.state == ledger.Waiting && !d.old(m.now)
}

func (m *model) someDelivery(t *rapid.T) *modelDelivery {
	if len(m.deliveries) == 0 {
		return nil
	}
	return rapid.SampledFrom(m.deliveries).Draw(t, "delivery")
}

func (m *model) approve(t *rapid.T) {
	d := m.someDelivery(t)
	if d == nil {
		return
	}
	err := m.store.atDesk().Approve(m.store.Context(), d.id, "", m.now)
	switch {
	case m.waits(d) && m.paused():
		m.store.equal("paused", errors.As(err, new(*ledger.PausedError)), true)
	case m.waits(d):
		m.store.must(err)
		d.state, d.due = ledger.Planned, m.now
	case d.state == ledger.Waiting:
		m.store.equal("expired", errors.Is(err, ledger.ErrExpired), true)
		d.state = ledger.Cancelled
	default:
		m.store.equal("not waiting", errors.Is(err, ledger.ErrNotWaiting), true)
	}
}

func (m *model) reject(t *rapid.T) {
	d := m.someDelivery(t)
	if d == nil {
		return
	}
	err := m.store.atDesk().Reject(m.store.Context(), d.id, m.now)
	if d.state != ledger.Waiting {
		m.store.equal("not waiting", errors.Is(err, ledger.ErrNotWaiting), true)
		return
	}
	m.store.must(err)
	d.state = ledger.Rejected
}

func (m *model) expire(*rapid.T) {
	want := 0
	for _, d := range m.deliveries {
		if d.state == ledger.Waiting && !m.waits(d) || d.state == ledger.Planned && d.old(m.now) && m.paused() {
			d.state = ledger.Cancelled
			want++
		}
	}
	m.store.expired(m.now, want)
	for scope, pause := range m.pauses {
		if !pause.Until.IsZero() && !pause.Until.After(m.now) {
			delete(m.pauses, scope)
		}
	}
}

func (m *model) pending(*rapid.T) {
	want, got := []int64{}, []int64{}
	for _, d := range m.deliveries {
		if m.waits(d) {
			want = append(want, d.id)
		}
	}
	waiting, err := m.store.atDesk().Pending(m.store.Context(), m.now)
	m.store.must(err)
	for _, d := range waiting {
		got = append(got, d.ID)
	}
	slices.Sort(want) // all were received at one time
	m.store.equal("pending", got, want)
}

func (m *model) history(t *rapid.T) {
	author := rapid.SampledFrom(authors()).Draw(t, "author")
	said, same := m.latest(func(d *modelDelivery) bool { return d.public() && d.said() }), 0
	for _, d := range said {
		if samePerson(author, d.plan.Author) {
			same++
		}
	}
	event := eventOf("")
	event.From = author
	m.store.history(fmt.Sprintf("of %+v", author), event, time.Time{}, same, len(said), len(said))
}

// samePerson is as the design has it: the same id, or the same name where either side has no id.
func samePerson(a, b rules.From) bool {
	if a.ID != "" && b.ID != "" {
		return a.ID == b.ID
	}
	return a.Username != "" && a.Username == b.Username
}
