package bot

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
	"github.com/sirupsen/logrus"
)

// Called takes what the Graph client tells of a call that has ended: how much of Meta's limits is used up, and what time
// it is there.
func (b *Bot) Called(call instagram.Call) {
	now := b.Now()
	b.compareClocks(call, now)
	b.pace.Told(call.Account, call.Usage, call.Class == instagram.ClassOK, now.Add(-call.Took), now)
}

// changed tells an operator when an account stops or goes again, once each, and has what waited come back when it need
// not wait any more.
func (b *Bot) changed(c reply.Change) {
	account, _ := b.account(c.Account)
	log := b.Log.WithFields(logrus.Fields{
		"account": c.Account, "username": account.Username, "trouble": string(c.Stop.Trouble), "reason": c.Stop.Reason, "calls": string(c.Stop.Of),
	})
	switch c.Kind {
	case reply.Stopped:
		tell := log.WithField("until", c.Stop.Until.Format(time.RFC3339)).Error
		if c.Stop.Trouble == instagram.TroubleLimit {
			tell = log.WithField("until", c.Stop.Until.Format(time.RFC3339)).Warn
		}
		tell("the account is stopped and keeps its queue: " + remedy(c.Stop))
	case reply.Again:
		log.WithFields(logrus.Fields{"times": c.Stop.Times, "until": c.Stop.Until.Format(time.RFC3339)}).
			Warn("the account was tried again and is still stopped: " + remedy(c.Stop))
	case reply.Ended:
		log.Info("the account goes on")
		b.resumed.add(c.Account)
		b.nudge()
	case reply.Suspected:
		log.WithField("answers", c.Stop.Times).Error(suspicion)
	case reply.Eased:
		b.resumed.add(c.Account)
		b.nudge()
	}
}

// suspicion says what many missing things in a row may mean.
const suspicion = "Meta says of one thing after another that it doesn't exist; maybe a permission lacks: look at the app's permissions and at the account's role"

// remedy says what ends a stop.
func remedy(s reply.Stop) string {
	switch s.Trouble {
	case instagram.TroubleLimit:
		return "Meta's limit is used up; it goes on by itself"
	case instagram.TroubleToken:
		return "Meta refuses the token or the app secret; put a new one into its {file: …}, or into the configuration and restart"
	case instagram.TroublePermission:
		return "a permission or capability lacks; look at the app's permissions"
	case instagram.TroubleRestricted:
		return "Meta restricts the account; a person must log in to Instagram and look"
	}
	if s.Times > 1 {
		return "Meta blocks what it says, and not for the first time; a person must look at the rules and at the account before it is blocked for good"
	}
	return "Meta blocks what it says; look at what was said last"
}

// resumed are the accounts whose queue need not wait any more.
type resumed struct {
	mu       sync.Mutex
	accounts []string
}

func (r *resumed) add(accounts ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, account := range accounts {
		if !slices.Contains(r.accounts, account) {
			r.accounts = append(r.accounts, account)
		}
	}
}

func (r *resumed) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	accounts := r.accounts
	r.accounts = nil
	return accounts
}

// resume has the queues of resumed accounts come back at once. What fails is left for the next round.
func (b *Bot) resume(ctx context.Context) error {
	accounts := b.resumed.take()
	for i, account := range accounts {
		if err := b.Store.Hasten(ctx, account, b.Now(), b.SettleAfter); err != nil {
			b.resumed.add(accounts[i:]...)
			return err
		}
		b.planned.changed()
		b.doubted.changed()
	}
	return nil
}
