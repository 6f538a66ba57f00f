package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

const (
	// limit is the most bytes of a body. Meta puts up to 1000 changes into one, of 600 bytes to 2.5 KB each.
	limit = 8 << 20
	// small is where reading begins. Nearly all notifications bear one change and end there.
	small = 8 << 10
	// budget is what all bodies that are larger than small may hold together.
	budget = 32 << 20
	// patience is how long a body waits for its parts of the budget, from the first time that it has to.
	patience = 2 * time.Second
)

var (
	errTooLarge = errors.New("body over the limit")
	errBusy     = errors.New("no memory for the body now")
)

// bodies reads bodies into memory, and bounds that memory. Each begins in a small buffer from a pool. One that turns
// out to be larger moves to buffers of twice the size, as far as its bytes have really come (to announce 8 MiB costs
// the sender nothing, so it gets him nothing), and those are taken out of one budget for all: however many slow and
// large posts there are, they hold no more than the budget, those that get no part of it within patience are answered
// with 503, and small ones, of which a signed notification nearly always is one, go on undisturbed.
type bodies struct {
	pool   sync.Pool
	budget *semaphore.Weighted
}

func newBodies() *bodies {
	return &bodies{
		pool:   sync.Pool{New: func() any { return &body{small: make([]byte, small)} }},
		budget: semaphore.NewWeighted(budget),
	}
}

// body is one that was read. Its bytes are good until it is done with.
type body struct {
	bytes []byte
	small []byte
	held  int64     // of the budget
	until time.Time // when its patience ends; zero if it never had to wait
}

// read reads the request's body. The body is to be given to done also after an error.
func (b *bodies) read(r *http.Request) (*body, error) {
	into := b.pool.Get().(*body)
	into.bytes = into.small[:0]
	if r.ContentLength > limit {
		// Read, so that a client that doesn't listen while it talks gets to hear the answer; not kept.
		if _, err := io.CopyN(io.Discard, r.Body, limit+1); err != nil {
			return into, fmt.Errorf("read body: %w", err)
		}
		return into, errTooLarge
	}
	for {
		if len(into.bytes) == cap(into.bytes) {
			if err := b.grow(r.Context(), into); err != nil {
				return into, err
			}
		}
		n, err := r.Body.Read(into.bytes[len(into.bytes):cap(into.bytes)])
		into.bytes = into.bytes[:len(into.bytes)+n]
		switch {
		case len(into.bytes) > limit:
			return into, errTooLarge
		case errors.Is(err, io.EOF):
			return into, nil
		case err != nil:
			return into, fmt.Errorf("read body: %w", err)
		}
	}
}

// grow moves a body to a buffer of twice the size; the largest has one byte more than the limit, which tells that a
// body is over it.
func (b *bodies) grow(ctx context.Context, of *body) error {
	size := int64(min(2*cap(of.bytes), limit+1))
	if !b.budget.TryAcquire(size) {
		if of.until.IsZero() {
			of.until = time.Now().Add(patience) // a context's deadline knows no other clock
		}
		ctx, cancel := context.WithDeadline(ctx, of.until)
		defer cancel()
		if err := b.budget.Acquire(ctx, size); err != nil {
			return errBusy
		}
	}
	larger := make([]byte, len(of.bytes), size)
	copy(larger, of.bytes)
	b.budget.Release(of.held)
	of.bytes, of.held = larger, size
	return nil
}

// done gives back what a body held.
func (b *bodies) done(of *body) {
	if of.held > 0 {
		b.budget.Release(of.held)
	}
	of.bytes, of.held, of.until = nil, 0, time.Time{}
	b.pool.Put(of)
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}
