package webhook_test

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret      = "s3cr3t-of-the-app"
	verifyToken = "v3r1fy-t0ken"
	account     = "17841405726653026"
	alias       = "17841400000000003"
)

// noon is when the tests take place.
var noon = time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)

// door is a handler with all that it talks to.
type door struct {
	*webhook.Handler
	store    *memory
	observed *observed
	log      *logtest.Hook
	clock    *clock
}

func newDoor(t testing.TB) *door {
	t.Helper()
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	d := &door{store: &memory{}, observed: &observed{}, log: hook, clock: &clock{now: noon}}
	handler, err := webhook.New(webhook.Options{
		Secrets:  webhook.Secrets{VerifyToken: verifyToken, App: [][]byte{[]byte(secret)}},
		Accounts: []webhook.Account{{ID: account, Aliases: []string{alias}}, {ID: "1789"}},
		Store:    d.store,
		Observe:  d.observed,
		Log:      log,
		Now:      d.clock.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Handler = handler
	return d
}

// post sends a body, signed with the secret.
func (d *door) post(body string) *httptest.ResponseRecorder {
	return d.send(signed(body, secret))
}

func (d *door) send(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

func signed(body, with string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, webhook.Path, strings.NewReader(body))
	r.Header.Set(instagram.SignatureHeader, instagram.Sign([]byte(body), []byte(with)))
	return r
}

// logged is everything in the log, for looking what isn't there.
func (d *door) logged(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, entry := range d.log.AllEntries() {
		line, err := entry.String()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(line)
	}
	return all.String()
}

// memory is a store that keeps in memory what it is given, each key once.
type memory struct {
	mu    sync.Mutex
	calls [][]inbox.Arrival
	fail  error
	// first is called before anything is stored.
	first func(context.Context) error
}

func (s *memory) Accept(ctx context.Context, arrivals []inbox.Arrival) (inbox.Accepted, error) {
	if s.first != nil {
		if err := s.first(ctx); err != nil {
			return inbox.Accepted{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return inbox.Accepted{}, s.fail
	}
	known := map[string]bool{}
	for _, call := range s.calls {
		for _, a := range call {
			known[a.Key] = true
		}
	}
	var accepted inbox.Accepted
	for _, a := range arrivals {
		if known[a.Key] {
			accepted.Duplicate++
		} else {
			accepted.New++
		}
		known[a.Key] = true
	}
	s.calls = append(s.calls, arrivals)
	return accepted, nil
}

func (s *memory) keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	keys := []string{}
	for _, call := range s.calls {
		for _, a := range call {
			keys = append(keys, a.Key)
		}
	}
	return keys
}

// observed is an observer that remembers.
type observed struct {
	mu         sync.Mutex
	statuses   []int
	took       []time.Duration
	received   map[string]int
	duplicates int
	ignored    map[instagram.Ignored]int
}

func (o *observed) Answered(status int, took time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.statuses, o.took = append(o.statuses, status), append(o.took, took)
}

func (o *observed) Received(kind string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.received == nil {
		o.received = map[string]int{}
	}
	o.received[kind]++
}

func (o *observed) Duplicates(n int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.duplicates += n
}

func (o *observed) Ignored(reason, name string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ignored == nil {
		o.ignored = map[instagram.Ignored]int{}
	}
	o.ignored[instagram.Ignored{Reason: reason, Name: name}]++
}

// parts lists what was ignored, as "reason name", sorted.
func (o *observed) parts() []string {
	parts := []string{}
	for _, i := range slices.SortedFunc(maps.Keys(o.ignored), func(a, b instagram.Ignored) int {
		return cmp.Or(cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Name, b.Name))
	}) {
		for range o.ignored[i] {
			parts = append(parts, i.Reason+" "+i.Name)
		}
	}
	return parts
}

// clock is one that moves only when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// notification wraps changes for an account as Meta does.
func notification(entry string, changes ...string) string {
	return `{"object":"instagram","entry":[{"id":"` + entry + `","time":1704110400,"changes":[` + strings.Join(changes, ",") + `]}]}`
}

func comment(id, text string) string {
	return `{"field":"comments","value":{"id":"` + id + `","text":"` + text + `","from":{"id":"42","username":"ada"},"media":{"id":"179"}}}`
}

func mention(commentID string) string {
	return `{"field":"mentions","value":{"comment_id":"` + commentID + `","media_id":"178"}}`
}

// unsized hides from net/http how long a body is, so that it is sent in chunks.
func unsized(body []byte) io.Reader { return io.MultiReader(bytes.NewReader(body)) }
