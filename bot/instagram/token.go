package instagram

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// TokenLife is how long an access token of Instagram Login lives at most, from the exchange or renewal that it came of.
// Source: reference "refresh_access_token".
const TokenLife = 60 * 24 * time.Hour

// TokenAge is how old an access token of Instagram Login must be to be renewed. Source: reference "refresh_access_token".
const TokenAge = 24 * time.Hour

// FreshToken is what a renewal gave: a token, which may be the former one with a longer life, and how long it lives.
type FreshToken struct {
	Token string
	Lasts time.Duration // more than 0
}

// RefreshToken renews the account's access token, which must be one of Instagram Login, [TokenAge] old and not expired.
// An error is an [*Error].
//
// Meta's reference has GET /refresh_access_token with the token in the URL, where every log on the way would keep it. So
// it goes out as in all other calls, in the Authorization header; where Meta refuses that, once more in the body of a POST
// that says method=get, as Meta's own SDK for PHP sent every call. Never in a URL.
func (c *Client) RefreshToken(ctx context.Context, account Account) (FreshToken, error) {
	ask := errand{account: &account, method: http.MethodGet, edge: "refresh_access_token", path: "/refresh_access_token",
		unversioned: true, tells: true, parameters: url.Values{"grant_type": {"ig_refresh_token"}}}
	answer, err := c.run(ctx, ask)
	if refused := refusal(err); refused != nil {
		ask.method, ask.reads, ask.bare = http.MethodPost, true, true
		ask.parameters.Set("method", "get")
		ask.parameters.Set("access_token", account.AccessToken)
		var again *Error
		if answer, err = c.run(ctx, ask); errors.As(err, &again) && again.MayLackPermission() {
			err = refused // no such POST is known: the first answer was the one to the token
		}
	}
	if err != nil {
		return FreshToken{}, err
	}
	fresh := freshToken(answer)
	if !isToken(fresh.Token) || fresh.Lasts <= 0 {
		return FreshToken{}, &Error{Class: ClassRetry, Status: http.StatusOK, Message: "the answer lacks a token, or how long it lives"}
	}
	return fresh, nil
}

// refusal is the error of a call that Meta refused for good, so that another form of it may be tried; nil of any other.
func refusal(err error) *Error {
	var e *Error
	if !errors.As(err, &e) || e.Trouble() == TroubleBlocked {
		return nil
	}
	switch e.Class {
	case ClassHuman, ClassPermanent, ClassGone:
		return e
	}
	return nil
}

func freshToken(answer string) (fresh FreshToken) {
	w := walker{s: answer}
	for key := range w.members() {
		switch key {
		case "access_token":
			fresh.Token = w.word()
		case "expires_in":
			seconds, _ := strconv.ParseInt(w.word(), 10, 64)
			// No token lives for ten years; more would overflow.
			fresh.Lasts = time.Duration(min(seconds, 10*365*24*3600)) * time.Second
		}
	}
	return fresh
}

// isToken reports whether a text can travel in a header, as every token does.
func isToken(s string) bool {
	return s != "" && len(s) <= 8<<10 && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
