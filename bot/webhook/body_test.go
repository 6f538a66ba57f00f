package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
	"pgregory.net/rapid"
)

// pieces reads a body in pieces of random size, some of them empty.
type pieces struct {
	from   io.Reader
	random *rand.Rand
}

func (p pieces) Read(into []byte) (int, error) {
	if len(into) == 0 {
		return 0, nil
	}
	return p.from.Read(into[:p.random.IntN(len(into)+1)])
}

// However large a body is and in whatever pieces it comes: its signature is right only if every byte arrived.
func TestBodyArrivesWhole(t *testing.T) {
	d := newDoor(t)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.OneOf(rapid.IntRange(0, 200), rapid.IntRange(8<<10-2, 8<<10+2), rapid.IntRange(16<<10-2, 16<<10+2), rapid.IntRange(0, 300<<10)).Draw(t, "size")
		random := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		body := make([]byte, size)
		for i := range body {
			body[i] = byte(random.IntN(256))
		}
		r := httptest.NewRequest(http.MethodPost, webhook.Path, pieces{unsized(body), random})
		if rapid.Bool().Draw(t, "announced") {
			r.ContentLength = int64(size)
		}
		signature := instagram.Sign(body, []byte(secret))
		r.Header.Set(instagram.SignatureHeader, signature)
		if w := d.send(r); w.Code != 200 {
			t.Fatalf("status %d", w.Code)
		}
	})
}

func TestBodyOverTheLimit(t *testing.T) {
	over := strings.Repeat("x", 8<<20+1)
	for name, announced := range map[string]int64{"announced": int64(len(over)), "in chunks": -1, "announced as less": 10} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			r := signed(over, secret)
			r.Body = io.NopCloser(unsized([]byte(over)))
			r.ContentLength = announced
			if w := d.send(r); w.Code != 413 {
				t.Errorf("status %d", w.Code)
			}
		})
	}
}

func TestBodyThatBreaksOff(t *testing.T) {
	for name, test := range map[string]struct {
		body   io.Reader
		length int64
		status int
	}{
		"at once":                     {iotest.ErrReader(io.ErrUnexpectedEOF), -1, 400},
		"in the middle":               {io.MultiReader(strings.NewReader(`{"object":`), iotest.ErrReader(io.ErrUnexpectedEOF)), -1, 400},
		"far into it":                 {io.MultiReader(strings.NewReader(strings.Repeat(" ", 100<<10)), iotest.ErrReader(errors.New("reset"))), -1, 400},
		"too slow":                    {iotest.ErrReader(fmt.Errorf("read: %w", timeout{})), -1, 408},
		"over the limit, announced":   {iotest.ErrReader(io.ErrUnexpectedEOF), 9 << 20, 400},
		"too slow and over the limit": {iotest.ErrReader(timeout{}), 9 << 20, 408},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDoor(t)
			r := httptest.NewRequest(http.MethodPost, webhook.Path, test.body)
			r.ContentLength = test.length
			if w := d.send(r); w.Code != test.status {
				t.Errorf("status %d, want %d", w.Code, test.status)
			}
			if len(d.store.calls) > 0 {
				t.Error("stored something")
			}
		})
	}
}

type timeout struct{}

func (timeout) Error() string   { return "i/o timeout" }
func (timeout) Timeout() bool   { return true }
func (timeout) Temporary() bool { return true }

// slow is a body that brings some bytes and then nothing until it is let go.
type slow struct {
	left int
	read *atomic.Int64
	let  chan struct{}
}

func (s *slow) Read(into []byte) (int, error) {
	if s.left == 0 {
		<-s.let
		return 0, io.ErrUnexpectedEOF
	}
	n := min(len(into), s.left)
	s.left -= n
	s.read.Add(int64(n))
	return n, nil
}

// A thousand large and slow posts hold no more memory than the budget, and small ones go on beside them.
func TestMemoryIsBounded(t *testing.T) {
	const budget, small, posts = 32 << 20, 8 << 10, 1000
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		var held atomic.Int64
		let := make(chan struct{})
		codes := make(chan int, posts)
		var all sync.WaitGroup
		for range posts {
			all.Go(func() {
				r := httptest.NewRequest(http.MethodPost, webhook.Path, &slow{left: 8<<20 - 1, read: &held, let: let})
				codes <- d.send(r).Code
			})
		}
		synctest.Wait()
		if n := held.Load(); n > budget+posts*small {
			t.Errorf("%d MiB were read into memory", n>>20)
		}
		if w := d.post(notification(account, comment("5", "hi"))); w.Code != 200 {
			t.Errorf("a small one beside them: %d", w.Code)
		}
		// Those that got no part of the budget are sent away when their patience ends.
		time.Sleep(3 * time.Second)
		synctest.Wait()
		away := len(codes)
		close(let)
		all.Wait()
		close(codes)
		seen := map[int]int{}
		for code := range codes {
			seen[code]++
		}
		if away == 0 || seen[503] != away || seen[400] != posts-away {
			t.Errorf("%d were sent away in time; answers %v", away, seen)
		}
		if w := d.post(notification(account, comment("6", strings.Repeat("x", 1<<20)))); w.Code != 200 {
			t.Errorf("a large one after them: %d", w.Code)
		}
	})
}

// The whole budget is there again after bodies of every fate.
func TestMemoryIsGivenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		large := notification(account, comment("5", "hi")) + strings.Repeat(" ", 5<<20)
		for range 5 {
			d.post(large)                      // good
			d.send(signed(large, "another"))   // unsigned
			d.post(strings.Repeat("[", 5<<20)) // junk
			r := signed(large, secret)         // broken off
			r.Body = io.NopCloser(iotest.TimeoutReader(strings.NewReader(large)))
			d.send(r)
			d.store.fail = errors.New("away")
			d.post(large)
			d.store.fail = nil
		}
		start := time.Now()
		if w := d.post(large); w.Code != 200 || time.Since(start) > 0 {
			t.Errorf("status %d after waiting %v", w.Code, time.Since(start))
		}
	})
}

// A store that hangs doesn't hold requests, and what they hold, for ever.
func TestStoreThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDoor(t)
		d.store.first = func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
		start := time.Now()
		if w := d.post(notification(account, comment("5", "hi"))); w.Code != 503 {
			t.Errorf("status %d", w.Code)
		}
		if waited := time.Since(start); waited != 10*time.Second {
			t.Errorf("waited %v", waited)
		}
		if !strings.Contains(d.logged(t), "level=error") {
			t.Errorf("the operator isn't told:\n%s", d.logged(t))
		}
	})
}

func TestSenderThatHangsUp(t *testing.T) {
	d := newDoor(t)
	ctx, hangUp := context.WithCancel(t.Context())
	d.store.first = func(ctx context.Context) error { hangUp(); <-ctx.Done(); return ctx.Err() }
	if w := d.send(signed(notification(account, comment("5", "hi")), secret).WithContext(ctx)); w.Code != 503 {
		t.Errorf("status %d", w.Code)
	}
	if log := d.logged(t); strings.Contains(log, "level=error") || !strings.Contains(log, "hung up") {
		t.Errorf("log:\n%s", log)
	}
}
