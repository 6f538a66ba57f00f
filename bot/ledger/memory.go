package ledger

import (
	"slices"
	"time"

	"github.com/answerback/answerback/rules"
)

// Memory is a ledger for trying rules out: events are entered one after the other, as a daemon would that posts each
// reply at once and without fail, and where nobody approves anything. The zero Memory is empty and ready. It is for one
// goroutine; the times given to it should not run backwards.
type Memory struct {
	decided map[string]bool // by the event's id
	said    []said          // in the order in which it was entered
}

var _ Book = (*Memory)(nil)

// said is a plan and what became of it.
type said struct {
	Plan
	event string
	at    time.Time
	state State // Posted; Waiting, which may become Cancelled
}

// Enter concludes the event with the same code as a daemon and keeps what it plans: a reply as posted now, one that
// waits for approval as waiting until it expires. It fails with ErrDecided if an event with the same id was entered
// before. The event bears its history already, if rules read it: see [Memory.History].
func (m *Memory) Enter(event *rules.Event, decision rules.Decision, now time.Time, terms Terms) (Record, error) {
	if m.decided[event.ID] {
		return Record{}, ErrDecided
	}
	m.expire(now)
	record, err := Conclude(event, decision, now, terms, m)
	if err != nil {
		return Record{}, err
	}
	plans, err := Plans(&record, decision, now, now)
	if err != nil {
		return Record{}, err
	}
	for _, plan := range plans {
		state := Posted
		if plan.Approve {
			state = Waiting
		}
		m.said = append(m.said, said{Plan: plan, event: event.ID, at: now, state: state})
	}
	if m.decided == nil {
		m.decided = map[string]bool{}
	}
	m.decided[event.ID] = true
	return record, nil
}

// Decided reports whether an event with the id was entered.
func (m *Memory) Decided(id string) bool { return m.decided[id] }

// History is what rules may read of the past when they judge the event: what was posted for others. A memory forgets
// nothing, whatever the configured retention.
func (m *Memory) History(event *rules.Event) rules.History {
	var history rules.History
	conversation, _ := Conversation(event)
	for _, s := range m.said {
		if s.Account != event.Account.ID || s.Action != rules.ActionReply || s.state != Posted || s.event == event.ID {
			continue
		}
		if sameUser(s.Author, event.From) {
			history.UserReplies++
		}
		if s.Media == event.Media.ID {
			history.MediaReplies++
		}
		if s.Conversation == conversation {
			history.ThreadReplies++
		}
	}
	return history
}

// expire ends what has waited for a person too long.
func (m *Memory) expire(now time.Time) {
	for i := range m.said {
		if s := &m.said[i]; s.state == Waiting && !s.Expires.IsZero() && now.After(s.Expires) {
			s.state = Cancelled
		}
	}
}

// SentID implements [Book]. What is only tried out gets no id of Meta's.
func (m *Memory) SentID(string, string) (bool, error) { return false, nil }

// SaidOn implements [Book].
func (m *Memory) SaidOn(account, media, text string, since time.Time) (bool, error) {
	return slices.ContainsFunc(m.said, func(s said) bool {
		return s.Action == rules.ActionReply && s.Account == account && s.Media == media && s.Text == text && s.state == Posted && !s.at.Before(since)
	}), nil
}

// RepliesIn implements [Book].
func (m *Memory) RepliesIn(account, conversation string, since time.Time) (int, error) {
	n := 0
	for _, s := range m.said {
		counts := s.Action == rules.ActionReply && s.state != Cancelled && !s.at.Before(since)
		if counts && s.Account == account && s.Conversation == conversation {
			n++
		}
	}
	return n, nil
}

// Marked implements [Book].
func (m *Memory) Marked(mark Mark, nth int) (time.Time, error) {
	var times []time.Time
	counted := "" // an event's deliveries stand together
	for _, s := range m.said {
		bears := slices.ContainsFunc(s.Marks, func(its Mark) bool { return its.Hash == mark.Hash })
		if bears && s.state != Cancelled && s.event != counted {
			times, counted = append(times, s.at), s.event
		}
	}
	if nth < 1 || nth > len(times) {
		return time.Time{}, nil
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[len(times)-nth], nil
}

// LastVariant implements [Book].
func (m *Memory) LastVariant(account, media, rule string) (string, error) {
	for _, s := range slices.Backward(m.said) {
		if s.Account == account && s.Media == media && s.Rule == rule && s.Variant != "" {
			return s.Variant, nil
		}
	}
	return "", nil
}

// Paused implements [Book]. Nobody pauses what is only tried out.
func (m *Memory) Paused(string, string, time.Time) (Pause, error) { return Pause{}, nil }

// Rank implements [Book]. No better change comes in later.
func (m *Memory) Rank() (int, error) { return 0, nil }
