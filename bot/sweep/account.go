package sweep

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
)

const (
	// mostCalls bounds a round's calls.
	mostCalls = 25
	// share bounds the calls of a round for the comments on one media.
	share = 8
	// newest is how many media are read in every round. The others are read when the number of their comments has changed
	// since they were last; that number may come late, and stays the same where one comment comes and another one goes.
	newest = 5
	// batch is how many comments are fed at a time: so many at most stand before a notification that comes then.
	batch = 10
	// longestWait bounds the wait after rounds that failed, for accounts whose rounds are not farther apart anyway.
	longestWait = time.Hour
	// fades is after what time what was read is read again before it is fed: others may have answered it meanwhile.
	fades = 10 * time.Minute
	// breath and breaths are how long a round waits for room, and how often in a row: what it fed is worked off meanwhile.
	breath  = time.Second
	breaths = 30
)

// account is what is remembered of one account between rounds.
type account struct {
	*Sweep
	Account
	seed  uint64
	posts map[string]*post // those that were listed last, by id
	order []*post          // the same, newest first
	// waiting are comments that were read and not fed yet, in the order in which they are to be. Received is when they
	// were read.
	waiting []inbox.Arrival
	// failures counts the rounds that failed, in a row.
	failures int

	// What follows is of the current round.
	number int // of the round, from 1
	listed bool
	scan   *scan // the one that is read from
	calls  int
	found  int
}

// post is a media of the account.
type post struct {
	instagram.Post
	known int       // the number of comments when they were last read from the top
	again bool      // they have to be read anyway
	read  time.Time // when the last call for them was made
	round int       // in which it got its share of calls
	scan  *scan     // what has begun and isn't at its end
}

// errNoRoom and errUnfinished end a round before all was looked at.
var (
	errNoRoom     = errors.New("no room")
	errUnfinished = errors.New("all calls are used up")
)

// round looks at what there is, as far as it may.
func (a *account) round(ctx context.Context) (Result, error) {
	a.number++
	a.listed, a.scan, a.calls, a.found = false, nil, 0, 0
	for waited := 0; ; {
		more, err := a.step(ctx)
		switch {
		case errors.Is(err, errNoRoom) && waited < breaths && pause(ctx, breath):
			waited++
			continue
		case errors.Is(err, errNoRoom):
			return NoRoom, nil
		case errors.Is(err, errUnfinished):
			return Unfinished, nil
		case err != nil:
			return Failed, err
		case !more:
			return Done, nil
		}
		waited = 0
	}
}

// step does one thing: what was found is fed before more is looked for. It makes one call at most.
func (a *account) step(ctx context.Context) (more bool, err error) {
	switch {
	case len(a.waiting) == 0 && a.listed && a.scan == nil && !a.choose():
		return false, nil
	case !a.Graph.Room(ctx, a.ID):
		return false, errNoRoom
	case len(a.waiting) > 0:
		return true, a.feed(ctx)
	case a.calls == mostCalls:
		return false, errUnfinished
	case !a.listed:
		return true, a.list(ctx)
	default:
		return true, a.read(ctx)
	}
}

// wait is the time until the next round; longer and longer after such as failed.
func (a *account) wait(err error) time.Duration {
	if err == nil {
		a.failures = 0
		return a.Every
	}
	a.failures++
	retries := inbox.Backoff{First: a.Every, Factor: 2, Cap: max(a.Every, longestWait), Jitter: 0.2}
	wait := max(a.Every, retries.Next(a.failures, a.seed))
	var e *instagram.Error
	if errors.As(err, &e) {
		wait = max(wait, e.RetryAfter)
	}
	return wait
}

// list finds out what there is. Media that are not among the newest any more are forgotten.
func (a *account) list(ctx context.Context) error {
	a.calls++
	posts, err := a.Graph.OwnMedia(ctx, a.ID)
	if err != nil {
		return err
	}
	former := a.posts
	a.listed, a.posts, a.order = true, map[string]*post{}, nil
	for _, p := range posts {
		kept := former[p.ID]
		if kept == nil {
			kept = &post{again: true}
		}
		kept.Post = p
		a.posts[p.ID] = kept
		a.order = append(a.order, kept)
	}
	return nil
}

// choose takes the media that is read next: of those whose turn it is, the one that was left alone for the longest time.
func (a *account) choose() bool {
	var next *post
	for i, p := range a.order {
		if p.round < a.number && (i < newest || p.changed()) && (next == nil || p.read.Before(next.read)) {
			next = p
		}
	}
	if next == nil {
		return false
	}
	if next.round = a.number; next.scan == nil {
		next.known, next.again = next.Comments, false
		next.scan = &scan{post: next}
	}
	next.scan.calls = 0
	a.scan = next.scan
	return true
}

// changed reports whether there may be comments that were not read yet. Where Meta doesn't tell how many there are, they
// are read once.
func (p *post) changed() bool {
	return p.scan != nil || p.again && p.Comments != 0 || p.Comments >= 0 && p.Comments != p.known
}

// feed puts the first of what was found in the inbox, but for what has become too old meanwhile. What the inbox doesn't
// take stays.
func (a *account) feed(ctx context.Context) error {
	now := a.Now()
	part := a.waiting[:min(batch, len(a.waiting))]
	var arrivals []inbox.Arrival
	for _, arrival := range part {
		if a.faded(arrival, now) {
			continue
		}
		if arrival.Received = now; arrival.Notified.After(a.oldest(now)) {
			arrivals = append(arrivals, arrival)
		}
	}
	if len(arrivals) > 0 {
		accepted, err := a.Inbox.Accept(ctx, arrivals)
		if err != nil {
			return err
		}
		a.found += accepted.New
	}
	a.waiting = a.waiting[len(part):]
	return nil
}

// faded reports whether a comment was read too long ago, and has its media be read again.
func (a *account) faded(arrival inbox.Arrival, now time.Time) bool {
	if now.Sub(arrival.Received) <= fades {
		return false
	}
	if p := a.posts[arrival.Media]; p != nil {
		p.again = true
	}
	return true
}
