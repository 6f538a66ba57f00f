package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/instagram"
)

// load sends notifications of comments that nobody has seen yet, and notes when each was sent.
type load struct {
	address string
	client  *http.Client
	next    atomic.Int64 // the number of the next event
	mu      sync.Mutex
	sent    map[string]time.Time // by comment id
	replied map[string]int
	took    []time.Duration // from notification to reply
	answers []time.Duration // of the webhook
	place   chan struct{}   // of those in flight
	doubled int
}

func newLoad(address string, inFlight int) *load {
	return &load{
		address: "http://" + address + "/webhooks/instagram",
		client: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
			MaxIdleConnsPerHost: inFlight, DisableCompression: true,
		}},
		sent: map[string]time.Time{}, replied: map[string]int{}, place: make(chan struct{}, inFlight),
	}
}

// firstComment is where the comments' ids begin, in the shape of Meta's.
const firstComment = 17_900_000_000_000_000

func commentID(n int64) string { return strconv.FormatInt(firstComment+n, 10) }

// body is a notification of the next n events. Every event has media of its own: what one conversation costs is not
// what is measured.
func (l *load) body(n int) ([]byte, []string) {
	var b bytes.Buffer
	ids := make([]string, n)
	fmt.Fprintf(&b, `{"object":"instagram","entry":[{"id":"%s","time":%d,"changes":[`, accountID, time.Now().Unix())
	for i := range n {
		ids[i] = commentID(l.next.Add(1))
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"field":"mentions","value":{"comment_id":"%s","media_id":"1%s"}}`, ids[i], ids[i][1:])
	}
	b.WriteString(`]}]}`)
	return b.Bytes(), ids
}

// send posts one notification of n events and notes how long the answer took.
func (l *load) send(ctx context.Context, n int) error {
	body, ids := l.body(n)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.address, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Hub-Signature-256", instagram.Sign(body, []byte(appSecret)))
	now := time.Now()
	l.mu.Lock()
	for _, id := range ids {
		l.sent[id] = now
	}
	l.mu.Unlock()
	response, err := l.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the webhook answers %s", response.Status)
	}
	l.mu.Lock()
	l.answers = append(l.answers, time.Since(now))
	l.mu.Unlock()
	return nil
}

// reply notes that a comment was answered, and frees its place.
func (l *load) reply(comment string) {
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	sent, ours := l.sent[comment]
	if !ours {
		return
	}
	if l.replied[comment]++; l.replied[comment] > 1 {
		l.doubled++
		return
	}
	l.took = append(l.took, now.Sub(sent))
	select {
	case <-l.place:
	default:
	}
}

// flood sends events in batches, as fast as replies come: inFlight events are on their way at any time.
func (l *load) flood(ctx context.Context, events, batch int) (time.Duration, error) {
	begun := time.Now()
	var senders sync.WaitGroup
	errs := make(chan error, 64)
	var begunEvents atomic.Int64
	for range max(1, min(64, cap(l.place)/batch)) {
		senders.Go(func() {
			for begunEvents.Add(int64(batch)) <= int64(events) {
				for range batch {
					select {
					case l.place <- struct{}{}:
					case <-ctx.Done():
						return
					}
				}
				if err := l.send(ctx, batch); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	senders.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
	}
	if err := l.settle(ctx); err != nil {
		return 0, err
	}
	return time.Since(begun), nil
}

// steady sends single events at a rate, whatever comes back.
func (l *load) steady(ctx context.Context, rate int, length time.Duration) error {
	ticker := time.NewTicker(time.Second / time.Duration(rate))
	defer ticker.Stop()
	var sending sync.WaitGroup
	defer sending.Wait()
	failed := make(chan error, 1)
	for range int(length.Seconds() * float64(rate)) {
		select {
		case <-ticker.C:
		case err := <-failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
		sending.Go(func() {
			if err := l.send(ctx, 1); err != nil {
				select {
				case failed <- err:
				default:
				}
			}
		})
	}
	sending.Wait()
	return l.settle(ctx)
}

// settle waits until every event is answered, or nothing has been for five seconds: the rest is lost.
func (l *load) settle(ctx context.Context) error {
	last, since := -1, time.Now()
	for {
		l.mu.Lock()
		open, replied := len(l.sent)-len(l.replied), len(l.replied)
		l.mu.Unlock()
		if open == 0 {
			return nil
		}
		if replied != last {
			last, since = replied, time.Now()
		}
		if time.Since(since) > 5*time.Second {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// lost counts the events that were never answered.
func (l *load) lost() int { return len(l.sent) - len(l.replied) }

// quantile of durations, 0 of none.
func quantile(durations []time.Duration, q float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
