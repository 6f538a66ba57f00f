package bot_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
)

// counted is a store that counts how often it is asked for work, and whether anything was written.
type counted struct {
	bot.Store
	claims, versions atomic.Int64
}

func (c *counted) Claim(ctx context.Context, room share.Room, now time.Time, lease time.Duration) ([]inbox.Item, error) {
	c.claims.Add(1)
	return c.Store.Claim(ctx, room, now, lease)
}

func (c *counted) Version(ctx context.Context) (int64, error) {
	c.versions.Add(1)
	return c.Store.Version(ctx)
}

// A bot without work asks no more than whether there is news, and hears of news all the same.
func TestABotWithoutWorkLetsTheStoreRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		store := &counted{}
		h.wrap = func(s bot.Store) bot.Store { store.Store = s; return store }
		later := h.plant("11", func(p *ledger.Plan) {
			p.Due, p.Expires, p.Approve = time.Now(), time.Now().Add(3*time.Hour), true
		})
		h.plant("12", func(p *ledger.Plan) { p.Due, p.Expires = time.Now().Add(90*time.Minute), time.Now().Add(3*time.Hour) })
		defer h.start()()
		time.Sleep(time.Minute)
		claims, versions := store.claims.Load(), store.versions.Load()
		time.Sleep(time.Hour)
		if n := store.claims.Load() - claims; n > 2 {
			t.Errorf("it looked for events %d times in an hour without any", n)
		}
		if n := store.versions.Load() - versions; n < 300 {
			t.Errorf("it asked for news %d times in an hour, want it each 10 s", n)
		}

		h.decide(func(d *sqlite.Desk) error { return d.Approve(t.Context(), later, "", time.Now()) })
		time.Sleep(15 * time.Second)
		if said := h.graph.replies(); len(said) != 1 {
			t.Errorf("15 seconds after it was approved: said %v", said)
		}
		time.Sleep(29 * time.Minute)
		if said := h.graph.replies(); len(said) != 2 {
			t.Errorf("after the time of the other: said %v", said)
		}
	})
}
