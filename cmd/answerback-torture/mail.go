package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
)

// mail brings notifications as Meta does: what is not answered with 200 is sent again, until it is.
type mail struct {
	sender  *instagramtest.Sender
	scribe  *scribe
	webhook atomic.Pointer[string] // nil while nobody listens
	under   atomic.Int64           // how many are on their way
	tries   atomic.Int64
	ctx     context.Context
	stop    context.CancelFunc
	work    sync.WaitGroup
}

// letter is a notification and the events that it tells of.
type letter struct {
	changes []instagramtest.Change
	events  []expected
}

func newMail(sender *instagramtest.Sender, scribe *scribe) *mail {
	m := &mail{sender: sender, scribe: scribe}
	m.ctx, m.stop = context.WithCancel(context.Background())
	return m
}

// sendAgain is how long a notification that was not taken waits. Meta takes longer.
const sendAgain = 15 * time.Millisecond

func (m *mail) send(l letter) {
	m.under.Add(1)
	m.work.Go(func() {
		defer m.under.Add(-1)
		begun := time.Now()
		for i := range l.events {
			l.events[i].taken = begun
		}
		body := m.sender.Body(l.changes...)
		for !m.taken(body) {
			select {
			case <-time.After(sendAgain):
			case <-m.ctx.Done():
				return
			}
		}
		for _, e := range l.events {
			m.scribe.took(e)
		}
	})
}

// taken sends once and reports whether the answer was 200.
func (m *mail) taken(body []byte) bool {
	to := m.webhook.Load()
	if to == nil {
		return false
	}
	m.tries.Add(1)
	ctx, cancel := context.WithTimeout(m.ctx, 20*time.Second)
	defer cancel()
	status, err := m.sender.Post(ctx, *to, body)
	return err == nil && status == 200
}

func (m *mail) close() {
	m.stop()
	m.work.Wait()
}
