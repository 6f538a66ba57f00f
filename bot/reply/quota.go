package reply

import (
	"maps"
	"slices"
	"time"
)

// quota is a cap on one sort of calls: so many in any window of time, in the order in which places were promised.
type quota struct {
	most    int // in the window; 0: no cap
	window  time.Duration
	sent    []time.Time         // of the last window, in order
	waiting map[int64]time.Time // the places promised to deliveries
	// promised are the times in waiting, in order.
	promised []time.Time
}

func newQuota(most int, window time.Duration, sent []time.Time) *quota {
	return &quota{most: most, window: window, sent: slices.Clone(sent), waiting: map[int64]time.Time{}}
}

// place takes a delivery's place under the cap.
func (q *quota) place(delivery int64, now time.Time) time.Time {
	if q.most == 0 {
		return now
	}
	if at := q.waiting[delivery]; at.After(now) {
		return at
	}
	// Its promised time has come, or it had none. What was sent since may have come later than promised, so the cap
	// is looked at again.
	_, promised := q.waiting[delivery]
	q.giveUp(delivery)
	q.lapse(now)
	at := q.next(now)
	if promised && q.sentSince(now) < q.most {
		at = now
	}
	switch {
	case !at.After(now):
		q.sent = append(q.sent, now)
	case at.Sub(now) > farthest:
		// Unpromised it comes back no later than who is promised a place behind it, so that the order is kept.
		return now.Add(farthest)
	default:
		q.promise(delivery, at)
	}
	return at
}

// lapse gives up places that were promised for more than an hour ago. They count for no cap any more, and who never came
// for one has ended in some other way.
func (q *quota) lapse(now time.Time) {
	over := now.Add(-hour)
	if len(q.promised) == 0 || q.promised[0].After(over) {
		return
	}
	maps.DeleteFunc(q.waiting, func(_ int64, at time.Time) bool { return !at.After(over) })
	q.promised = slices.DeleteFunc(q.promised, func(at time.Time) bool { return !at.After(over) })
}

func (q *quota) promise(delivery int64, at time.Time) {
	q.waiting[delivery] = at
	i, _ := slices.BinarySearchFunc(q.promised, at, time.Time.Compare)
	q.promised = slices.Insert(q.promised, i, at)
}

func (q *quota) giveUp(delivery int64) {
	at, ok := q.waiting[delivery]
	if !ok {
		return
	}
	delete(q.waiting, delivery)
	i, _ := slices.BinarySearchFunc(q.promised, at, time.Time.Compare)
	q.promised = slices.Delete(q.promised, i, i+1)
}

// sentSince counts the replies of the last window.
func (q *quota) sentSince(now time.Time) int {
	old := 0
	for old < len(q.sent) && !q.sent[old].After(now.Add(-q.window)) {
		old++
	}
	q.sent = q.sent[old:]
	return len(q.sent)
}

// next is the earliest time at which one more reply keeps the cap, behind those that were promised a place: a window
// after the one that is the cap's number of places back.
func (q *quota) next(now time.Time) time.Time {
	if q.most == 0 || q.sentSince(now)+len(q.waiting) < q.most {
		return now
	}
	// The cap's number of places back in both, which are in order.
	sent, promised := q.sent, q.promised
	for range q.most - 1 {
		if len(promised) == 0 || len(sent) > 0 && sent[len(sent)-1].After(promised[len(promised)-1]) {
			sent = sent[:len(sent)-1]
		} else {
			promised = promised[:len(promised)-1]
		}
	}
	switch {
	case len(promised) == 0:
		return sent[len(sent)-1].Add(q.window)
	case len(sent) == 0:
		return promised[len(promised)-1].Add(q.window)
	}
	return latest(sent[len(sent)-1], promised[len(promised)-1]).Add(q.window)
}
