package token

import (
	"cmp"
	"context"
	"errors"
	"hash/fnv"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
	"github.com/sirupsen/logrus"
)

// tend does what is due for one account.
func (k *Keeper) tend(ctx context.Context, h *held) {
	k.mu.Lock()
	if k.find(h.ID) != h {
		k.unlock()
		return
	}
	now := k.Now()
	if h.since.IsZero() {
		k.first(ctx, h, now)
	}
	if h.unkept {
		k.keepAgain(ctx, h)
	}
	if h.renewable() {
		h.nowhere = Unrenewed(h.Account, k.key)
	}
	renew, inspect := h.due(now), h.Login == platform.FacebookLogin && k.AppID != "" && !now.Before(h.next)
	account := h.Account.Account
	account.AccessToken = h.token
	k.unlock()

	switch {
	case renew:
		k.renew(ctx, h, account)
	case inspect:
		k.inspect(ctx, h, account)
	}
	k.mu.Lock()
	defer k.unlock()
	k.warn(h, k.Now())
}

// first remembers since when a token is known: that bounds its life.
func (k *Keeper) first(ctx context.Context, h *held, now time.Time) {
	h.since = now
	if !h.renewable() {
		return
	}
	if err := k.Store.KeepToken(ctx, h.kept()); err != nil {
		k.log(h).WithError(err).Warn("since when the access token is known can't be kept")
	}
}

// renew asks Meta for a token with a longer life, and has the account use it.
func (k *Keeper) renew(ctx context.Context, h *held, account instagram.Account) {
	fresh, err := k.Graph.RefreshToken(ctx, account)
	k.mu.Lock()
	now := k.Now()
	changed := false
	switch {
	case k.find(h.ID) != h:
		// Another token was configured meanwhile, which is a person's choice.
	case err != nil:
		k.refuse(h, err, now)
	default:
		changed = k.accept(ctx, h, fresh, now)
	}
	k.unlock()
	if changed {
		k.Changed()
	}
}

// accept has the account use a fresh token and keeps it. Where it can't be kept, it is used all the same.
func (k *Keeper) accept(ctx context.Context, h *held, fresh instagram.FreshToken, now time.Time) (changed bool) {
	before := *h
	h.token, h.since, h.expires = fresh.Token, now, now.Add(fresh.Lasts)
	h.failures, h.refused, h.dead, h.astray, h.next = 0, "", time.Time{}, "", time.Time{}
	if err := k.keep(ctx, h); errors.Is(err, errReplaced) {
		k.log(h).Info("a renewed access token is dropped: another one stands in the file now")
		*h = before
		h.next = now.Add(daily)
		return false
	} else if err != nil {
		h.unkept = true
		k.log(h).WithError(err).Error("the access token was renewed and can't be kept: a restart would go back to the former one")
	}
	h.warned = time.Time{}
	k.log(h).WithField("expires", stamp(h.expires)).Info("the access token was renewed")
	return h.token != before.token
}

// keep puts the token that is used where the next start finds it: into the file that the former one stands in, else
// encrypted into the store.
func (k *Keeper) keep(ctx context.Context, h *held) error {
	if h.File != "" {
		err := replace(h.File, h.AccessToken, h.token)
		if err == nil {
			h.former = h.configured
			h.AccessToken, h.configured, h.sealed, h.unkept = h.token, fingerprint(h.token), false, false
			if err := k.Store.KeepToken(ctx, h.kept()); err != nil {
				k.log(h).WithError(err).Warn("when the access token ends can't be kept; after a restart it is renewed to find out")
			}
			return nil
		}
		if errors.Is(err, errReplaced) || k.key == "" {
			return err
		}
		k.log(h).WithError(err).Warn("the file of the access token can't be replaced; the renewed one is kept in the database")
	}
	if k.key == "" {
		return errors.New("token_key is not set")
	}
	sealed, err := seal(k.key, h.token)
	if err != nil {
		return err
	}
	kept := h.kept()
	kept.Sealed = sealed
	if err := k.Store.KeepToken(ctx, kept); err != nil {
		return err
	}
	h.sealed, h.unkept = true, false
	return nil
}

// keepAgain tries once more to keep what could not be kept.
func (k *Keeper) keepAgain(ctx context.Context, h *held) {
	if err := k.keep(ctx, h); err != nil {
		k.log(h).WithError(err).Error("the renewed access token still can't be kept: a restart would go back to the former one")
	}
}

// refuse remembers that a token wasn't renewed, and says so.
func (k *Keeper) refuse(h *held, err error, now time.Time) {
	h.refused = err.Error()
	log := k.again(h, err, now)
	var failed *instagram.Error
	switch {
	case errors.As(err, &failed) && failed.Trouble() == instagram.TroubleToken:
		h.dies(now, h.refused)
		h.warned = now // it is said here
		log.Error("Meta refuses the access token itself: put a new one into the configuration")
	case passes(failed): // and says nothing of the token
		log.Warn("the access token was not renewed")
	case h.expires.IsZero():
		h.dead = time.Time{}
		log.Warn("the access token was not renewed; in its first day Meta always refuses that")
	default:
		h.dead = time.Time{}
		log.Warn("the access token was not renewed")
	}
}

// dies remembers since when Meta refuses the token, and why.
func (h *held) dies(now time.Time, why string) {
	if h.death = why; h.dead.IsZero() {
		h.dead = now
	}
}

// again says when to ask Meta the next time: soon where the network or a limit was in the way, else in a day.
func (k *Keeper) again(h *held, err error, now time.Time) logrus.FieldLogger {
	h.failures++
	wait := daily
	var failed *instagram.Error
	if errors.As(err, &failed) && passes(failed) {
		seed := fnv.New64a()
		_, _ = seed.Write([]byte(h.ID))
		wait = max(k.retries.Next(h.failures, seed.Sum64()), failed.RetryAfter)
	}
	h.next = now.Add(wait)
	return k.log(h).WithError(err).WithField("again", stamp(h.next))
}

// passes reports whether what went wrong may be over soon.
func passes(err *instagram.Error) bool {
	return err != nil && (err.Class == instagram.ClassRetry || err.Class == instagram.ClassWait)
}

// inspect asks Meta when a token ends that can't be renewed.
func (k *Keeper) inspect(ctx context.Context, h *held, account instagram.Account) {
	app := instagram.App{ID: k.AppID, Secret: account.AppSecret, GraphURL: account.GraphURL}
	facts, err := k.Graph.InspectToken(ctx, app, account.AccessToken)
	k.mu.Lock()
	defer k.unlock()
	now := k.Now()
	switch {
	case k.find(h.ID) != h:
		return
	case err != nil:
		k.again(h, err, now).Warn("Meta doesn't tell when the access token ends; app_id and app_secret must be those of the app that it was made for")
		return
	}
	h.failures, h.next = 0, now.Add(daily)
	h.expires, h.dataEnds = facts.Expires, facts.DataAccessExpires
	if facts.Valid {
		h.dead = time.Time{}
	} else {
		h.dies(now, cmp.Or(facts.Reason, "it says that it is not valid"))
	}
}
