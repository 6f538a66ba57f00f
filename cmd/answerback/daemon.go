package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/console"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/metrics"
	"github.com/answerback/answerback/bot/notify"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/bot/token"
	"github.com/answerback/answerback/bot/webhook"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/watch"
	"github.com/sirupsen/logrus"
)

// graphTimeout is how long one Graph call may take. A reply that is cut off by it has an unknown fate, so it is long.
const graphTimeout = 15 * time.Second

// daemon is everything that runs, wired. It is the only place that knows which store is used.
type daemon struct {
	config  *config.Config // guarded by reloading once the daemon runs
	drains  time.Duration
	reread  func() (*config.Config, problem.List, error)
	log     logrus.FieldLogger
	now     func() time.Time
	metrics *metrics.Metrics
	store   *sqlite.Store
	rules   *watch.Source
	graph   *instagram.Client
	bot     *bot.Bot
	tokens  *token.Keeper
	unmet   func(*rules.Set) problem.List // what a set asks for and the configuration lacks
	places  *notify.Client
	door    *webhook.Handler

	listen          string // where the door opens
	reloading       sync.Mutex
	webhooks, admin net.Addr
	failed          chan error // a listener broke down
	steps           []step     // of the stop, in the order of the start
}

// step takes one thing down.
type step struct {
	name string
	stop func(ctx context.Context) error
}

// startDaemon starts everything in the order in which it depends on each other. On an error, what was started is
// stopped again.
//
// reread loads the configuration again, for a reload.
func startDaemon(ctx context.Context, cfg *config.Config, reread func() (*config.Config, problem.List, error), log logrus.FieldLogger, now func() time.Time) (_ *daemon, err error) {
	d := &daemon{config: cfg, drains: cfg.Drain, listen: cfg.Listen, reread: reread, log: log, now: now, metrics: metrics.New(), failed: make(chan error, 2)}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.stop(context.WithoutCancel(ctx)))
		}
	}()
	for _, start := range []func(context.Context) error{
		d.openStore, d.loadRules, d.makeBot, d.makeDoor, d.openAdmin, d.startBot, d.startTokens, d.startSweep, d.openDoor,
		d.watchSecrets, // last: it changes the configuration, which the others read
	} {
		if err := start(ctx); err != nil {
			return nil, err
		}
	}
	if cfg.Drain < graphTimeout {
		log.WithFields(logrus.Fields{"drain": cfg.Drain.String(), "graph_timeout": graphTimeout.String()}).
			Warn("drain is shorter than a Graph call may take: a reply that a stop cuts off has an unknown fate and is looked for after the next start")
	}
	log.WithFields(logrus.Fields{"webhooks": d.webhooks.String(), "admin": d.admin.String(), "mode": cfg.Mode, "version": buildVersion()}).
		Info("listening")
	return d, nil
}

func (d *daemon) onStop(name string, stop func(context.Context) error) {
	d.steps = append(d.steps, step{name, stop})
}

// stop takes everything down, last started first. It may be called once.
func (d *daemon) stop(ctx context.Context) error {
	var errs []error
	for _, s := range slices.Backward(d.steps) {
		if err := s.stop(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", s.name, err))
		}
	}
	return errors.Join(errs...)
}

func (d *daemon) openStore(ctx context.Context) (err error) {
	if d.store, err = sqlite.Open(ctx, d.config.Database); err != nil {
		return err
	}
	d.onStop("the store", func(ctx context.Context) error { return within(ctx, closePatience, d.store.Close) })
	d.metrics.WatchBacklog(func() (int, bool) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		n, err := d.store.Backlog(ctx)
		return n, err == nil
	})
	d.watchPauses()
	return nil
}

// loadRules makes a set active: the files', or, if they are broken, the one that was active last.
func (d *daemon) loadRules(ctx context.Context) (err error) {
	// What rules can ask for stays as it is while the daemon runs: a reload takes up secrets alone.
	cfg := d.config
	d.unmet = func(set *rules.Set) problem.List { return cfg.Unmet(set.Needs()) }
	kept, err := d.lastSet(ctx)
	if err != nil {
		return err
	}
	keeper := newKeeper(func(ctx context.Context, set *rules.Set) error {
		return d.store.Activate(ctx, set.Revision(), set.Source().Marshal(), d.now())
	}, d.log)
	d.onStop("keeping the rules", keeper.stop)
	d.rules, err = watch.New(watch.Options{Path: d.config.Rules, Log: d.log, Fallback: kept, Accept: d.unmet, OnReload: d.reloaded(ctx, keeper)})
	if err != nil {
		return err
	}
	d.onStop("watching the rules", func(context.Context) error { d.rules.Stop(); return nil })
	return nil
}

// lastSet is the set that was active last, nil if there never was one.
func (d *daemon) lastSet(ctx context.Context) (*rules.Set, error) {
	revision, source, err := d.store.LastSet(ctx)
	if err != nil || revision == "" {
		return nil, err
	}
	src, err := rules.UnmarshalSource(source)
	if err != nil {
		d.log.WithError(err).WithField("revision", revision).Warn("the kept rules can't be read; only those on disk can be run")
		return nil, nil
	}
	set, problems := rules.Compile(src)
	if set == nil {
		d.log.WithField("revision", revision).WithField("problems", len(problems)).Warn("the kept rules don't load with this version")
		return nil, nil
	}
	if unmet := d.unmet(set); unmet.HasErrors() {
		d.log.WithField("revision", revision).WithField("problem", unmet[0].String()).Warn("the kept rules ask for what the configuration doesn't have; only those on disk can be run")
		return nil, nil
	}
	return set, nil
}

// reloaded keeps every set that becomes active, and counts what became of each look at the files.
func (d *daemon) reloaded(ctx context.Context, keeper *keeper) func(watch.Result) {
	ctx = context.WithoutCancel(ctx)
	cfg := d.config // what is looked at of it takes a restart to change
	var told problem.List
	return func(r watch.Result) {
		switch {
		case r.Err != nil:
			if r.Trigger == watch.TriggerStart {
				d.metrics.RulesKept(r.Set.Revision(), r.Set.Len())
				told = d.tellUnfit(cfg, r.Set, told)
			} else {
				d.metrics.RulesRejected()
			}
		case !r.Changed:
			d.metrics.RulesUnchanged()
		default:
			d.metrics.RulesActive(r.Set.Revision(), r.Set.Len(), d.now())
			told = d.tellUnfit(cfg, r.Set, told)
			keeper.active(ctx, r.Set)
		}
	}
}

func (d *daemon) makeBot(ctx context.Context) error {
	cfg := d.config
	d.places = notify.New(notify.Options{Places: places(cfg)})
	d.onStop("what tells people", func(context.Context) error { d.places.Close(); return nil })
	d.graph = instagram.NewClient(instagram.Options{
		Version: cfg.Instagram.Version, Timeout: graphTimeout,
		Observe: func(c instagram.Call) {
			d.metrics.GraphCall(c.Edge, string(c.Class), c.Took)
			d.bot.Called(c)
		},
	})
	d.onStop("the Graph client", func(context.Context) error { d.graph.Close(); return nil })
	d.makeTokens(ctx, d.graph)
	d.bot = bot.New(bot.Options{
		Store: d.store, Rules: d.rules.Active, Graph: d.graph, Accounts: d.accounts(cfg), Notify: d.places, Mode: cfg.Mode,
		Workers: cfg.Workers, SettleAfter: cfg.Settle, Retention: cfg.Retention, Log: d.log, Now: d.wall, NotBefore: notBefore(), Observe: d.metrics,
	})
	d.metrics.WatchAccounts(d.bot.Stopped)
	d.metrics.WatchUsage(d.bot.Usage)
	d.metrics.WatchClock(d.bot.ClockAhead)
	d.metrics.WatchMissing(d.bot.Missing)
	return nil
}

// wall is the wall clock alone. The monotonic clock, which Go would compare by, stands still while a machine sleeps and
// knows nothing of the times that the store has kept.
func (d *daemon) wall() time.Time { return d.now().Round(0) }

// notBefore is before any of this was written: a clock that shows an earlier time was never set.
func notBefore() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }

func (d *daemon) startBot(ctx context.Context) error {
	if err := d.bot.Start(ctx); err != nil {
		return err
	}
	d.onStop("the workers", d.bot.Stop)
	return nil
}

// places are the URLs of those that rules may notify.
func places(cfg *config.Config) map[string]string {
	urls := map[string]string{}
	for name, place := range cfg.Notify {
		urls[name] = place.URL.Reveal()
	}
	return urls
}

func botAccounts(cfg *config.Config) []bot.Account {
	var accounts []bot.Account
	for i, a := range cfg.Accounts {
		accounts = append(accounts, bot.Account{
			Account: instagramAccount(cfg, i), PerHour: a.Limits.RepliesPerHour, PerThread: a.Limits.RepliesPerThread,
		})
	}
	return accounts
}

func (d *daemon) makeDoor(context.Context) (err error) {
	options := webhook.Options{Secrets: doorSecrets(d.config), Store: d.bot, Observe: d.metrics, Log: d.log, Now: d.now}
	for _, a := range d.config.Accounts {
		options.Accounts = append(options.Accounts, webhook.Account{ID: a.ID, Aliases: a.Aliases})
	}
	d.door, err = webhook.New(options)
	return err
}

// openDoor lets notifications in.
func (d *daemon) openDoor(ctx context.Context) (err error) {
	if d.webhooks, err = d.serve(ctx, "the webhook", d.listen, d.door); err != nil {
		return err
	}
	// Readiness goes first when the daemon stops, so that whoever asks sends elsewhere.
	d.onStop("taking in", func(context.Context) error { d.bot.Drain(); return nil })
	return nil
}

func doorSecrets(cfg *config.Config) webhook.Secrets {
	secrets := webhook.Secrets{VerifyToken: cfg.Instagram.VerifyToken.Reveal()}
	for _, secret := range cfg.AppSecrets() {
		secrets.App = append(secrets.App, []byte(secret.Reveal()))
	}
	return secrets
}

// openAdmin lets the operator in.
func (d *daemon) openAdmin(ctx context.Context) (err error) {
	admin, err := console.New(console.Options{
		Listen: d.config.Admin.Listen, Token: d.config.Admin.Token.Reveal(), Metrics: d.metrics.Handler(),
		Health: d.health, Reload: d.consoleReload, Rules: d.activeRules,
	})
	if err != nil {
		return err
	}
	d.admin, err = d.serve(ctx, "the admin address", d.config.Admin.Listen, admin)
	return err
}

// hangUpAfter is how long a stop waits for requests in hand before it cuts them off. They take milliseconds; who
// dawdles over one must not use up the time that the work in hand has. Meta sends again what it got no answer to.
const hangUpAfter = 5 * time.Second

// serve listens on an address and serves it until the stop.
func (d *daemon) serve(ctx context.Context, name, address string, handler http.Handler) (net.Addr, error) {
	var listening net.ListenConfig
	listener, err := listening.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	server := webhook.Server(address, handler, d.log)
	var serving sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			d.failed <- fmt.Errorf("%s: %w", name, err)
		}
	})
	d.onStop(name, func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, min(hangUpAfter, d.drains/4))
		defer cancel()
		err := server.Shutdown(ctx)
		if err != nil {
			err = server.Close()
		}
		serving.Wait()
		return err
	})
	return listener.Addr(), nil
}
