// Package doctor examines the chain from Meta to the bot and back, and names the missing link. A bot that hears nothing
// looks like one to whom nobody writes: what lacks is a tick in a dashboard, a subscription that nobody made, a token
// that died in its sleep. Each [Link] says what was seen and, where it isn't good, what to do.
//
// A broken link doesn't hide the others: only what can't be looked at without it is unknown, and says because of what.
// The doctor reads. All that it posts is a test notification of the kind that Meta's dashboard sends, on which nobody
// acts (door.go). What nobody can see from outside is in the checklist (checklist.go).
package doctor

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules"
)

// State is how a link is.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, but not for long, or not for all
	Broken  State = "broken"
	Unknown State = "unknown" // it could not be looked at
)

// The links, in the order in which they are shown. Those from LinkGraph to LinkUsage are an account's.
const (
	LinkConfiguration = "configuration"
	LinkRules         = "rules"
	LinkVersion       = "version"      // of the Graph API
	LinkClock         = "clock"        // ours against Meta's
	LinkGraph         = "graph"        // the way to the Graph API
	LinkApp           = "app"          // app_id and app_secret
	LinkToken         = "token"        // the account's: alive, for how long, for what
	LinkIdentity      = "identity"     // id and username
	LinkPage          = "page"         // the Facebook Page that the account is linked to
	LinkSubscription  = "subscription" // that Meta sends the account's notifications to the app
	LinkUsage         = "usage"        // of Meta's limits
	LinkWebhook       = "webhook"      // what the app has Meta send, and where to
	LinkHandshake     = "handshake"    // at the public address
	LinkDelivery      = "delivery"     // of a signed notification
	LinkDaemon        = "daemon"
	LinkDatabase      = "database"
)

// Link is a link of the chain.
type Link struct {
	Name    string `json:"link"`
	Account string `json:"account"` // the username of the account whose link it is; empty: everybody's
	State   State  `json:"state"`
	Seen    string `json:"seen"`
	Do      string `json:"do"` // empty where nothing is to be done
}

// Report is what was found.
type Report struct {
	Links []Link
}

// OK reports whether nothing is broken.
func (r Report) OK() bool {
	return !slices.ContainsFunc(r.Links, func(l Link) bool { return l.State == Broken })
}

// Graph is what the doctor asks of Meta; see [instagram.Client].
type Graph interface {
	Profile(ctx context.Context, account instagram.Account) (instagram.Profile, error)
	Page(ctx context.Context, account instagram.Account) (instagram.FacebookPage, error)
	Subscriptions(ctx context.Context, account instagram.Account) ([]instagram.Subscription, error)
	InspectToken(ctx context.Context, app instagram.App, token string) (instagram.Token, error)
	Webhooks(ctx context.Context, app instagram.App) ([]instagram.Webhook, error)
}

// Visitor is how the doctor comes to the bot's own addresses; see [instagram.Visitor].
type Visitor interface {
	Handshake(ctx context.Context, webhook, verifyToken, challenge string) (instagram.Reception, error)
	Deliver(ctx context.Context, webhook, body, signature string) (instagram.Reception, error)
	Look(ctx context.Context, address string) (instagram.Reception, error)
}

// Options are what is examined, and by what means. All are needed but for AppID and URL.
type Options struct {
	Graph Graph
	// Calls are those that Graph has made; its client must tell them.
	Calls *Calls
	Visit Visitor
	Now   func() time.Time

	Configuration Configuration
	Rules         Rules
	// Database looks at the database.
	Database func(context.Context) (Database, error)

	Version     string // of the Graph API, "v26.0"
	AppID       string
	VerifyToken string
	// Accounts have the tokens that the daemon would use now; Notes are what it noted of them, by the accounts' ids.
	Accounts []instagram.Account
	Notes    map[string]Note
	// URL is the public address of the webhook, as it stands in Meta's dashboard.
	URL string
	// Webhook and Ready are the addresses of the webhook and of the readiness on this machine; empty where a
	// configuration leaves them open.
	Webhook, Ready string
	// Challenge is what the handshake has echoed: digits that nobody can foresee.
	Challenge string
}

// atOnce is how many accounts are examined at a time.
const atOnce = 4

// Examine looks at every link. It ends when the calls that Graph and Visit make do, which have their own time limits.
func Examine(ctx context.Context, o Options) Report {
	e := &examination{Options: o}
	if !o.Configuration.Usable {
		return Report{Links: append([]Link{o.Configuration.link()}, e.unexamined()...)}
	}
	accounts := e.accounts(ctx)
	links := []Link{o.Configuration.link(), o.Rules.link(o.Accounts), e.version(), e.clock()}
	for _, of := range accounts {
		links = append(links, of...)
	}
	webhook := e.webhook(ctx, accounts)
	daemon, runs := e.daemon(ctx)
	handshake, reached := e.handshake(ctx)
	return Report{Links: append(links, webhook, handshake, e.delivery(ctx, reached, runs), daemon, e.database(ctx))}
}

// examination is one look at everything.
type examination struct{ Options }

// accounts are the links of each account.
func (e *examination) accounts(ctx context.Context) [][]Link {
	found := make([][]Link, len(e.Accounts))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, account := range e.Accounts {
		slots <- struct{}{}
		all.Go(func() {
			found[i] = e.account(ctx, account)
			<-slots
		})
	}
	all.Wait()
	return found
}

// unexamined are all links but the configuration, which is broken.
func (e *examination) unexamined() []Link {
	var links []Link
	for _, name := range []string{
		LinkRules, LinkVersion, LinkClock, LinkGraph, LinkApp, LinkToken, LinkIdentity, LinkPage, LinkSubscription, LinkUsage,
		LinkWebhook, LinkHandshake, LinkDelivery, LinkDaemon, LinkDatabase,
	} {
		links = append(links, notLooked(name, "", LinkConfiguration))
	}
	return links
}

// notLooked is a link that can't be looked at because of another.
func notLooked(name, account, because string) Link {
	return Link{Name: name, Account: account, State: Unknown, Seen: "not looked at because of " + because}
}

// facing is an account as rules see it.
func facing(a instagram.Account) rules.Account { return rules.Account{ID: a.ID, Username: a.Username} }
