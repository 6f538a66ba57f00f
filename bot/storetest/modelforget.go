package storetest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// commenters are who writes the model's events; the first is nobody who is known.
func commenters() []rules.From {
	return []rules.From{{}, {ID: "917", Username: "eve"}, {ID: "918", Username: "mia"}}
}

// commenter is who wrote the event with the key of that number.
func commenter(key int) rules.From { return commenters()[key%len(commenters())] }

// changeBy is a change as Meta sends it.
func changeBy(author rules.From, rank int) []byte {
	return fmt.Appendf(nil, `{"rank":%d,"value":{"from":{"id":%q,"username":%q},"text":"challenge?"}}`, rank, author.ID, author.Username)
}

// factsBy are the facts by which an event is entered.
func factsBy(author rules.From) []byte {
	return fmt.Appendf(nil, `{"kind":"comment","text":"challenge?","from":{"id":%q,"username":%q}}`, author.ID, author.Username)
}

// forget removes a person and compares what was removed. What was said to them, and what was still to be said, counts on.
func (m *model) forget(t *rapid.T) {
	who := rapid.SampledFrom(commenters()[1:]).Draw(t, "who")
	user := rapid.SampledFrom([]string{who.ID, who.Username, "@" + who.Username}).Draw(t, "by")
	try := rapid.IntRange(0, 3).Draw(t, "try") == 0
	var want ledger.Forgotten
	for _, e := range m.events {
		if e.author != who || e.forgotten || e.gone {
			continue
		}
		m.forgetEvent(e, try, &want)
	}
	got, err := m.store.atDesk().Forget(m.store.Context(), user, m.now, try)
	m.store.must(err)
	m.store.equal("forgotten", got, want)
	m.noTexts()
}

func (m *model) forgetEvent(e *modelEvent, try bool, sum *ledger.Forgotten) {
	if !e.decided {
		sum.Open++
		if !try {
			e.decided, e.leased, e.ended, e.forgotten = true, false, m.now, true
		}
		return
	}
	var waiting []*modelDelivery
	deliveries := m.of(e)
	for _, d := range deliveries {
		switch {
		case d.busy(m.now):
			sum.Busy++
			return
		case d.state == ledger.Planned || d.state == ledger.Waiting:
			waiting = append(waiting, d)
		}
	}
	sum.Events++
	sum.Cancelled += len(waiting)
	if try {
		return
	}
	e.forgotten = true
	for _, d := range deliveries {
		d.forgotten, d.plan.Author = true, rules.From{}
	}
	for _, d := range waiting {
		d.state, d.kept = ledger.Cancelled, true
	}
}

// of are the event's deliveries.
func (m *model) of(e *modelEvent) (its []*modelDelivery) {
	for _, d := range m.deliveries {
		if d.seq == e.Seq {
			its = append(its, d)
		}
	}
	return its
}

// busy reports whether something may still happen to the delivery, or be found out about it.
func (d *modelDelivery) busy(now time.Time) bool {
	return d.state == ledger.Sending || d.state == ledger.Unknown && d.ended.After(now.Add(-24*time.Hour))
}

// noTexts looks whether anything tells of who was forgotten.
func (m *model) noTexts() {
	for _, e := range m.events {
		if !e.forgotten || e.gone {
			continue
		}
		record, err := m.store.Record(m.store.Context(), e.Seq)
		m.store.must(err)
		m.store.equal("text and author", record.Event.Text+record.Event.From.ID+record.Event.From.Username, "")
		settled, err := m.store.Deliveries(m.store.Context(), e.Seq)
		m.store.must(err)
		for _, d := range settled {
			m.store.equal("text of a reply", d.Text+d.Author.ID+d.Author.Username+d.Request.Path, "")
		}
	}
}
