package instagramtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// Tie is how an account hangs together with the app, as an operator may have tied it well or badly.
type Tie struct {
	Login platform.Login
	// ScopedID is what /me calls id, with Instagram Login.
	ScopedID string
	// PageID is the Page's; PageAccount the account that is linked to it, "" for none.
	PageID, PageAccount string
	// PageToken speaks for the Page; calls on its subscriptions take no other.
	PageToken string
	// TokenApp is the app that the access token was made for; "" for the fake's own.
	TokenApp string
	// Scopes are granted to the access token, Targets are the ids that a scope was granted for.
	Scopes  []string
	Targets map[string][]string
	// Subscribed are the fields of which the app gets notifications; nil: the app isn't subscribed.
	Subscribed []string
}

// ties are the app and all ties to it, by the account's id.
type ties struct {
	mu  sync.Mutex
	app string
	by  map[string]Tie
	// webhooks are the app's, as they are set up in its dashboard.
	webhooks []instagram.Webhook
}

// TieApp gives the app an id. Its own token is then "ID|SECRET", with the fake's app secret.
func (f *Fake) TieApp(id string) {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	f.ties.app = id
}

// TieWebhooks sets up the app's webhooks, in place of the former ones.
func (f *Fake) TieWebhooks(webhooks ...instagram.Webhook) {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	f.ties.webhooks = webhooks
}

// Tie ties an account to the app, in place of its former tie.
func (f *Fake) Tie(accountID string, t Tie) {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	if f.ties.by == nil {
		f.ties.by = map[string]Tie{}
	}
	f.ties.by[accountID] = t
}

// TieOf is how an account is tied now.
func (f *Fake) TieOf(accountID string) Tie {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	t := f.ties.by[accountID]
	t.Subscribed = slices.Clone(t.Subscribed)
	return t
}

// appID is the app's, "" where it has none.
func (f *Fake) appID() string {
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	if f.ties.app == "" {
		return f.o.AppID
	}
	return f.ties.app
}

// bearer is whose a token is: an account's, its Page's, or the app's.
func (f *Fake) bearer(c *call, token string) (account Account, proof string, known bool) {
	if account, proof, known = f.world.bearer(token); known {
		return account, proof, true
	}
	id, secret, isApp := strings.Cut(token, "|")
	if isApp && id != "" && id == f.appID() && secret == f.o.AppSecret {
		c.app = true
		return Account{}, f.proofOf(token), true
	}
	f.ties.mu.Lock()
	defer f.ties.mu.Unlock()
	for id, t := range f.ties.by {
		if t.PageToken != "" && t.PageToken == token {
			c.page = true
			f.world.mu.RLock()
			defer f.world.mu.RUnlock()
			return f.world.accounts[id], f.proofOf(token), true
		}
	}
	return Account{}, "", false
}

func (f *Fake) proofOf(token string) string {
	mac := hmac.New(sha256.New, []byte(f.o.AppSecret))
	mac.Write([]byte(token))
	return hex.EncodeToString(mac.Sum(nil))
}
