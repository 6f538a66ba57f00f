package bot_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/rules"
)

// slate is a store in memory, so that thousands of lives take seconds: as much of one as the lives need, by the words of
// the interfaces. Threads have one event each, and people do nothing. What it doesn't know the embedded nil panics at.
type slate struct {
	versions int64
	bot.Store
	mu         sync.Mutex
	events     []*slateEvent
	deliveries []*slateDelivery
	arrived    chan struct{}
}

type slateEvent struct {
	inbox.Item
	due, leased time.Time
	record      *ledger.Record
	judged      time.Time
}

type slateDelivery struct {
	ledger.Settled
	began, settle  time.Time
	looking, again bool
	accepted       bool
	looks          int
}

func newSlate() *slate { return &slate{arrived: make(chan struct{}, 1)} }

func (s *slate) lock() (unlock func()) {
	s.mu.Lock()
	return s.mu.Unlock
}

func (s *slate) Arrived() <-chan struct{} { return s.arrived }

func (s *slate) Accept(_ context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	defer s.lock()()
	var accepted inbox.Accepted
	for _, a := range arrivals {
		if slices.ContainsFunc(s.events, func(e *slateEvent) bool { return e.Key == a.Key }) {
			accepted.Duplicate++
			continue
		}
		accepted.New++
		s.events = append(s.events, &slateEvent{Item: inbox.Item{Arrival: a, Seq: int64(len(s.events) + 1)}, due: a.Received})
	}
	if accepted.New > 0 {
		select {
		case s.arrived <- struct{}{}:
		default:
		}
	}
	return accepted, nil
}

func (s *slate) Claim(_ context.Context, room share.Room, now time.Time, lease time.Duration) (items []inbox.Item, _ error) {
	defer s.lock()()
	for _, e := range s.events {
		if room.Open(e.Account) && e.record == nil && !e.due.After(now) && !e.leased.After(now) {
			e.leased = now.Add(lease)
			e.Attempts++
			items, room = append(items, e.Item), room.Less(e.Account, 1)
		}
	}
	return items, nil
}

func (s *slate) Renew(_ context.Context, seqs []int64, until time.Time) error {
	defer s.lock()()
	for _, seq := range seqs {
		s.events[seq-1].leased = until
	}
	return nil
}

func (s *slate) Retry(_ context.Context, seq int64, due time.Time, facts []byte, _ string) error {
	defer s.lock()()
	e := s.events[seq-1]
	e.due, e.leased, e.Facts = due, time.Time{}, facts
	return nil
}

func (s *slate) Release(_ context.Context, seqs []int64) error {
	defer s.lock()()
	for _, seq := range seqs {
		s.events[seq-1].leased = time.Time{}
	}
	return nil
}

func (s *slate) NextDue(context.Context) (next time.Time, _ error) {
	defer s.lock()()
	for _, e := range s.events {
		at := e.due
		if e.leased.After(at) {
			at = e.leased
		}
		if e.record == nil && (next.IsZero() || at.Before(next)) {
			next = at
		}
	}
	return next, nil
}

// said is a book that knows the rank of events, and that nothing was said before.
type said struct{ ledger.Book }

func (said) Rank() (int, error)                                          { return 0, nil }
func (said) SentID(string, string) (bool, error)                         { return false, nil }
func (said) SaidOn(string, string, string, time.Time) (bool, error)      { return false, nil }
func (said) Paused(string, string, time.Time) (ledger.Pause, error)      { return ledger.Pause{}, nil }
func (said) RepliesIn(string, string, time.Time) (int, error)            { return 0, nil }
func (said) Marked(ledger.Mark, int) (time.Time, error)                  { return time.Time{}, nil }
func (said) LastVariant(account, media, rule string) (_ string, _ error) { return "", nil }

func (s *slate) Enter(_ context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) (entered []ledger.Delivery, _ error) {
	defer s.lock()()
	e := s.events[seq-1]
	if e.record != nil {
		return nil, ledger.ErrDecided
	}
	entry, err := conclude(said{})
	if err != nil {
		return nil, err
	}
	e.record, e.judged = &entry.Record, entry.Now
	for _, plan := range entry.Plans {
		d := &slateDelivery{Settled: ledger.Settled{Delivery: ledger.Delivery{Plan: plan, ID: seq * 16, Seq: seq, State: ledger.Planned}}}
		if plan.Now {
			d.State, d.Attempts, d.began = ledger.Sending, 1, entry.Now
		}
		s.deliveries = append(s.deliveries, d)
		entered = append(entered, d.Delivery)
	}
	return entered, nil
}

func (s *slate) Judged(_ context.Context, seq int64) (rules.Event, time.Time, error) {
	defer s.lock()()
	return s.events[seq-1].record.Event, s.events[seq-1].judged, nil
}

func (s *slate) TakeDeliveries(_ context.Context, room share.Room, now time.Time) (taken []ledger.Delivery, _ error) {
	defer s.lock()()
	for _, d := range s.deliveries {
		if room.Open(d.Account) && d.State == ledger.Planned && !d.Due.After(now) {
			d.State, d.began = ledger.Sending, now
			d.Attempts++
			taken, room = append(taken, d.Delivery), room.Less(d.Account, 1)
		}
	}
	return taken, nil
}

func (s *slate) Finish(_ context.Context, id int64, fate ledger.Fate) error {
	defer s.lock()()
	for _, d := range s.deliveries {
		if d.ID == id && d.State == ledger.Sending {
			d.State, d.Fate, d.looks, d.settle = fate.State, fate, 0, time.Time{}
			switch fate.State {
			case ledger.Unknown:
				d.settle, d.accepted = fate.Due, fate.Accepted
			case ledger.Planned:
				d.Due = fate.Due
				if fate.Uncounted {
					d.Attempts--
				}
			}
			return nil
		}
	}
	return ledger.ErrNotSending
}

func (s *slate) NextDelivery(context.Context) (next time.Time, _ error) {
	defer s.lock()()
	for _, d := range s.deliveries {
		if d.State == ledger.Planned && (next.IsZero() || d.Due.Before(next)) {
			next = d.Due
		}
	}
	return next, nil
}

func (s *slate) TakeDoubts(_ context.Context, room share.Room, now, until time.Time) (taken []ledger.Doubt, _ error) {
	defer s.lock()()
	for _, d := range s.deliveries {
		if room.Open(d.Account) && d.State == ledger.Unknown && !d.settle.IsZero() && !d.settle.After(now) {
			d.settle, d.looking = until, true
			taken = append(taken, ledger.Doubt{Delivery: d.Delivery, Began: d.began, Looks: d.looks, Again: d.again, Accepted: d.accepted, Reason: d.Fate.Reason})
			room = room.Less(d.Account, 1)
		}
	}
	return taken, nil
}

func (s *slate) NextDoubt(context.Context) (next time.Time, _ error) {
	defer s.lock()()
	for _, d := range s.deliveries {
		if d.State == ledger.Unknown && !d.settle.IsZero() && (next.IsZero() || d.settle.Before(next)) {
			next = d.settle
		}
	}
	return next, nil
}

func (s *slate) Settle(_ context.Context, doubt ledger.Doubt, fate ledger.Fate) error {
	defer s.lock()()
	for _, d := range s.deliveries {
		if d.ID != doubt.ID || d.State != ledger.Unknown || d.Attempts != doubt.Attempts || d.accepted && fate.State == ledger.Planned {
			continue
		}
		d.State, d.Fate, d.looking, d.settle, d.looks = fate.State, fate, false, time.Time{}, doubt.Looks
		switch fate.State {
		case ledger.Unknown:
			d.settle = fate.Due
		case ledger.Planned:
			d.Due, d.looks, d.again = fate.Due, 0, true
		}
		return nil
	}
	return ledger.ErrNotInDoubt
}

func (s *slate) SentIDs(_ context.Context, _ string, ids []string) (map[string]bool, error) {
	defer s.lock()()
	sent := map[string]bool{}
	for _, d := range s.deliveries {
		if d.State == ledger.Posted && slices.Contains(ids, d.Fate.PostedID) {
			sent[d.Fate.PostedID] = true
		}
	}
	return sent, nil
}

func (s *slate) Recover(_ context.Context, now time.Time, settleAfter time.Duration) (found ledger.Recovered, _ error) {
	defer s.lock()()
	for _, e := range s.events {
		e.leased = time.Time{}
	}
	for _, d := range s.deliveries {
		if d.looking && d.settle.After(now) {
			d.settle = now
		}
		d.looking = false
		if d.State == ledger.Sending {
			d.State, d.settle, d.looks = ledger.Unknown, d.began.Add(settleAfter), 0
			found.Unknown++
		}
	}
	return found, nil
}

// Nothing here notifies anybody.
func (s *slate) TakeNotices(context.Context, share.Room, time.Time) ([]ledger.Delivery, error) {
	return nil, nil
}
func (s *slate) NextNotice(context.Context) (time.Time, error) { return time.Time{}, nil }

func (s *slate) SentTimes(context.Context, string, string, bool, time.Time) ([]time.Time, error) {
	return nil, nil
}
func (s *slate) Hasten(context.Context, string, time.Time, time.Duration) error { return nil }

// Version is another one each time: as if somebody had always written.
func (s *slate) Version(context.Context) (int64, error) {
	defer s.lock()()
	s.versions++
	return s.versions, nil
}

func (s *slate) Probe(context.Context) error                                 { return nil }
func (s *slate) Latest(context.Context) (time.Time, error)                   { return time.Time{}, nil }
func (s *slate) SetBack(context.Context, time.Time, time.Duration) error     { return nil }
func (s *slate) Expire(context.Context, time.Time) (int, error)              { return 0, nil }
func (s *slate) Reopen(context.Context, time.Time) (int, error)              { return 0, nil }
func (s *slate) Pauses(context.Context, time.Time) ([]ledger.Holding, error) { return nil, nil }

func (s *slate) History(context.Context, *rules.Event, int64, time.Time) (rules.History, error) {
	return rules.History{}, nil
}

func (s *slate) Record(_ context.Context, seq int64) (ledger.Record, error) {
	defer s.lock()()
	if seq > int64(len(s.events)) || s.events[seq-1].record == nil {
		return ledger.Record{}, ledger.ErrNoEntry
	}
	return *s.events[seq-1].record, nil
}

func (s *slate) Deliveries(_ context.Context, seq int64) (its []ledger.Settled, _ error) {
	defer s.lock()()
	for _, d := range s.deliveries {
		if d.Seq == seq {
			its = append(its, d.Settled)
		}
	}
	return its, nil
}

func (s *slate) Counts(context.Context) (ledger.Counts, error) {
	defer s.lock()()
	counts := ledger.Counts{Verdicts: map[ledger.Verdict]int{}, Deliveries: map[ledger.State]int{}}
	for _, e := range s.events {
		if e.record == nil {
			counts.Open++
		} else {
			counts.Verdicts[e.record.Verdict]++
		}
	}
	for _, d := range s.deliveries {
		counts.Deliveries[d.State]++
	}
	return counts, nil
}
