package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// patient is an account that is being examined.
type patient struct {
	*examination
	instagram.Account
	profile instagram.Profile
	// refused is why Meta didn't say whose the account is; nil if it did.
	refused *instagram.Error
	// blame is the broken link without which the rest can't be looked at; "" while there is none.
	blame string
	page  instagram.FacebookPage
}

// account are the links of one account. All of them hang on one question: who is it? By its answer the way to Meta, the
// app's secret, the token and the id are told apart.
func (e *examination) account(ctx context.Context, a instagram.Account) []Link {
	p := &patient{examination: e, Account: a}
	profile, err := e.Graph.Profile(ctx, a)
	if err != nil {
		p.refused = asGraph(err)
		p.blame = blame(p.refused)
	}
	p.profile = profile
	app, token := p.appAndToken(ctx)
	identity, same := p.identity()
	if p.blame == "" && !same {
		p.blame = LinkIdentity
	}
	page := p.pageLink(ctx)
	return []Link{p.graph(), app, token, identity, page, p.subscription(ctx, app, page), p.usage()}
}

// asGraph is the error of a Graph call.
func asGraph(err error) *instagram.Error {
	var refused *instagram.Error
	if errors.As(err, &refused) {
		return refused
	}
	return &instagram.Error{Class: instagram.ClassRetry, Message: err.Error(), Err: err}
}

// blame is the link to which an error of a call in the account's name points.
func blame(e *instagram.Error) string {
	switch e.Trouble() {
	case instagram.TroubleToken:
		if aboutProof(e) {
			return LinkApp
		}
		return LinkToken
	case instagram.TroublePermission:
		if e.Code == 0 {
			return LinkGraph
		}
		return LinkToken
	case instagram.TroubleLimit:
		return LinkUsage
	case instagram.TroubleBlocked, instagram.TroubleSpam, instagram.TroubleRestricted:
		return LinkIdentity
	}
	if e.Code != 0 && (e.Class == instagram.ClassGone || e.Class == instagram.ClassPermanent) {
		return LinkIdentity
	}
	return LinkGraph
}

func aboutProof(e *instagram.Error) bool { return strings.Contains(e.Message, "appsecret_proof") }

func (p *patient) link(name string) Link { return Link{Name: name, Account: p.Username, State: OK} }

// blamed is a link that was found broken by the answer to the first question, or, where another one was, can't be looked
// at. Else done is false.
func (p *patient) blamed(name, do string) (l Link, done bool) {
	switch p.blame {
	case "":
		return p.link(name), false
	case name:
		l = p.link(name)
		l.State, l.Seen, l.Do = Broken, p.refused.Error(), do
		return l, true
	default:
		return notLooked(name, p.Username, p.blame), true
	}
}

// goesBy reports whether the configuration knows the account by an id.
func (p *patient) goesBy(id string) bool { return id == p.ID || slices.Contains(p.Aliases, id) }

func (p *patient) graph() Link {
	l := p.link(LinkGraph)
	l.Seen = p.GraphURL + " answers"
	if p.blame == LinkGraph {
		l.State, l.Seen = Broken, fmt.Sprintf("%s: %s", p.GraphURL, p.refused.Error())
		l.Do = "see that this machine reaches it: DNS, firewall, proxy, instagram.graph_url; a trouble of Meta's is told on metastatus.com"
	}
	return l
}

// identity compares what the configuration says with what Meta does. same reports whether both mean one account.
func (p *patient) identity() (l Link, same bool) {
	l, done := p.blamed(LinkIdentity, "see that accounts.id is the account's professional id (1784…), that the token was made for it, "+
		"and that login is the one by which it was made; if the account is restricted, log in to Instagram and look")
	if done {
		return l, false
	}
	switch {
	case p.profile.ScopedID != "" && p.profile.ID != p.ID && p.profile.ScopedID == p.ID:
		l.State = Broken
		l.Seen = fmt.Sprintf("%s is the id that only the app knows the account by (/me.id); notifications bear %s (/me.user_id)", p.ID, p.profile.ID)
		l.Do = fmt.Sprintf("write id: %q", p.profile.ID)
	case !p.goesBy(p.profile.ID):
		l.State = Broken
		l.Seen = fmt.Sprintf("the token is that of account %s (%s), not of %s", p.profile.ID, p.profile.Username, p.ID)
		l.Do = fmt.Sprintf("write id: %q, or give the account its own token", p.profile.ID)
	case p.profile.Username != "" && !strings.EqualFold(p.profile.Username, p.Username):
		l.State = Broken
		l.Seen = fmt.Sprintf("the account is called %s on Instagram, %s in the configuration: the bot might answer itself", p.profile.Username, p.Username)
		l.Do = "write username: " + p.profile.Username
	default:
		l.Seen = fmt.Sprintf("%s is %s", p.ID, cmp.Or(p.profile.Username, p.Username))
	}
	return l, p.goesBy(p.profile.ID)
}

// pageLink looks at the Page, which with Facebook Login subscribes and sends private replies for the account.
func (p *patient) pageLink(ctx context.Context) Link {
	l := p.link(LinkPage)
	switch {
	case p.Login == platform.InstagramLogin:
		l.Seen = "Instagram Login needs no Page"
		return l
	case p.blame != "":
		return notLooked(LinkPage, p.Username, p.blame)
	case p.PageID == "":
		l.State, l.Seen = Unknown, "the configuration has no page_id: neither the Page nor its subscription can be looked at"
		l.Do = "write page_id, the id of the Facebook Page that the account is linked to"
		return l
	}
	page, err := p.Graph.Page(ctx, p.Account)
	p.page = page
	switch {
	case err != nil:
		l.State, l.Seen, l.Do = Broken, asGraph(err).Error(), "see that page_id is right, and that the token's owner has a role on the Page"
	case page.Account == "":
		l.State, l.Seen = Broken, fmt.Sprintf("no professional account is linked to Page %s, or the token may not see it", p.PageID)
		l.Do = "link the account to the Page, in the Page's settings"
	case !p.goesBy(page.Account):
		l.State, l.Seen = Broken, fmt.Sprintf("Page %s is linked to account %s", p.PageID, page.Account)
		l.Do = "write the page_id of the Page to which this account is linked"
	default:
		l.Seen = fmt.Sprintf("the account is linked to Page %s", p.PageID)
	}
	return l
}

// OnPage is the account as calls on its Page's subscriptions take it: with the Page's token, where Meta gave one.
func OnPage(a instagram.Account, page instagram.FacebookPage) instagram.Account {
	if a.Login != platform.InstagramLogin && page.Token != "" {
		a.AccessToken = page.Token
	}
	return a
}
