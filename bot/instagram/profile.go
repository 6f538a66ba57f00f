package instagram

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/answerback/answerback/rules/platform"
)

// Profile is whom a token speaks for.
type Profile struct {
	// ID is what notifications bear as entry.id.
	ID       string
	Username string
	// ScopedID is, with Instagram Login, what /me calls id: an id that only this app knows the account by, and that
	// notifications don't bear. It is easily taken for the other.
	ScopedID string
}

// Profile asks who the account is. With Instagram Login it is GET /me?fields=user_id,username, which goes by the token
// alone; with Facebook Login GET /{ig-id}?fields=id,username, which fails for an id that isn't the token's to see.
// Sources: "Instagram API with Instagram Login", get started; reference "IG User".
func (c *Client) Profile(ctx context.Context, account Account) (Profile, error) {
	e := errand{account: &account, method: http.MethodGet, edge: "profile"}
	if account.Login == platform.InstagramLogin {
		e.path, e.parameters = "/me", url.Values{"fields": {"user_id,username"}}
	} else {
		if !isID(account.ID) {
			return Profile{}, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
		}
		e.path, e.parameters = "/"+account.ID, url.Values{"fields": {"id,username"}}
	}
	answer, err := c.run(ctx, e)
	if err != nil {
		return Profile{}, err
	}
	var p Profile
	var id string
	w := walker{s: answer}
	for key := range w.members() {
		switch key {
		case "id":
			id = cut(w.word(), maxName)
		case "user_id":
			p.ID = cut(w.word(), maxName)
		case "username":
			p.Username = cut(w.word(), maxName)
		}
	}
	if account.Login == platform.InstagramLogin {
		p.ScopedID = id
	} else {
		p.ID = id
	}
	if p.ID == "" {
		return Profile{}, lacking()
	}
	return p, nil
}

// FacebookPage is the Page that an account is linked to.
type FacebookPage struct {
	// Account is the id of the professional account that is linked to the Page; empty: none is, or none that the token
	// may see.
	Account string
	// Token speaks for the Page, as its subscriptions take it; empty where Meta didn't give one.
	Token string
}

// Page asks about the account's Page: GET /{page-id}?fields=instagram_business_account,access_token. Where the token may
// read the one and not the other, it is asked again without. Source: reference "Page".
func (c *Client) Page(ctx context.Context, account Account) (FacebookPage, error) {
	if !isID(account.PageID) {
		return FacebookPage{}, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	page, err := c.linked(ctx, &account, "instagram_business_account,access_token")
	var refused *Error
	if errors.As(err, &refused) && refused.Trouble() == TroublePermission {
		page, err = c.linked(ctx, &account, "instagram_business_account")
	}
	return page, err
}

func (c *Client) linked(ctx context.Context, account *Account, fields string) (p FacebookPage, err error) {
	answer, err := c.run(ctx, errand{account: account, method: http.MethodGet, edge: "page", path: "/" + account.PageID,
		parameters: url.Values{"fields": {fields}}})
	if err != nil {
		return p, err
	}
	w := walker{s: answer}
	for key := range w.members() {
		switch key {
		case "access_token":
			p.Token = w.word()
		case "instagram_business_account":
			for key := range w.members() {
				if key == "id" {
					p.Account = cut(w.word(), maxName)
				}
			}
		}
	}
	return p, nil
}
