package sqlite_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/share"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// inFlight is how many callers the benchmarks have, as many as design §6 has notifications in flight.
const inFlight = 64

func openBench(b *testing.B) *sqlite.Store {
	store, err := sqlite.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	return store
}

// perSecond reports what design §6 asks about.
func perSecond(b *testing.B, events int) {
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
}

// each runs work for the numbers 0 to b.N-1 in as many goroutines as there are callers in flight.
func each(b *testing.B, work func(i int) error) {
	var (
		next atomic.Int64
		all  sync.WaitGroup
	)
	for range inFlight {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < b.N; i = int(next.Add(1)) - 1 {
				if err := work(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

func arrivalNo(i int) inbox.Arrival {
	comment := fmt.Sprint(17900000000000000 + i)
	change := fmt.Appendf(nil, `{"field":"comments","value":{"id":"%s","from":{"id":"232323232","username":"ada"},`+
		`"media":{"id":"179%d","media_product_type":"FEED"},"text":"hello, how much is the blue one, please?"}}`, comment, i%100)
	at := time.Now()
	return inbox.Arrival{
		Key: "17841405726653026/comment/" + comment, Rank: 1, Account: "17841405726653026", Thread: comment,
		Change: change, Notified: at, Received: at,
	}
}

func BenchmarkAccept(b *testing.B) {
	for _, batch := range []int{1, 100} {
		b.Run(fmt.Sprintf("batch=%d", batch), func(b *testing.B) {
			store := openBench(b)
			arrivals := make([]inbox.Arrival, b.N*batch)
			for i := range arrivals {
				arrivals[i] = arrivalNo(i)
			}
			b.ResetTimer()
			each(b, func(i int) error {
				_, err := store.Accept(b.Context(), arrivals[i*batch:(i+1)*batch])
				return err
			})
			perSecond(b, b.N*batch)
		})
	}
}

// BenchmarkLifecycle runs events the whole way as the bot does: accepted one at a time, claimed by one goroutine,
// concluded with the book, entered as sending, and finished as posted. A rule that is bound by one key for a user, as by
// once_per, leaves two marks a reply.
func BenchmarkLifecycle(b *testing.B) {
	for _, marks := range []int{0, 2} {
		b.Run(fmt.Sprintf("marks=%d", marks), func(b *testing.B) { liveThrough(b, marks) })
	}
}

func liveThrough(b *testing.B, marks int) {
	store := openBench(b)
	items := make(chan inbox.Item, inFlight)
	places := make(chan struct{}, inFlight)
	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	b.ResetTimer()

	var all sync.WaitGroup
	all.Go(func() { each(b, func(i int) error { return acceptWhenFree(ctx, store, places, i) }) })
	all.Go(func() {
		defer close(items)
		claimAll(b, store, items, b.N)
	})
	for range inFlight {
		all.Go(func() {
			for item := range items {
				if err := answer(ctx, store, item, marks); err != nil {
					b.Error(err)
				}
				<-places
			}
		})
	}
	all.Wait()
	perSecond(b, b.N)
}

func acceptWhenFree(ctx context.Context, store *sqlite.Store, places chan<- struct{}, i int) error {
	places <- struct{}{}
	_, err := store.Accept(ctx, []inbox.Arrival{arrivalNo(i)})
	return err
}

func claimAll(b *testing.B, store *sqlite.Store, items chan<- inbox.Item, n int) {
	for n > 0 {
		claimed, err := store.Claim(b.Context(), share.Of(inFlight), time.Now(), 30*time.Second)
		if err != nil {
			b.Error(err)
			return
		}
		for _, item := range claimed {
			items <- item
		}
		if n -= len(claimed); len(claimed) == 0 {
			<-store.Arrived()
		}
	}
}

func answer(ctx context.Context, store *sqlite.Store, item inbox.Item, marks int) error {
	var event rules.Event
	if err := json.Unmarshal([]byte(`{"kind":"comment","text":"hello, how much is the blue one, please?"}`), &event); err != nil {
		return err
	}
	event.ID, event.Time = item.Key, item.Received
	event.Account.ID, event.From.ID, event.Comment.ID = item.Account, fmt.Sprint(232323232+item.Seq), item.Thread
	event.From.Username, event.Media.ID = "ada", "17918195224117851"
	facts, err := json.Marshal(event)
	if err != nil {
		return err
	}
	now := time.Now()
	deliveries, err := store.Enter(ctx, item.Seq, func(book ledger.Book) (ledger.Entry, error) {
		decision := decisionOn(&event)
		record, err := ledger.Conclude(&event, decision, now, ledger.Terms{PerThread: 3}, book)
		if err != nil {
			return ledger.Entry{}, err
		}
		plans, err := ledger.Plans(&record, decision, item.Received, now)
		for i := range plans {
			plans[i].Now, plans[i].Author, plans[i].Variant = true, event.From, "3f2a9c4e"
			plans[i].Marks = bounds(event.From, marks)
			for _, mark := range plans[i].Marks {
				if _, err := book.Marked(mark, 1); err != nil {
					return ledger.Entry{}, err
				}
			}
		}
		return ledger.Entry{Record: record, Facts: facts, Now: now, Plans: plans}, err
	})
	if err != nil {
		return err
	}
	return store.Finish(ctx, deliveries[0].ID, ledger.Fate{
		State: ledger.Posted, PostedID: fmt.Sprint(18000000000000000 + item.Seq), At: time.Now(),
	})
}

// bounds are so many marks of a reply to the author, with hashes as a ledger makes them.
func bounds(author rules.From, n int) []ledger.Mark {
	marks := make([]ledger.Mark, n)
	for i := range marks {
		hash := sha256.Sum256(fmt.Append(nil, author, i))
		marks[i].Hash = base64.RawURLEncoding.EncodeToString(hash[:16])
	}
	return marks
}

func decisionOn(event *rules.Event) rules.Decision {
	const text = "Hi @ada, sizes and prices are behind the link in our bio"
	return rules.Decision{
		Revision: "3f2a9c4e1b7d",
		Rules:    []rules.Outcome{{Name: "greeting", Outcome: rules.NoMatch}, {Name: "price", Outcome: rules.Matched}},
		Candidates: []rules.Candidate{{
			Index: 1, Rule: "price", Mode: rules.Live, MaxAge: 24 * time.Hour,
			Actions: []rules.Action{{
				Action: rules.ActionReply, Rule: "price", Text: text, Request: platform.ReplyRequest(event.Target(), text), Delay: "0s",
			}},
		}},
	}
}
