package doctor

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

const (
	ofInstagram = "instagram" // the object whose webhook is ours
	setUp       = "in the app's dashboard, Webhooks, object Instagram: "
)

// webhook looks at what the app has Meta send, and where to. That is the app's, whichever account it is about: Meta
// notifies of a field where both the app and the account are subscribed. It is asked in the name of the app, which the links
// of an account with Facebook Login tell to be right.
func (e *examination) webhook(ctx context.Context, accounts [][]Link) Link {
	l := Link{Name: LinkWebhook, State: OK}
	app, told := e.app()
	switch {
	case !told:
		l.State, l.Seen = Unknown, "Meta shows the app's webhook with Facebook Login only: look into the app's dashboard"
		return l
	case e.AppID == "":
		l.State, l.Seen, l.Do = Unknown, "what the app is subscribed to can't be seen without its id", "write instagram.app_id"
		return l
	}
	if because := e.spoiled(accounts); because != "" {
		return notLooked(LinkWebhook, "", because)
	}
	all, err := e.Graph.Webhooks(ctx, app)
	if err != nil {
		l.State, l.Seen = Unknown, "Meta didn't tell what the app is subscribed to: "+asGraph(err).Error()
		return l
	}
	i := slices.IndexFunc(all, func(w instagram.Webhook) bool { return w.Object == ofInstagram })
	if i < 0 {
		l.State, l.Seen = Broken, "the app has no webhook for Instagram: Meta sends it nothing"
		l.Do = setUp + "write the callback URL and the verify token, and subscribe to the fields"
		return l
	}
	return e.heard(l, all[i])
}

// app is the one through which accounts of Facebook Login are reached, if there are any.
func (e *examination) app() (app instagram.App, told bool) {
	for _, a := range e.Accounts {
		if a.Login != platform.InstagramLogin {
			return instagram.App{ID: e.AppID, Secret: a.AppSecret, GraphURL: a.GraphURL}, true
		}
	}
	return app, false
}

// spoiled is the broken link of the account of [examination.app] without which nothing can be asked in the app's name; ""
// if there is none.
func (e *examination) spoiled(accounts [][]Link) string {
	i := slices.IndexFunc(e.Accounts, func(a instagram.Account) bool { return a.Login != platform.InstagramLogin })
	for _, l := range accounts[i] {
		if (l.Name == LinkGraph || l.Name == LinkApp) && l.State == Broken {
			return l.Name
		}
	}
	return ""
}

// heard judges the app's webhook for Instagram.
func (e *examination) heard(l Link, w instagram.Webhook) Link {
	var names []string
	for _, f := range w.Fields {
		names = append(names, f.Name)
	}
	to := address(w.Callback)
	switch missing := e.unsubscribed(names); {
	case !w.Active:
		l.State, l.Seen = Broken, fmt.Sprintf("Meta has switched the webhook to %s off", to)
		l.Do = "mend what the links below say, then " + setUp + "subscribe anew"
	case e.URL != "" && notPublic(e.URL) == "" && !sameAddress(w.Callback, e.URL):
		l.State, l.Seen = Broken, fmt.Sprintf("Meta sends notifications to %s, not to %s", to, address(e.URL))
		l.Do = setUp + "write the callback URL anew, or look at that address with --url"
	case len(names) == 0:
		l.State, l.Seen, l.Do = Broken, "the app is subscribed to no field of Instagram: Meta sends it nothing", setUp+"subscribe to "+strings.Join(e.needed(), ", ")
	case len(missing) > 0:
		l.State, l.Seen = Broken, fmt.Sprintf("the app is subscribed to %s; the rules need %s too", strings.Join(names, ", "), strings.Join(missing, ", "))
		l.Do = setUp + "subscribe to " + strings.Join(missing, ", ")
	case e.oldLive(w) != "":
		l.State, l.Seen = Warning, fmt.Sprintf("live_comments come by %s of the Graph API, by which Meta was seen to leave most of them out", e.oldLive(w))
		l.Do = setUp + "subscribe to live_comments by v26.0 or later"
	default:
		l.Seen = fmt.Sprintf("Meta sends %s to %s", strings.Join(names, ", "), to)
	}
	return l
}

// needed are the fields that the rules need for accounts with Facebook Login; of Instagram Login it isn't known what of the
// app's fields counts.
func (e *examination) needed() []string {
	var fields []string
	for _, a := range e.Accounts {
		if a.Login != platform.InstagramLogin {
			fields = append(fields, e.Rules.Fields(a)...)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields)
}

func (e *examination) unsubscribed(names []string) []string {
	return slices.DeleteFunc(e.needed(), func(field string) bool { return slices.Contains(names, field) })
}

// oldLive is the version by which live comments come where that is one by which few do and some rule is for them. Source:
// measured by developers: 1 of 23 came before v26.0, 178 of 178 after.
func (e *examination) oldLive(w instagram.Webhook) string {
	const live = "live_comments"
	for _, f := range w.Fields {
		if f.Name == live && slices.Contains(e.needed(), live) && f.Version != "" && major(f.Version) < 26 {
			return f.Version
		}
	}
	return ""
}

// sameAddress reports whether two URLs lead to the same place.
func sameAddress(a, b string) bool {
	one, err := url.Parse(a)
	if err != nil {
		return false
	}
	other, err := url.Parse(b)
	if err != nil {
		return false
	}
	port := func(u *url.URL) string {
		if u.Port() == "443" {
			return ""
		}
		return u.Port()
	}
	return strings.EqualFold(one.Scheme, other.Scheme) && strings.EqualFold(one.Hostname(), other.Hostname()) && port(one) == port(other) &&
		one.EscapedPath() == other.EscapedPath() && one.RawQuery == other.RawQuery
}

// address is a URL without what may be a secret in it.
func address(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" {
		return "an address that can't be read"
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
