package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

// PageField is what a Page is subscribed to where it is subscribed to nothing. With Facebook Login any field of the Page
// brings the notifications of Instagram that are ticked in the app's dashboard; their own names are refused there
// (#100). Source: guide "Webhooks for Instagram".
const PageField = "feed"

// subscription looks whether Meta sends the account's notifications to the app.
func (p *patient) subscription(ctx context.Context, app, page Link) Link {
	switch {
	case p.blame != "":
		return notLooked(LinkSubscription, p.Username, p.blame)
	case app.State == Broken:
		return notLooked(LinkSubscription, p.Username, LinkApp)
	case page.State != OK:
		return notLooked(LinkSubscription, p.Username, LinkPage)
	}
	l := p.link(LinkSubscription)
	all, err := p.Graph.Subscriptions(ctx, OnPage(p.Account, p.page))
	if err != nil {
		l.State, l.Seen = Broken, asGraph(err).Error()
		l.Do = "see that the token has pages_manage_metadata and its owner a role on the Page"
		if p.Login == platform.InstagramLogin {
			l.Do = newToken
		}
		return l
	}
	subscribed, known := Own(all, p.AppID, p.Login)
	if !known {
		l.State, l.Seen, l.Do = Unknown, unsure(all), "write instagram.app_id"
		return l
	}
	return p.compare(l, subscribed)
}

// Own are the fields that the app is subscribed to, among the subscriptions of all apps. It isn't known where it can't be
// told which is the app's. A Page may well be subscribed by another app alone. With Instagram Login the app goes by another
// id than in its dashboard's head, the Instagram app id, so that one alone is taken for it.
func Own(all []instagram.Subscription, appID string, login platform.Login) (fields []string, known bool) {
	sure := appID != "" && login != platform.InstagramLogin
	for _, s := range all {
		if appID != "" && s.App == appID {
			return s.Fields, true
		}
		sure = sure && s.App != ""
	}
	switch {
	case len(all) == 0 || sure:
		return nil, true
	case len(all) == 1 && (all[0].App == "" || login == platform.InstagramLogin):
		return all[0].Fields, true
	}
	return nil, false
}

// unsure says that it can't be told which of the subscribed apps is this one.
func unsure(all []instagram.Subscription) string {
	if len(all) == 1 {
		return fmt.Sprintf("app %s is subscribed, and whether it is this one isn't known", all[0].App)
	}
	return fmt.Sprintf("%d apps are subscribed, and which is this one isn't known", len(all))
}

// compare holds the subscription against what the rules need.
func (p *patient) compare(l Link, subscribed []string) Link {
	l.Seen = "the app is subscribed to " + strings.Join(subscribed, ", ")
	const subscribe = "answerback subscribe"
	if len(subscribed) == 0 {
		l.State, l.Seen, l.Do = Broken, "the app isn't subscribed: Meta sends no notification of this account", subscribe
		return l
	}
	if p.Login != platform.InstagramLogin {
		l.Seen += "; any field of the Page will do"
		return l
	}
	if !p.Rules.Loaded {
		return notLooked(LinkSubscription, p.Username, LinkRules)
	}
	var missing []string
	for _, name := range p.Rules.Fields(p.Account) {
		if slices.Contains(subscribed, name) {
			continue
		}
		missing = append(missing, name)
		if surelySent(name) {
			l.State = Broken
		} else if l.State == OK {
			l.State = Warning
		}
	}
	if len(missing) > 0 {
		l.Seen += "; the rules need " + strings.Join(missing, ", ") + " too"
		l.Do = subscribe
	}
	return l
}
