package doctor

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/rules/platform"
)

const newToken = "get a new token with the permissions, and put it into the place of the old one"

// appAndToken are two links, told apart by two questions: the token asks for the account, the app for the token.
func (p *patient) appAndToken(ctx context.Context) (app, token Link) {
	const mendApp = "copy App ID and App Secret anew from the app's dashboard (Settings, Basic); the secret signs notifications too"
	app, done := p.blamed(LinkApp, mendApp)
	if !done {
		app.Seen = proofTaken(p.Login)
	}
	token, done = p.blamed(LinkToken, cmp.Or(p.otherLogin(), newToken))
	if p.blame != "" && p.blame != LinkToken {
		return app, token
	}
	if !done {
		token.Seen = "the token is alive"
	}
	switch {
	case p.Login == platform.InstagramLogin:
		return app, p.noted(token)
	case p.AppID == "":
		if !done {
			token.Seen, token.Do = token.Seen+"; its end and its permissions can't be seen without the app's id", "write instagram.app_id"
		}
		return app, token
	}
	inspected, err := p.Graph.InspectToken(ctx, instagram.App{ID: p.AppID, Secret: p.AppSecret, GraphURL: p.GraphURL}, p.AccessToken)
	switch {
	case err == nil:
		app = p.link(LinkApp)
		app.Seen = fmt.Sprintf("app %s and its secret belong together", p.AppID)
		return app, p.judge(inspected, token)
	case aboutApp(asGraph(err)):
		app.State, app.Seen, app.Do = Broken, "Meta doesn't take app_id and app_secret together: "+asGraph(err).Error(), mendApp
		if !done {
			token = notLooked(LinkToken, p.Username, LinkApp)
		}
	case done:
	case strings.Contains(asGraph(err).Message, "did not match"):
		token.State, token.Seen, token.Do = Broken, fmt.Sprintf("the token was made for another app than %s: %v", p.AppID, asGraph(err)), newToken
	default:
		token.State, token.Seen = Unknown, "the token is alive; Meta didn't tell its end and its permissions: "+asGraph(err).Error()
	}
	return app, token
}

// otherLogin says what to do where the token begins as those of the other login do; "" where it doesn't. Source: guides
// "Access Tokens" of both logins.
func (p *patient) otherLogin() string {
	switch {
	case p.Login == platform.InstagramLogin && strings.HasPrefix(p.AccessToken, "EAA"):
		return "the token is one of Facebook Login (EAA…): write login: facebook, or get one of Instagram Login"
	case p.Login != platform.InstagramLogin && strings.HasPrefix(p.AccessToken, "IGAA"):
		return "the token is one of Instagram Login (IGAA…): write login: instagram, or get one of Facebook Login"
	}
	return ""
}

// proofTaken is what the first question tells of the app's secret: Meta refuses a proof made with a wrong one.
func proofTaken(login platform.Login) string {
	if login == platform.InstagramLogin {
		return "Meta has nothing against the proof made with app_secret"
	}
	return "Meta takes the proof made with app_secret"
}

// aboutApp reports whether Meta refuses the app's own token. Source: guide "Handling errors".
func aboutApp(e *instagram.Error) bool {
	return e.Code == 190 || e.Code == 101 || aboutProof(e) || e.Code == 1 && strings.Contains(e.Message, "validating application")
}

// dies is how long before a token's end it is warned of.
const dies = 14 * 24 * time.Hour

// judge says of a token what Meta tells of it.
func (p *patient) judge(t instagram.Token, l Link) Link {
	if l.Do = newToken; l.State == Broken {
		l.Do = cmp.Or(p.otherLogin(), newToken)
	}
	missing, optional := p.missing(t)
	switch {
	case !t.Valid:
		l.State, l.Seen = Broken, strings.TrimSuffix("the token is dead: "+t.Reason, ": ")
	case l.State == Broken: // the first question said so, and knows why
	case t.AppID != "" && t.AppID != p.AppID:
		l.State, l.Seen = Broken, fmt.Sprintf("the token was made for app %s, not for %s", t.AppID, p.AppID)
	case over(t.Expires, p.Now()) || over(t.DataAccessExpires, p.Now()):
		l.State, l.Seen = Broken, "the token has ended: "+ends(t)
	case len(missing) > 0:
		l.State, l.Seen = Broken, "the token lacks permissions that the rules need: "+strings.Join(missing, ", ")
	case len(optional) > 0:
		l.State, l.Seen = Warning, "the token lacks permissions that Meta's guide asks for: "+strings.Join(optional, ", ")
	case over(t.Expires, p.Now().Add(dies)) || over(t.DataAccessExpires, p.Now().Add(dies)):
		l.State, l.Seen = Warning, "the token ends soon: "+ends(t)
	case p.elsewhere(t) != "":
		l.State, l.Seen = Warning, fmt.Sprintf("the token has %s for other accounts or Pages only", p.elsewhere(t))
	default:
		l.Seen, l.Do = fmt.Sprintf("the token is alive and has the permissions that the rules need; %s", ends(t)), ""
	}
	return l
}

// over reports whether a moment has come; one that isn't told never does.
func over(moment, now time.Time) bool { return !moment.IsZero() && !moment.After(now) }

// ends says when a token does.
func ends(t instagram.Token) string {
	say := func(what string, at time.Time) string {
		if at.IsZero() {
			return what + " has no end"
		}
		return what + " ends on " + at.Format(time.DateOnly)
	}
	return say("it", t.Expires) + ", " + say("access to data", t.DataAccessExpires)
}

// missing are the permissions that the token lacks.
func (p *patient) missing(t instagram.Token) (crucial, optional []string) {
	for _, s := range p.Rules.scopes(p.Account) {
		switch {
		case slices.Contains(t.Scopes, s.name):
		case s.crucial:
			crucial = append(crucial, s.name)
		default:
			optional = append(optional, s.name)
		}
	}
	return crucial, optional
}

// elsewhere is a permission that was granted, but not for this account nor its Page; "" if there is none.
func (p *patient) elsewhere(t instagram.Token) string {
	ours := append([]string{p.ID, p.PageID, p.profile.ID}, p.Aliases...)
	for _, s := range p.Rules.scopes(p.Account) {
		targets := t.Targets[s.name]
		page := strings.HasPrefix(s.name, "pages_")
		if len(targets) == 0 || page && p.PageID == "" {
			continue
		}
		if !slices.ContainsFunc(targets, func(id string) bool { return slices.Contains(ours, id) }) {
			return s.name
		}
	}
	return ""
}
