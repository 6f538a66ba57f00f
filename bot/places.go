package bot

import "context"

// maxSending bounds how many deliveries stand in sending: those whose fate a crash leaves unknown.
const maxSending = 32

// places are the places to send: who enters a delivery as sending holds one until its fate is entered. Deliveries that
// were planned for later get at most half of them. They wait for a worker with their place in hand, and workers wait
// for a place: if those in the queue could hold all of them, everybody would wait for ever.
type places struct{ all, later chan struct{} }

func newPlaces() places {
	return places{all: make(chan struct{}, maxSending), later: make(chan struct{}, maxSending/2)}
}

func (p places) take(ctx context.Context) error {
	select {
	case p.all <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p places) leave() { <-p.all }

func (p places) tryLater() bool {
	select {
	case p.later <- struct{}{}:
	default:
		return false
	}
	select {
	case p.all <- struct{}{}:
		return true
	default:
		<-p.later
		return false
	}
}

func (p places) leaveLater() {
	p.leave()
	<-p.later
}
