package sqlite

import "hash/maphash"

// turns gives the events of an account that wait their turns: the nth of a media comes n turns after the one that the
// claims have come to, so that a flood on one media stands before an event of another by one of its events only. It is
// kept in memory. What it forgets costs nobody an event, only for once a place in the queue.
type turns struct {
	seed     maphash.Seed
	accounts map[string]*queue
}

// queue is an account's.
type queue struct {
	reached int64            // the highest turn that was claimed
	last    map[uint64]int64 // the last that was given to each media, by its hash
}

// mostMedia is of how many media of an account the last turns are remembered.
const mostMedia = 1 << 14

func newTurns() turns { return turns{seed: maphash.MakeSeed(), accounts: map[string]*queue{}} }

func (t *turns) of(account string) *queue {
	q := t.accounts[account]
	if q == nil {
		q = &queue{last: map[uint64]int64{}}
		t.accounts[account] = q
	}
	return q
}

// next gives an event of the media the next turn.
func (t *turns) next(account, media string) int64 {
	q, of := t.of(account), maphash.String(t.seed, media)
	turn := max(q.reached, q.last[of]+1)
	q.note(of, turn)
	return turn
}

// found notes a turn that an event had before the start.
func (t *turns) found(account, media string, turn int64) {
	of := maphash.String(t.seed, media)
	if q := t.of(account); turn > q.last[of] {
		q.note(of, turn)
	}
}

// begin has an account's claims begin at that turn.
func (t *turns) begin(account string, turn int64) { t.of(account).reached = turn }

// claimed notes that an event with that turn was claimed.
func (t *turns) claimed(account string, turn int64) {
	q := t.of(account)
	q.reached = max(q.reached, turn)
}

// note remembers a media's last turn. Where that are too many, those are forgotten that the claims have passed by, and
// else all.
func (q *queue) note(media uint64, turn int64) {
	if len(q.last) >= mostMedia {
		for of, last := range q.last {
			if last <= q.reached {
				delete(q.last, of)
			}
		}
		if len(q.last) > mostMedia/2 {
			clear(q.last)
		}
	}
	q.last[media] = turn
}
