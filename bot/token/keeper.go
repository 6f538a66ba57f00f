package token

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/sirupsen/logrus"
)

// Options are what a keeper needs.
type Options struct {
	Store ledger.TokenStore
	Graph Graph
	AppID string // with it the ends of Facebook Login's tokens are found out; may be empty
	Log   logrus.FieldLogger
	Now   func() time.Time
	// NotBefore is a time before which no right clock can be: until then nothing is done. Zero: any clock is believed.
	NotBefore time.Time
	// Changed is called, by the keeper's goroutine, after a token was renewed: [Keeper.Token] gives another one now.
	Changed func()
}

// Keeper keeps the tokens of some accounts. It is safe for concurrent use.
type Keeper struct {
	Options
	retries inbox.Backoff

	mu       sync.Mutex
	key      string
	accounts []*held
	// shown is what others see: they don't wait for a store that hangs while a token is put into it.
	shown atomic.Pointer[[]held]

	wake  chan struct{}
	stop  context.CancelFunc // of further work
	cut   context.CancelFunc // of the work in hand
	ended sync.WaitGroup
}

// New makes a keeper of no accounts, which does nothing until it is started.
func New(o Options) *Keeper {
	return &Keeper{
		Options: o, wake: make(chan struct{}, 1),
		retries: inbox.Backoff{First: time.Minute, Factor: 2, Cap: 6 * time.Hour, Jitter: 0.2},
	}
}

// Configure gives the keeper the accounts as they are configured, now or again, and the key that encrypts what is kept in
// the store, "" for none. An account whose configured token is another one than before uses that from now on; where it is
// as before, a renewed one goes on.
func (k *Keeper) Configure(ctx context.Context, accounts []Account, key string) {
	k.mu.Lock()
	defer k.unlock()
	rekeyed := key != k.key
	k.key = key
	var all []*held
	for _, a := range accounts {
		h := k.sameToken(a)
		if h == nil || rekeyed && h.astray != "" {
			h = k.hold(ctx, a)
			if h.nowhere = Unrenewed(a, k.key); h.nowhere != "" {
				k.log(h).Warn("the access token lives for 60 days at most and is not renewed: " + h.nowhere)
			}
		} else {
			a.AccessToken = h.AccessToken
			h.unkept = h.unkept || rekeyed && h.sealed
			if h.AppSecret != a.AppSecret { // a wrong one may have been why Meta refused
				h.next = time.Time{}
			}
		}
		h.Account = a
		all = append(all, h)
	}
	k.accounts = all
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// sameToken is what is known of an account whose configured token is as before, or the one that a renewal has put in its
// file; nil if there is none. Until the file was read again, the one that stood there before the renewal is the same too.
func (k *Keeper) sameToken(a Account) *held {
	h := k.find(a.ID)
	if h == nil {
		return nil
	}
	switch fingerprint(a.AccessToken) {
	case h.configured:
		h.former = ""
	case h.former:
	default:
		k.log(h).Info("another access token is configured and taken up")
		return nil
	}
	return h
}

// hold begins with a token, or goes on where a former run was with it.
func (k *Keeper) hold(ctx context.Context, a Account) *held {
	h := &held{Account: a, configured: fingerprint(a.AccessToken)}
	found, err := Find(ctx, k.Store, a.Account, k.key)
	if err != nil {
		h.astray = err.Error() + "; the configured one is used, which may be older"
		h.warned = k.Now() // it is said here
		k.log(h).Error(h.astray)
	}
	h.token, h.since, h.expires, h.sealed = found.Token, found.Since, found.Expires, found.Renewed
	return h
}

func (k *Keeper) find(account string) *held {
	for _, h := range k.accounts {
		if h.ID == account {
			return h
		}
	}
	return nil
}

// Token is what the account is to use: what its token was renewed to, else the configured one.
func (k *Keeper) Token(account string) string {
	for _, h := range k.seen() {
		if h.ID == account {
			return h.token
		}
	}
	return ""
}

// unlock ends a change, which others see from now on.
func (k *Keeper) unlock() {
	var shown []held
	for _, h := range k.accounts {
		shown = append(shown, *h)
	}
	k.shown.Store(&shown)
	k.mu.Unlock()
}

// seen are the accounts as the last change left them.
func (k *Keeper) seen() []held {
	if shown := k.shown.Load(); shown != nil {
		return *shown
	}
	return nil
}

// atLeast is how often the keeper looks whether there is something to do.
const atLeast = time.Hour

// Start sets the keeper to work.
func (k *Keeper) Start() {
	more, stop := context.WithCancel(context.Background())
	work, cut := context.WithCancel(context.Background())
	k.stop, k.cut = stop, cut
	select {
	case <-k.wake: // the first round comes anyway
	default:
	}
	k.ended.Go(func() {
		for more.Err() == nil {
			timer := time.NewTimer(k.round(more, work))
			select {
			case <-more.Done():
			case <-k.wake:
			case <-timer.C:
			}
			timer.Stop()
		}
	})
}

// Stop ends the work. A renewal in hand is finished first, since its token must be kept; when ctx ends, it is cut off: the
// former token goes on. It may be called without Start.
func (k *Keeper) Stop(ctx context.Context) {
	if k.stop == nil {
		return
	}
	k.stop()
	defer k.cut()
	ended := make(chan struct{})
	go func() {
		k.ended.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-ctx.Done():
		k.Log.Warn("a call about an access token is cut off by the stop")
		k.cut()
		<-ended
	}
}

// round does for each account what is due, and says when to look again.
func (k *Keeper) round(more, work context.Context) time.Duration {
	now := k.Now()
	if now.Before(k.NotBefore) {
		return time.Minute
	}
	k.mu.Lock()
	accounts := k.accounts
	k.mu.Unlock()
	for _, h := range accounts {
		if more.Err() != nil {
			return 0
		}
		k.tend(work, h)
	}
	return k.wait()
}

// wait is how long there is nothing to do.
func (k *Keeper) wait() time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	wait, now := atLeast, k.Now()
	for _, h := range k.accounts {
		if left := h.next.Sub(now); left > 0 {
			wait = min(wait, left)
		}
	}
	return max(wait, time.Second)
}

func (k *Keeper) log(h *held) logrus.FieldLogger {
	return k.Log.WithFields(logrus.Fields{"account": h.ID, "username": h.Username})
}
