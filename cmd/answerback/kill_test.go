package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

var (
	kills    = flag.Int("kills", 25, "how often TestKill kills the daemon")
	killSeed = flag.Uint64("kill-seed", 0, "the seed of TestKill's moments and faults; 0: a new one")
)

// eventsPerKill is how many events come in from one kill to the next.
const eventsPerKill = 60

// failingReads is in how many rounds, from the first, reading fails. Each try of an event, be it cut off by a kill,
// doubles the wait after the next failure: later, the end of the test would have to wait for minutes.
const failingReads = 4

const killRules = `rules:
  - name: everybody
    when: has(text, "hello")
    reply: "noted {{ comment.id }}"
`

// The daemon is killed again and again while notifications come in and the Graph API fails in every way: each event that
// was acknowledged ends once, and no comment gets two replies. `go test -run TestKill -kills 500` does it longer.
func TestKill(t *testing.T) {
	t.Parallel()
	seed := *killSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("-kill-seed %d", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	s := newSite(t, killRules)
	sender := startSender(s, seed)
	defer sender.stop()

	for round := range *kills {
		misbehave(s.fake, chance, round < failingReads)
		s.start(t)
		sender.to(s.daemon.webhook)
		sender.offer(round*eventsPerKill, eventsPerKill)
		// At a random number of replies, or after a random time where those don't come.
		enough := s.fake.ReplyCount() + chance.IntN(eventsPerKill)
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(chance.IntN(400))*time.Millisecond)
		s.fake.WaitReplies(ctx, enough)
		cancel()
		if err := s.daemon.kill(); err != nil {
			t.Fatal(err)
		}
	}

	s.fake.Mend()
	found, counts := settle(t, s, sender)
	t.Logf("%d events, verdicts %v, deliveries %v, %d replies at the fake, %d notifications sent", *kills*eventsPerKill,
		counts.Verdicts, counts.Deliveries, s.fake.ReplyCount(), sender.tries.Load())
	for _, fault := range onceOnly(sender.acknowledged(), found, counts, s.fake.Replies()) {
		t.Error(fault)
	}
	for _, v := range found {
		if d := v.Deliveries; v.Event.Media.ID == ownMedia && len(d) == 1 && d[0].State == ledger.Unknown &&
			!strings.Contains(d[0].Fate.Reason, "#9999") && !strings.Contains(d[0].Fate.Reason, "sent twice") {
			t.Errorf("comment %s: Instagram shows its thread, and its reply stays unknown: %s", v.Event.Comment.ID, d[0].Fate.Reason)
		}
	}
	if posted := counts.Deliveries[ledger.Posted]; posted < *kills {
		t.Errorf("only %d replies were posted: nothing is shown by this", posted)
	}
	if log := s.daemon.said(); strings.Contains(log, "DATA RACE") || strings.Contains(log, "panic") {
		t.Errorf("the log:\n%s", log)
	}
}

// settle runs the daemon undisturbed until nothing is left to do.
func settle(t *testing.T, s *site, sender *retryingSender) ([]verdict, ledger.Counts) {
	t.Helper()
	s.start(t)
	sender.to(s.daemon.webhook)
	sender.wait()
	for {
		s.until(t, "events stay open", func() bool { return s.metric("answerback_inbox_backlog") == "0" })
		s.stop(t)
		found, counts := s.ledger(t)
		if counts.Open+counts.Deliveries[ledger.Planned]+counts.Deliveries[ledger.Sending] == 0 && !s.doubts {
			return found, counts
		}
		s.start(t)
	}
}

// misbehave has the Graph API fail, delay and cut connections for a while.
func misbehave(fake *instagramtest.Fake, chance *rand.Rand, reads bool) {
	fake.Mend()
	faults := []struct {
		match instagramtest.Match
		fault instagramtest.Fault
	}{
		{instagramtest.Match{Method: "GET"}, instagramtest.Fault{Status: 500}},
		{instagramtest.Match{Method: "GET"}, instagramtest.Fault{CutBefore: true}},
		{instagramtest.Match{Method: "GET"}, instagramtest.Fault{Code: 2, Status: 500}},
		{instagramtest.Match{Method: "POST"}, instagramtest.Fault{CutBefore: true}},
		{instagramtest.Match{Method: "POST"}, instagramtest.Fault{CutAfter: true}},
		{instagramtest.Match{Method: "POST"}, instagramtest.Fault{Status: 500}},
		{instagramtest.Match{Method: "POST"}, instagramtest.Fault{Status: 502, Effect: true}},
		{instagramtest.Match{Method: "POST"}, instagramtest.Fault{Code: 9999, Effect: true}},
	}
	for range 4 {
		f := faults[chance.IntN(len(faults))]
		f.fault.Times = 1 + chance.IntN(3)
		if f.match.Method == "GET" && !reads {
			continue
		}
		// Only some of the comments, so that the faults don't strike at the beginning alone.
		if f.match.Method == "POST" {
			f.match.Message = fmt.Sprint(10 + chance.IntN(60))
		}
		fake.Fail(f.match, f.fault)
	}
	fake.Fail(instagramtest.Match{}, instagramtest.Fault{Delay: time.Duration(chance.IntN(8)) * time.Millisecond})
}

// retryingSender sends what it is offered in batches of a few, and sends each again until it is answered with 200, as
// Meta does, but without long waits.
type retryingSender struct {
	site    *site
	work    chan []int
	webhook atomic.Pointer[string]
	tries   atomic.Int64
	chance  *rand.Rand
	ended   context.CancelFunc
	senders sync.WaitGroup
	open    sync.WaitGroup // batches that were offered and not acknowledged

	mu  sync.Mutex
	ids []string // of the comments that were acknowledged
}

func startSender(s *site, seed uint64) *retryingSender {
	ctx, cancel := context.WithCancel(context.Background())
	r := &retryingSender{site: s, work: make(chan []int, 10_000), chance: rand.New(rand.NewPCG(seed, 1)), ended: cancel}
	for range 8 {
		r.senders.Go(func() { r.run(ctx) })
	}
	return r
}

func (r *retryingSender) to(webhook string) { r.webhook.Store(&webhook) }

// offer offers events to send.
func (r *retryingSender) offer(first, n int) {
	for sent := 0; sent < n; {
		size := min(1+r.chance.IntN(8), n-sent)
		batch := make([]int, size)
		for i := range batch {
			batch[i] = first + sent + i
		}
		r.open.Add(1)
		r.work <- batch
		sent += size
	}
}

func (r *retryingSender) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case batch := <-r.work:
			r.send(ctx, batch)
			r.open.Done()
		}
	}
}

func (r *retryingSender) send(ctx context.Context, batch []int) {
	var changes []instagramtest.Change
	var ids []string
	for _, n := range batch {
		changes, ids = append(changes, r.site.comment(n)), append(ids, commentID(n))
	}
	sender := r.site.fake.Sender()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		r.tries.Add(1)
		status, err := sender.Post(ctx, *r.webhook.Load(), sender.Body(changes...))
		if err == nil && status == 200 {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-again.C:
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids = append(r.ids, ids...)
}

// wait waits until all that was offered is acknowledged.
func (r *retryingSender) wait() { r.open.Wait() }

func (r *retryingSender) stop() {
	r.ended()
	r.senders.Wait()
}

func (r *retryingSender) acknowledged() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ids)
}

// onceOnly tells what of an acknowledged event is not as it must be: one verdict, one delivery with an end, and at most
// one reply, which the ledger knows of.
func onceOnly(acknowledged []string, found []verdict, counts ledger.Counts, replies []instagramtest.Reply) (faults []string) {
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if left := counts.Open + counts.Deliveries[ledger.Planned] + counts.Deliveries[ledger.Sending]; left > 0 {
		fault("%d events or deliveries have no end", left)
	}
	said := map[string][]instagramtest.Reply{}
	for _, r := range replies {
		id := strings.TrimPrefix(r.Text, "noted ")
		said[id] = append(said[id], r)
		if len(said[id]) == 2 {
			fault("comment %s has two replies", id)
		}
	}
	judged := map[string]int{}
	for _, v := range found {
		id := v.Event.Comment.ID
		judged[id]++
		if v.Verdict != ledger.VerdictReply {
			fault("comment %s: %s because %s", id, v.Verdict, v.Because)
		}
		if len(v.Deliveries) != 1 {
			fault("comment %s has %d deliveries", id, len(v.Deliveries))
			continue
		}
		switch d := v.Deliveries[0]; {
		case d.State == ledger.Posted && (len(said[id]) != 1 || said[id][0].ID != d.Fate.PostedID):
			fault("comment %s: reply %q is posted by the ledger, and none such is there", id, d.Fate.PostedID)
		case d.State != ledger.Posted && d.State != ledger.Unknown && len(said[id]) > 0:
			fault("comment %s: the reply is %s by the ledger, and is there", id, d.State)
		}
	}
	for id := range said {
		if judged[id] == 0 {
			fault("comment %s has a reply, and the ledger doesn't know it", id)
		}
	}
	for _, id := range acknowledged {
		if judged[id] != 1 {
			fault("comment %s was acknowledged and has %d verdicts", id, judged[id])
		}
	}
	return faults
}

// TestTwiceAndLostAreSeen shows that what TestKill looks for would be found.
func TestTwiceAndLostAreSeen(t *testing.T) {
	type end struct {
		acknowledged []string
		found        []verdict
		counts       ledger.Counts
		replies      []instagramtest.Reply
	}
	good := func() *end {
		event := func(id string, d ledger.Settled) verdict {
			return verdict{ledger.Record{Event: rules.Event{Comment: rules.Comment{ID: id}}, Verdict: ledger.VerdictReply}, []ledger.Settled{d}}
		}
		posted := ledger.Settled{Delivery: ledger.Delivery{State: ledger.Posted}, Fate: ledger.Fate{PostedID: "91"}}
		unknown := ledger.Settled{Delivery: ledger.Delivery{State: ledger.Unknown}}
		return &end{
			acknowledged: []string{"1", "2"},
			found:        []verdict{event("1", posted), event("2", unknown)},
			counts:       ledger.Counts{Deliveries: map[ledger.State]int{}},
			replies:      []instagramtest.Reply{{ID: "91", Text: "noted 1"}, {ID: "92", Text: "noted 2"}},
		}
	}
	look := func(e *end) []string { return onceOnly(e.acknowledged, e.found, e.counts, e.replies) }
	if faults := look(good()); len(faults) > 0 {
		t.Errorf("found in good events: %q", faults)
	}
	for name, plant := range map[string]func(*end){
		"a second reply":            func(e *end) { e.replies = append(e.replies, instagramtest.Reply{ID: "93", Text: "noted 1"}) },
		"a lost event":              func(e *end) { e.found, e.replies = e.found[:1], e.replies[:1] },
		"an event judged twice":     func(e *end) { e.found = append(e.found, e.found[0]) },
		"an event never ended":      func(e *end) { e.counts.Open = 1 },
		"a delivery never ended":    func(e *end) { e.counts.Deliveries[ledger.Sending] = 1 },
		"a reply that waits":        func(e *end) { e.counts.Deliveries[ledger.Planned] = 1 },
		"a reply without an event":  func(e *end) { e.replies = append(e.replies, instagramtest.Reply{ID: "93", Text: "noted 3"}) },
		"a reply that is not there": func(e *end) { e.replies = e.replies[1:] },
		"a refused reply that is there": func(e *end) {
			e.found[1].Deliveries[0].State = ledger.Refused
		},
		"two deliveries": func(e *end) { e.found[0].Deliveries = append(e.found[0].Deliveries, e.found[0].Deliveries[0]) },
	} {
		e := good()
		plant(e)
		if len(look(e)) == 0 {
			t.Errorf("%s is not seen", name)
		}
	}
}
