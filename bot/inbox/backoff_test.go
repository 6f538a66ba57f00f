package inbox_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/answerback/answerback/bot/inbox"
)

func TestBackoffWithoutJitter(t *testing.T) {
	b := inbox.Backoff{First: 2 * time.Second, Factor: 2, Cap: 5 * time.Minute}
	for attempt, want := range map[int]time.Duration{
		-1: 2 * time.Second, 0: 2 * time.Second, 1: 2 * time.Second, 2: 4 * time.Second, 3: 8 * time.Second,
		8: 256 * time.Second, 9: 5 * time.Minute, 10: 5 * time.Minute, 5000: 5 * time.Minute,
	} {
		if got := b.Next(attempt, 1); got != want {
			t.Errorf("attempt %d: %v, want %v", attempt, got, want)
		}
	}
}

func TestRetries(t *testing.T) {
	want := inbox.Backoff{First: 2 * time.Second, Factor: 2, Cap: 5 * time.Minute, Jitter: 0.2}
	if got := inbox.Retries(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestBackoffStaysWithinItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := inbox.Backoff{
			First:  time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "first")),
			Factor: rapid.Float64Range(1, 100).Draw(t, "factor"),
			Cap:    time.Duration(rapid.Int64Range(1, int64(24*time.Hour)).Draw(t, "cap")),
			Jitter: rapid.Float64Range(0, 1).Draw(t, "jitter"),
		}
		attempt, seed := rapid.Int().Draw(t, "attempt"), rapid.Uint64().Draw(t, "seed")
		wait := b.Next(attempt, seed)
		if again := b.Next(attempt, seed); again != wait {
			t.Errorf("%v, and then %v", wait, again)
		}
		plain := b
		plain.Jitter = 0
		most := plain.Next(attempt, seed)
		least := time.Duration(float64(most)*(1-b.Jitter)) - 1
		if wait > most || wait < least || most > b.Cap || wait < 0 {
			t.Errorf("%v is not between %v and %v, capped at %v", wait, least, most, b.Cap)
		}
		if later := plain.Next(max(attempt, 1)%1000+1, seed); later < plain.Next(max(attempt, 1)%1000, seed) {
			t.Errorf("%v is shorter than the one before", later)
		}
	})
}

func TestBackoffSpreads(t *testing.T) {
	waits := map[time.Duration]bool{}
	for seed := range uint64(100) {
		waits[inbox.Retries().Next(3, seed)] = true
	}
	if len(waits) < 90 {
		t.Errorf("100 events have only %d waits", len(waits))
	}
}
