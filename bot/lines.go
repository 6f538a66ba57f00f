package bot

import (
	"sync"

	"github.com/answerback/answerback/bot/share"
)

// mostSpare is how many accounts at once get a worker, and a place to send, beyond those that all share.
const mostSpare = 16

// spare is so many for so many accounts. One that is alone shares with nobody.
func spare(accounts int) int { return max(0, min(accounts-1, mostSpare)) }

// lines are the jobs that wait for a worker, a line for each account. A free worker goes to the line of an account that
// has least in work, of several such to the one that was served longest ago. Where an account has nothing in work
// and no worker is free, a spare one is sent for: whatever calls others wait for, nobody waits for them.
type lines struct {
	more func() // sends for a spare worker

	mu      sync.Mutex
	ready   sync.Cond
	of      map[string]*line
	waiting int // jobs
	idle    int // workers
	spares  int // spare workers that may still be sent for
	taken   int // jobs so far
	closed  bool
}

// line is an account's. It is there as long as something of the account waits or is in work.
type line struct {
	jobs    []job
	working int
	served  int // which of the jobs taken was its last
}

func newLines(spares int) *lines {
	l := &lines{of: map[string]*line{}, spares: spares}
	l.ready.L = &l.mu
	return l
}

// put has a job wait.
func (l *lines) put(j job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := l.of[j.account()]
	if of == nil {
		of = &line{}
		l.of[j.account()] = of
	}
	of.jobs = append(of.jobs, j)
	l.waiting++
	l.ready.Signal()
	l.help()
}

// next waits for a job and takes it; when it says no, none comes any more.
func (l *lines) next() (job, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		if of := l.first(); of != nil {
			return l.take(of), true
		}
		if l.closed {
			return job{}, false
		}
		l.idle++
		l.ready.Wait()
		l.idle--
	}
}

// nextSpare takes a job of an account that has none in work. When it says no, there is none and the spare worker is
// done.
func (l *lines) nextSpare() (job, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if of := l.first(); of != nil && of.working == 0 {
		return l.take(of), true
	}
	l.spares++
	return job{}, false
}

// first is the line whose turn it is; nil if nothing waits.
func (l *lines) first() *line {
	var first *line
	for _, of := range l.of {
		switch {
		case len(of.jobs) == 0:
		case first == nil, of.working < first.working, of.working == first.working && of.served < first.served:
			first = of
		}
	}
	return first
}

func (l *lines) take(of *line) job {
	j := of.jobs[0]
	of.jobs[0] = job{}
	of.jobs = of.jobs[1:]
	l.taken++
	of.served = l.taken
	of.working++
	l.waiting--
	l.help()
	return j
}

// help sends for a spare worker if an account needs one.
func (l *lines) help() {
	if l.spares == 0 || l.waiting == 0 || l.idle > 0 {
		return
	}
	if of := l.first(); of.working == 0 {
		l.spares--
		l.more()
	}
}

// done says that a job has ended.
func (l *lines) done(j job) {
	l.mu.Lock()
	defer l.mu.Unlock()
	of := l.of[j.account()]
	of.working--
	if of.working == 0 && len(of.jobs) == 0 {
		delete(l.of, j.account())
	}
}

// close says that nothing more is put in.
func (l *lines) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.ready.Broadcast()
}

// room is what may still be taken from the store, if so many jobs may wait. Where that many wait already, there is room
// for those accounts alone that have nothing in hand, one each.
func (l *lines) room(most int) share.Room {
	l.mu.Lock()
	defer l.mu.Unlock()
	room := share.Room{Most: most - l.waiting, InHand: make(map[string]int, len(l.of))}
	for account, of := range l.of {
		room.InHand[account] = of.working + len(of.jobs)
	}
	if room.Most <= 0 {
		room.Most, room.Each = mostSpare, 1
	}
	return room
}
