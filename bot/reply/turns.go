package reply

import (
	"maps"
	"time"
)

// farthest is how far ahead a turn or a place is promised. What would come later asks again then: usage falls in the meantime, and
// what has grown too old is found out.
const farthest = time.Hour

// turn is whose turn it is: the reading for an event, or the writing of a delivery.
type turn struct {
	of Call
	id int64
}

// turns space out an account's calls. Who has to wait is promised a time, so that those behind don't overtake.
type turns struct {
	spacing time.Duration
	last    time.Time // when a call was let through
	tail    time.Time // the last time that was promised
	waiting map[turn]time.Time
}

// of is when it is a turn's time, now or later; later ones are promised.
func (t *turns) of(who turn, now time.Time) time.Time {
	if t.spacing == 0 {
		return now
	}
	at, promised := t.waiting[who]
	if promised && at.After(now) {
		return at
	}
	at = t.next(now)
	if promised {
		at = latest(now, t.last.Add(t.spacing)) // it waited long enough, if the one before it wasn't late
	}
	switch {
	case !at.After(now):
		return now
	case at.Sub(now) > farthest:
		return now.Add(farthest)
	}
	t.waiting[who] = at
	t.tail = latest(t.tail, at)
	return at
}

// next is when a call behind all that wait could be let through.
func (t *turns) next(now time.Time) time.Time {
	if t.spacing == 0 {
		return now
	}
	return latest(now, latest(t.last, t.tail).Add(t.spacing))
}

// take notes that a call is let through.
func (t *turns) take(who turn, now time.Time) {
	delete(t.waiting, who)
	t.last = now
}

// space sets the spacing. Where it falls to less than half, what was promised is void: everybody asks anew.
func (t *turns) space(spacing time.Duration, now time.Time) (eased bool) {
	eased = t.spacing > 0 && spacing < t.spacing/2
	t.spacing = spacing
	if eased {
		t.tail = time.Time{}
		clear(t.waiting)
	}
	// Who never came for its turn has ended in some other way.
	maps.DeleteFunc(t.waiting, func(_ turn, at time.Time) bool { return now.Sub(at) > farthest })
	return eased
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
