package bot

import (
	"context"
	"sync"
)

// maxSending bounds how many deliveries stand in sending: those whose fate a crash leaves unknown.
const maxSending = 32

// places are the places to send: who enters a delivery as sending holds one until its fate is entered. Deliveries that
// were planned for later get at most half of them. They wait for a worker with their place in hand, and workers wait
// for a place: if those in the queue could hold all of them, everybody would wait for ever. Some are set apart, of which
// an account gets one at most, so that no account can hold all.
type places struct {
	all, later, spare chan struct{}

	mu  sync.Mutex
	own map[string]bool // the accounts that hold a spare place or wait for one
}

func newPlaces(spares int) *places {
	return &places{
		all:   make(chan struct{}, maxSending-spares),
		later: make(chan struct{}, (maxSending-spares)/2),
		spare: make(chan struct{}, spares),
		own:   map[string]bool{},
	}
}

// take waits for a place. Who got one must leave it.
func (p *places) take(ctx context.Context, account string) (leave func(), err error) {
	select {
	case p.all <- struct{}{}:
		return p.leaveAll, nil
	default:
	}
	spare, giveUp := p.spare, func() { p.giveUp(account) }
	if mine := p.claim(account); !mine {
		spare, giveUp = nil, func() {}
	}
	select {
	case p.all <- struct{}{}:
		giveUp()
		return p.leaveAll, nil
	case spare <- struct{}{}:
		return func() {
			<-p.spare
			giveUp()
		}, nil
	case <-ctx.Done():
		giveUp()
		return nil, context.Cause(ctx)
	}
}

func (p *places) leaveAll() { <-p.all }

// claim reports whether the account may take a spare place.
func (p *places) claim(account string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cap(p.spare) == 0 || p.own[account] {
		return false
	}
	p.own[account] = true
	return true
}

func (p *places) giveUp(account string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.own, account)
}

// tryLater takes up to so many places for deliveries that were planned for later, as there are.
func (p *places) tryLater(most int) (leave []func()) {
	for len(leave) < most {
		select {
		case p.later <- struct{}{}:
		default:
			return leave
		}
		select {
		case p.all <- struct{}{}:
			leave = append(leave, p.leaveLater)
		default:
			<-p.later
			return leave
		}
	}
	return leave
}

func (p *places) leaveLater() {
	<-p.all
	<-p.later
}

// trySpare takes up to so many spare places, as there are, for deliveries of accounts that have nothing in hand.
func (p *places) trySpare(most int) (leave []func()) {
	for len(leave) < most {
		select {
		case p.spare <- struct{}{}:
			leave = append(leave, func() { <-p.spare })
		default:
			return leave
		}
	}
	return leave
}
