package bot_test

import (
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/instagram/instagramtest"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/metrics"
	"github.com/answerback/answerback/bot/notify"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	secret  = "app-secret"
	account = instagramtest.GuideAccountID
)

const quickRules = `rules:
  - {name: challenge, on: mention, when: 'has(text, "challenge")', reply: Challenge accepted!}
  - {name: only one, on: mention, when: 'has(text, "only one")', reply: MacLeod agrees!}
  - {name: price, on: comment, when: 'has(text, "how much")', reply: 'Hi @{{ from.username }}'}
`

// daemon is the whole way under test: a fake Instagram, the door, and a bot over a real store.
type daemon struct {
	t     *testing.T
	fake  *instagramtest.Fake
	store *sqlite.Store
	bot   *bot.Bot
	door  *httptest.Server

	path     string
	rules    *rules.Set
	terms    bot.Account
	mode     rules.Mode
	workers  int
	settle   time.Duration
	now      func() time.Time
	poster   notify.Poster
	wrap     func(bot.Store) bot.Store
	happened observer
}

// observer says that something was decided or delivered.
type observer chan struct{}

func (o observer) Decided(string, string)       { o.tell() }
func (o observer) Delivered(string, string)     { o.tell() }
func (o observer) Posted(time.Duration)         {}
func (o observer) Story(string, map[string]int) {}

func (o observer) tell() {
	select {
	case o <- struct{}{}:
	default:
	}
}

// newDaemon makes a daemon that isn't running yet.
func newDaemon(t *testing.T) *daemon { return newDaemonOf(t, instagramtest.Account{}) }

// newDaemonOf is newDaemon with the account's login and Page.
func newDaemonOf(t *testing.T, of instagramtest.Account) *daemon {
	of.ID, of.Username, of.Token = account, instagramtest.GuideUsername, "token"
	d := &daemon{t: t, now: time.Now, path: filepath.Join(t.TempDir(), "bot.db"), rules: compile(t, quickRules), mode: rules.Live, workers: 4, happened: make(observer, 1)}
	d.fake = instagramtest.New(instagramtest.Options{
		Accounts: []instagramtest.Account{of}, AppSecret: secret,
	})
	t.Cleanup(d.fake.Close)
	d.terms = bot.Account{Account: instagram.Account{
		ID: account, Username: instagramtest.GuideUsername, AccessToken: "token", AppSecret: secret, GraphURL: d.fake.URL(),
	}}
	return d
}

func compile(t *testing.T, text string) *rules.Set {
	t.Helper()
	set, problems := rules.Compile(rules.Source{{Name: "rules.yaml", Text: []byte(text)}})
	if set == nil {
		t.Fatal(problems)
	}
	return set
}

// start opens the store and sets the bot to work.
func (d *daemon) start() {
	d.t.Helper()
	store, err := sqlite.Open(d.t.Context(), d.path)
	if err != nil {
		d.t.Fatal(err)
	}
	d.store = store
	var seen bot.Store = store
	if d.wrap != nil {
		seen = d.wrap(store)
	}
	log := logrus.New()
	log.SetOutput(io.Discard)
	if os.Getenv("BOT_TEST_LOG") != "" {
		log.SetOutput(os.Stderr)
	}
	counters := metrics.New()
	client := instagram.NewClient(instagram.Options{Version: "v26.0", Timeout: 5 * time.Second})
	d.t.Cleanup(client.Close)
	d.bot = bot.New(bot.Options{
		Store: seen, Rules: func() *rules.Set { return d.rules }, Graph: client, Accounts: []bot.Account{d.terms},
		Mode: d.mode, Workers: d.workers, SettleAfter: d.settle, Log: log, Now: d.now, Observe: d.happened, Notify: d.poster,
	})
	door, err := webhook.New(webhook.Options{
		Secrets:  webhook.Secrets{VerifyToken: "verify", App: [][]byte{[]byte(secret)}},
		Accounts: []webhook.Account{{ID: account}}, Store: d.bot, Observe: counters, Log: log, Now: time.Now,
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.door = httptest.NewServer(door)
	if err := d.bot.Start(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

// stop drains and closes.
func (d *daemon) stop() {
	d.t.Helper()
	d.door.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if err := d.bot.Stop(ctx); err != nil {
		d.t.Error(err)
	}
	if err := d.store.Close(); err != nil {
		d.t.Error(err)
	}
}

func (d *daemon) url() string { return d.door.URL + webhook.Path }

func (d *daemon) notify(changes ...instagramtest.Change) {
	d.t.Helper()
	if err := d.fake.Notify(d.t.Context(), d.url(), changes...); err != nil {
		d.t.Fatal(err)
	}
}

// mention puts a comment on somebody's media in and gives the notification of it.
func (d *daemon) mention(id, text string) instagramtest.Change {
	media := "2" + id
	d.fake.AddMedia(instagramtest.Media{ID: media, Owner: "stranger"})
	d.fake.AddComment(instagramtest.Comment{ID: id, MediaID: media, Username: "ada", FromID: "77", Text: "@bluebottle " + text})
	return instagramtest.MentionChange(account, media, id)
}

// settled waits until every event has its verdict and no delivery is on its way, and gives the counts.
func (d *daemon) settled(events int) ledger.Counts {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 60*time.Second)
	defer cancel()
	for {
		counts, err := d.store.Counts(d.t.Context())
		if err != nil {
			d.t.Fatal(err)
		}
		if decided(counts) >= events && counts.Deliveries[ledger.Sending]+counts.Deliveries[ledger.Planned] == 0 {
			return counts
		}
		select {
		case <-d.happened:
		case <-ctx.Done():
			d.t.Fatalf("not settled: %+v", counts)
		}
	}
}

func ids(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint(17_900_000_000_000_000 + i)
	}
	return all
}

func decided(counts ledger.Counts) int {
	n := 0
	for _, events := range counts.Verdicts {
		n += events
	}
	return n
}
