package bot_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
)

// oracle is a platform without a network: each call gets the next of the answers that stand ready, and a good one when
// there are none left.
type oracle struct {
	mu            sync.Mutex
	reads, writes []func() error
	said          []string
}

func (o *oracle) next(answers *[]func() error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(*answers) == 0 {
		return nil
	}
	answer := (*answers)[0]
	*answers = (*answers)[1:]
	return answer()
}

func (o *oracle) MentionedComment(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Comment, error) {
	return instagram.Comment{ID: id, Text: "challenge?", Username: "ada"}, o.next(&o.reads)
}

func (o *oracle) MentionedMedia(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Media, error) {
	return instagram.Media{ID: id, Caption: "challenge?", Username: "ada"}, o.next(&o.reads)
}

func (o *oracle) Comment(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Comment, error) {
	return instagram.Comment{ID: id}, o.next(&o.reads)
}

func (o *oracle) Media(_ context.Context, _ instagram.Account, id string, _ []string) (instagram.Media, error) {
	return instagram.Media{ID: id}, o.next(&o.reads)
}

func (o *oracle) Replies(context.Context, instagram.Account, string) (instagram.Thread, error) {
	return instagram.Thread{}, &instagram.Error{Class: instagram.ClassGone, Message: "not shown"}
}

func (o *oracle) MentionedThread(context.Context, instagram.Account, string, string) (instagram.Thread, error) {
	return instagram.Thread{}, &instagram.Error{Class: instagram.ClassGone, Message: "not shown"}
}

func (o *oracle) Write(_ context.Context, _ instagram.Account, r platform.Request) (string, error) {
	if err := o.next(&o.writes); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.said = append(o.said, r.Form["comment_id"])
	return fmt.Sprint(5000 + len(o.said)), nil
}

// replies are what was said so far, by the comments that they answer.
func (o *oracle) replies() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.said)
}

// times is the same answer so often.
func times(n int, answer func() error) []func() error {
	answers := make([]func() error, n)
	for i := range answers {
		answers[i] = answer
	}
	return answers
}

func classed(class instagram.Class) func() error {
	return func() error { return &instagram.Error{Class: class, Message: "not now"} }
}

// retention is how far back history looks in a house.
const retention = time.Hour

// house is a bot on a real store whose time is the bubble's and whose platform is an oracle.
type house struct {
	t        *testing.T
	path     string
	graph    *oracle
	asked    bot.Graph // the oracle, if it isn't set
	accounts []bot.Account
	mode     rules.Mode
	rules    atomic.Pointer[rules.Set]
	wrap     func(bot.Store) bot.Store
	observe  bot.Observer
	planted  int64 // events by plant
	workers  int
	off      atomic.Int64 // nanoseconds by which the bot's clock is wrong
	readings atomic.Int64 // until it is a year ahead; 0: never
	before   time.Time    // NotBefore
	keeps    time.Duration
	log      *logrus.Logger
	store    *sqlite.Store
	bot      *bot.Bot
}

func newHouse(t *testing.T) *house {
	h := &house{
		t: t, path: filepath.Join(t.TempDir(), "bot.db"), graph: &oracle{}, mode: rules.Live, observe: make(observer, 1), workers: 2, log: logrus.New(), keeps: retention,
		accounts: []bot.Account{{Account: instagram.Account{ID: account, Username: "bluebottle"}}},
	}
	h.log.SetOutput(io.Discard)
	h.rules.Store(compile(t, quickRules))
	return h
}

// start begins to work; the returned function stops and closes.
func (h *house) start() (stop func()) {
	h.t.Helper()
	store, err := sqlite.Open(h.t.Context(), h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	h.store = store
	var seen bot.Store = store
	if h.wrap != nil {
		seen = h.wrap(store)
	}
	if h.asked == nil {
		h.asked = h.graph
	}
	h.bot = bot.New(bot.Options{
		Store: seen, Rules: h.rules.Load, Graph: h.asked, Accounts: h.accounts, Mode: h.mode,
		Workers: h.workers, Retention: h.keeps, Log: h.log, Now: h.now, NotBefore: h.before, Observe: h.observe,
	})
	if err := h.bot.Start(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := h.bot.Stop(ctx); err != nil {
			h.t.Error(err)
		}
		if err := h.store.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

// now is the time by the bot's clock.
func (h *house) now() time.Time {
	if h.readings.Load() > 0 && h.readings.Add(-1) == 0 {
		h.leap(year)
	}
	return time.Now().Add(time.Duration(h.off.Load())).Round(0)
}

// leap sets the bot's clock to be wrong by so much, ahead or behind.
func (h *house) leap(off time.Duration) { h.off.Store(int64(off)) }

// mention lets a mention in a comment of that id come in.
func (h *house) mention(id string) {
	h.t.Helper()
	_, err := h.bot.Accept(h.t.Context(), []inbox.Arrival{{
		Key: account + "/comment/" + id, Account: account, Thread: id, Received: h.now(), Notified: time.Now(),
		Change: fmt.Appendf(nil, `{"field":"mentions","value":{"comment_id":%q,"media_id":"2%s"}}`, id, id),
	}})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) counts() ledger.Counts {
	h.t.Helper()
	counts, err := h.store.Counts(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return counts
}

// Two events that wait for the same account must not keep it waiting by turns.
func TestAnAccountThatWaitedGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.reads = times(2, classed(instagram.ClassWait))
		stop := h.start()
		defer stop()
		for _, id := range []string{"11", "12", "13"} {
			h.mention(id)
			time.Sleep(700 * time.Millisecond)
		}
		time.Sleep(time.Minute)
		if counts := h.counts(); counts.Deliveries[ledger.Posted] != 3 {
			t.Errorf("a minute after Meta had the account wait for seconds: %+v", counts)
		}
	})
}

var errBroken = errors.New("broken")

// failing is a store to which an event's end can't be written so many times.
type failing struct {
	bot.Store
	mu   sync.Mutex
	left int
}

func (s *failing) Enter(ctx context.Context, seq int64, conclude func(ledger.Book) (ledger.Entry, error)) ([]ledger.Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left > 0 {
		s.left--
		return nil, errBroken
	}
	return s.Store.Enter(ctx, seq, conclude)
}

// Waiting is no fault of an event's: one that has waited for long is not given up at its first fault.
func TestFaultsAreCountedWithoutTheWaits(t *testing.T) {
	for name, c := range map[string]struct {
		waits, faults int
		posted        int
	}{
		"many waits, one fault":        {waits: 7, faults: 1, posted: 1},
		"many waits, all but too many": {waits: 7, faults: 4, posted: 1},
		"too many faults":              {faults: 5, posted: 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.graph.reads = times(c.waits, classed(instagram.ClassRetry))
				h.wrap = func(s bot.Store) bot.Store { return &failing{Store: s, left: c.faults} }
				stop := h.start()
				defer stop()
				h.mention("11")
				time.Sleep(time.Hour)
				counts := h.counts()
				if counts.Deliveries[ledger.Posted] != c.posted || counts.Verdicts[ledger.VerdictError] != 1-c.posted || counts.Open != 0 {
					t.Errorf("want %d posted: %+v", c.posted, counts)
				}
			})
		})
	}
}

// A bot that is switched to shadow says nothing, not even what stood planned; switched back it goes on.
func TestShadowHoldsBackWhatWasPlanned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = times(1, classed(instagram.ClassRetry))
		stop := h.start()
		h.mention("11")
		time.Sleep(time.Second)
		stop()
		h.mode = rules.Shadow
		stop = h.start()
		time.Sleep(time.Hour)
		stop()
		if len(h.graph.replies()) != 0 {
			t.Fatalf("said in shadow: %v", h.graph.replies())
		}

		h.mode = rules.Live
		defer h.start()()
		time.Sleep(time.Minute)
		if len(h.graph.replies()) != 1 {
			t.Errorf("said %v, want it once", h.graph.replies())
		}
	})
}

func TestAReplyOfAnAccountThatIsGoneIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = times(1, classed(instagram.ClassRetry))
		stop := h.start()
		h.mention("11")
		time.Sleep(time.Second)
		stop()

		h.accounts = []bot.Account{{Account: instagram.Account{ID: "999"}}}
		defer h.start()()
		time.Sleep(time.Minute)
		if counts := h.counts(); len(h.graph.replies()) != 0 || counts.Deliveries[ledger.Cancelled] != 1 {
			t.Errorf("said %v; %+v", h.graph.replies(), counts)
		}
	})
}

// A person who mends a token doesn't want to wait for the end of what the old one was refused.
func TestANewTokenEndsTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = times(1, func() error { return &instagram.Error{Class: instagram.ClassHuman, Code: 190} })
		stop := h.start()
		defer stop()
		h.mention("11")
		time.Sleep(time.Second)
		h.mention("12")
		time.Sleep(time.Minute)
		if len(h.graph.replies()) != 0 {
			t.Fatalf("said with a dead token: %v", h.graph.replies())
		}
		mended := h.accounts[0]
		mended.AccessToken = "new"
		h.bot.SetAccounts([]bot.Account{mended})
		h.mention("13")
		time.Sleep(time.Minute)
		// Workers send them at once, and a conversation of its own each: none has to be the first.
		if said := slices.Sorted(slices.Values(h.graph.replies())); !slices.Equal(said, []string{"11", "12", "13"}) {
			t.Errorf("said %v a minute after the token was mended, want all three", said)
		}
	})
}

// What Meta refuses for one comment alone is no reason to keep silent on the others.
func TestARefusalOfOneThingDoesNotStopTheAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.writes = times(1, func() error { return &instagram.Error{Class: instagram.ClassHuman, Code: 10} })
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Second)
		h.mention("12")
		time.Sleep(time.Minute)
		if said := h.graph.replies(); !slices.Equal(said, []string{"12"}) {
			t.Errorf("said %v, want 12", said)
		}
	})
}

// late is a platform that lets something happen while it is asked about a mention.
type late struct {
	*oracle
	meanwhile func()
}

func (l late) MentionedComment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	if l.meanwhile != nil {
		l.meanwhile()
	}
	return instagram.Comment{}, &instagram.Error{Class: instagram.ClassGone, Message: "no such mention"}
}

// A comment on own media that mentions the account may come as a mention first. What it ends as is decided by the
// comment's own notification, also if that comes while the mention is in work.
func TestTheBetterChangeDecidesAlsoWhenItComesLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		graph := &late{oracle: h.graph}
		graph.meanwhile = func() {
			graph.meanwhile = nil
			_, err := h.bot.Accept(t.Context(), []inbox.Arrival{{
				Key: account + "/comment/11", Rank: 1, Account: account, Thread: "11", Received: time.Now(), Notified: time.Now(),
				Change: []byte(`{"field":"comments","value":{"id":"11","text":"how much?","from":{"id":"77","username":"ada"},"media":{"id":"211"}}}`),
			}})
			if err != nil {
				t.Error(err)
			}
		}
		h.asked = graph
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Minute)
		record, err := h.store.Record(t.Context(), 1)
		if err != nil || record.Reply != "Hi @ada" || record.Request.Path != "/11/replies" {
			t.Errorf("%v %+v", err, record)
		}
	})
}
