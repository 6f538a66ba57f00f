package bot_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

const crashRules = `rules:
  - {name: price, on: comment, when: 'has(text, "how much")', reply: 'Hi @{{ from.username }}'}
  - {name: challenge, on: mention, when: 'has(text, "challenge")', reply: Challenge accepted!, delay: 5s}
`

// crashFate is how the first POST of each event fails, and what can be told of it afterwards.
type crashFate struct {
	post, read, thread *instagramtest.Fault
	hidden             bool // Instagram shows no threads
	unheard            bool // it isn't looked for: the answer has a code that nobody has described
	unnamed            bool // done, but no answer tells the id
	state              ledger.State
	posts              int
}

func crashFates() map[string]crashFate {
	once := func(f instagramtest.Fault) *instagramtest.Fault {
		f.Times = 1
		return &f
	}
	oops := once(instagramtest.Fault{Status: 500, Body: "oops"})
	return map[string]crashFate{
		"ok":                      {read: oops, state: ledger.Posted, posts: 1},
		"cut before the effect":   {post: once(instagramtest.Fault{CutBefore: true}), state: ledger.Posted, posts: 2},
		"cut after the effect":    {post: once(instagramtest.Fault{CutAfter: true}), state: ledger.Posted, posts: 1},
		"5xx":                     {post: once(instagramtest.Fault{Status: 502, Body: "oops"}), state: ledger.Posted, posts: 2},
		"5xx after the effect":    {post: once(instagramtest.Fault{Status: 502, Body: "oops", Effect: true}), state: ledger.Posted, posts: 1},
		"wait":                    {post: once(instagramtest.Fault{Code: 4, Message: "limit"}), state: ledger.Posted, posts: 2},
		"gone":                    {post: once(instagramtest.Fault{Code: 100, Subcode: 33, Message: "gone"}), state: ledger.Refused, posts: 1},
		"permanent":               {post: once(instagramtest.Fault{Code: 36004, Message: "too long"}), state: ledger.Refused, posts: 1},
		"human":                   {post: once(instagramtest.Fault{Code: 10, Message: "permission"}), state: ledger.Posted, posts: 2},
		"done":                    {post: once(instagramtest.Fault{Code: 20, Subcode: 1772107, Effect: true}), unnamed: true, state: ledger.Posted, posts: 1},
		"unheard of":              {post: once(instagramtest.Fault{Code: 987654, Message: "new"}), unheard: true, state: ledger.Unknown, posts: 1},
		"cut and hidden":          {post: once(instagramtest.Fault{CutAfter: true}), hidden: true, state: ledger.Unknown, posts: 1},
		"cut and read too late":   {post: once(instagramtest.Fault{CutAfter: true}), thread: oops, state: ledger.Posted, posts: 1},
		"cut before and too late": {post: once(instagramtest.Fault{CutBefore: true}), thread: oops, state: ledger.Posted, posts: 2},
	}
}

// crash is a world in which bots die, one after another, over one store and one platform.
type crash struct {
	t     *testing.T
	fate  crashFate
	fake  *instagramtest.Fake
	graph bot.Graph
	true  crashStore
	store bot.Store // what the lives see: the true one, or one that lies
	died  bool      // in the run under way
	rules *rules.Set
	story *story
	event int
	seq   int64
}

// crashStore is a store that can be examined.
type crashStore interface {
	bot.Store
	Record(ctx context.Context, seq int64) (ledger.Record, error)
	Deliveries(ctx context.Context, seq int64) ([]ledger.Settled, error)
	Counts(ctx context.Context) (ledger.Counts, error)
}

// inCrash runs a test in a bubble of time with a world, on a slate or on a database. The fake is made outside of it,
// since it listens.
func inCrash(t *testing.T, fate crashFate, database bool, run func(*crash)) {
	fake := instagramtest.New(instagramtest.Options{
		Accounts: []instagramtest.Account{{ID: account, Username: instagramtest.GuideUsername, Token: "token"}}, AppSecret: secret,
	})
	t.Cleanup(fake.Close)
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC))) // it begins before there was an Instagram: nobody believes a time of then
		var store crashStore = newSlate()
		if database {
			file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "bot.db"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			store = file
		}
		run(&crash{
			t: t, fate: fate, fake: fake, true: store, store: store, rules: compile(t, crashRules),
			graph: instagram.NewClient(instagram.Options{Version: "v26.0", Transport: fake.Transport()}),
		})
	})
}

// arrivals makes a comment on own media and a mention in a caption, and has the calls about them fail as the fate says.
func (c *crash) arrivals() (targets []string, arrivals []inbox.Arrival) {
	c.event++
	own, comment, mentioned := fmt.Sprint(3_000_000+c.event), fmt.Sprint(4_000_000+c.event), fmt.Sprint(5_000_000+c.event)
	c.fake.AddMedia(instagramtest.Media{ID: own, Owner: instagramtest.GuideUsername})
	c.fake.AddMedia(instagramtest.Media{ID: mentioned, Owner: "stranger", Caption: "challenge, @" + instagramtest.GuideUsername})
	c.fake.AddComment(instagramtest.Comment{ID: comment, MediaID: own, FromID: "77", Username: "ada", Text: "how much?"})
	// Instagram leaves out lists that are empty, so that nothing could be told by one.
	c.fake.AddComment(instagramtest.Comment{ID: "6" + comment, MediaID: own, ParentID: comment, FromID: "78", Username: "ben", Text: "nice"})
	c.fake.AddComment(instagramtest.Comment{ID: "6" + mentioned, MediaID: mentioned, Username: "ben", Text: "nice"})

	c.fake.Mend()
	fail := func(m instagramtest.Match, f *instagramtest.Fault) {
		if f != nil {
			c.fake.Fail(m, *f)
		}
	}
	fail(instagramtest.Match{Method: "POST", Edge: "replies"}, c.fate.post)
	fail(instagramtest.Match{Method: "POST", Edge: "mentions"}, c.fate.post)
	fail(instagramtest.Match{Method: "GET", Edge: "mentioned_media"}, c.fate.read)
	fail(instagramtest.Match{Method: "GET", Edge: "replies"}, c.fate.thread)
	if c.fate.hidden {
		c.fake.HideThreads()
	}
	arrival := func(id, change string, args ...any) inbox.Arrival {
		return inbox.Arrival{
			Key: account + "/" + id, Account: account, Thread: id, Received: time.Now(), Notified: time.Now(),
			Change: fmt.Appendf(nil, change, args...),
		}
	}
	return []string{comment, mentioned}, []inbox.Arrival{
		arrival(comment, `{"field":"comments","value":{"id":%q,"text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":%q}}}`, comment, own),
		arrival(mentioned, `{"field":"mentions","value":{"media_id":%q}}`, mentioned),
	}
}

// run lets two events come in and bots work at them, each of which dies as its doom says, and one that doesn't. It gives
// what was violated, and the first life.
func (c *crash) run(dooms ...string) (violations []string, first *life) {
	c.t.Helper()
	c.story, c.died = &story{}, false
	targets, arrivals := c.arrivals()
	for _, doom := range append(dooms, "") {
		if l := c.live(doom, arrivals); first == nil {
			first = l
		}
	}
	if counts, err := c.true.Counts(c.t.Context()); err != nil || counts.Open > 0 {
		violations = append(violations, unended)
	}
	seqs := []int64{c.seq + 1, c.seq + 2}
	c.seq += 2
	return append(violations, c.examine(c.t.Context(), targets, seqs)...), first
}

// live has a bot work until it dies or has nothing to do any more. What came in before comes in again: Meta sends what
// it had no answer for once more, and what it had one for at times too.
func (c *crash) live(doom string, arrivals []inbox.Arrival) *life {
	c.t.Helper()
	l := newLife(c.store, c.graph, c.story, doom)
	log := logrus.New()
	log.SetOutput(io.Discard)
	b := bot.New(bot.Options{
		Store: l, Rules: func() *rules.Set { return c.rules }, Graph: l, Mode: rules.Live, Workers: 2,
		Accounts: []bot.Account{{Account: instagram.Account{
			ID: account, Username: instagramtest.GuideUsername, AccessToken: "token", AppSecret: secret, GraphURL: c.fake.URL(),
		}}},
		Log: log, Now: time.Now, Observe: make(observer, 1),
	})
	if b.Start(c.t.Context()) == nil {
		if _, err := b.Accept(c.t.Context(), arrivals); err == nil {
			c.quiet(l)
		}
	}
	_ = b.Stop(ended())
	c.died = c.died || l.alive() != nil
	return l
}

// mostQuiet is how long it may take until nothing is left to do, in the bubble's time.
const mostQuiet = 2 * time.Hour

// quiet waits until a life has ended, or has nothing to do.
func (c *crash) quiet(l *life) {
	c.t.Helper()
	for deadline := time.Now().Add(mostQuiet); time.Now().Before(deadline); {
		select {
		case <-l.died:
			return
		case <-time.After(5 * time.Second):
		}
		doubt, err := c.true.NextDoubt(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		counts, err := c.true.Counts(c.t.Context())
		if err != nil {
			c.t.Fatal(err)
		}
		if doubt.IsZero() && counts.Open+counts.Deliveries[ledger.Planned]+counts.Deliveries[ledger.Sending] == 0 {
			return
		}
	}
}

// deaths counts at which boundaries lives ended.
type deaths struct {
	mu sync.Mutex
	at map[string]int
}

func (d *deaths) add(doom string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at[doom[:strings.LastIndex(doom, " ")]]++
}

// most is of how many passings of a boundary each is died at: more than one event has.
const most = 4

// dooms are the crossings of a life that nothing befell.
func dooms(crossed map[string]int) (all []string) {
	for _, boundary := range slices.Sorted(maps.Keys(crossed)) {
		for n := range min(crossed[boundary], most) {
			all = append(all, fmt.Sprint(boundary, " ", n+1))
		}
	}
	return all
}

// A process that dies between any two steps, whatever becomes of its POSTs, and one that takes over: each event ends
// once, none is answered twice, and the ledger knows what was said wherever that could be told.
func TestACrashAtAnyBoundary(t *testing.T) {
	died := &deaths{at: map[string]int{}}
	t.Run("fate", func(t *testing.T) {
		for name, fate := range crashFates() {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				inCrash(t, fate, false, func(c *crash) { c.everywhere(died) })
			})
		}
	})
	for _, boundary := range boundaries() {
		if died.at[boundary] == 0 {
			t.Errorf("nobody died %s", boundary)
		}
		delete(died.at, boundary)
	}
	for boundary := range died.at {
		if _, known := aside()[boundary[strings.LastIndex(boundary, " ")+1:]]; !known {
			t.Errorf("%s is no boundary that is known", boundary)
		}
	}
}

// A call that is new must be one that somebody dies at, or have a reason why not.
func TestEveryCallIsABoundaryOrNone(t *testing.T) {
	known := aside()
	for _, boundary := range boundaries() {
		known[boundary[strings.LastIndex(boundary, " ")+1:]] = "a boundary"
	}
	for _, question := range []string{
		"NextDue", "Arrived", "NextDoubt", "Latest", "Probe", "Version", "SentIDs", "SentTimes", "NextDelivery", "NextNotice", "Judged", "History", "Pauses", "LastSet",
	} {
		known[question] = "changes nothing"
	}
	for _, of := range []reflect.Type{reflect.TypeFor[bot.Store](), reflect.TypeFor[bot.Graph]()} {
		for i := range of.NumMethod() {
			name := of.Method(i).Name
			if known[name] == "" {
				t.Errorf("%s.%s: does a process die there with another outcome?", of, name)
			}
			delete(known, name)
		}
	}
	for name := range known {
		t.Errorf("%s is no call any more", name)
	}
}

// everywhere has bots die at every crossing, and at pairs of them.
func (c *crash) everywhere(died *deaths) {
	violations, first := c.run()
	c.as("in peace", violations)
	all := dooms(first.crossed)
	for _, doom := range all {
		violations, first := c.run(doom)
		c.as(doom, violations)
		if first.alive() != nil {
			died.add(doom)
		}
	}
	chance := rand.New(rand.NewPCG(4, uint64(len(all))))
	for range 20 {
		pair := []string{all[chance.IntN(len(all))], all[chance.IntN(len(all))]}
		violations, _ := c.run(pair...)
		c.as(fmt.Sprint(pair), violations)
	}
}

func (c *crash) as(when string, violations []string) {
	c.t.Helper()
	for _, v := range violations {
		c.t.Errorf("%s: %s", when, v)
	}
}

// The same on a database, where it matters most.
func TestACrashOverADatabase(t *testing.T) {
	inCrash(t, crashFates()["cut after the effect"], true, func(c *crash) {
		for _, doom := range []string{"after Enter 1", "before Write 2", "after Write 1", "before Finish 1", "after Settle 1"} {
			violations, first := c.run(doom)
			c.as(doom, violations)
			if first.alive() == nil {
				t.Errorf("nobody died %s", doom)
			}
		}
	})
}
