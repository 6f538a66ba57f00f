package instagram

import (
	"context"
	"io"
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

// TokenFacts is what Meta tells of a token. A zero time is none: such a token doesn't end.
type TokenFacts struct {
	Valid   bool
	Expires time.Time
	// DataEnds is when the app may read the account's data no longer unless its owner lets it in again, though the token
	// goes on being valid (data_access_expires_at).
	DataEnds time.Time
}

// RefreshToken renews the account's access token, which must be one of Instagram Login, [TokenAge] old and not expired.
// An error is an [*Error].
//
// Meta's reference has GET /refresh_access_token with the token in the URL, where every log on the way would keep it. So
// it goes out as in all other calls, in the Authorization header; where Meta refuses that, once more in the body of a POST
// that says method=get, as Meta's own SDK for PHP sent every call. Never in a URL.
func (c *Client) RefreshToken(ctx context.Context, account Account) (FreshToken, error) {
	form := url.Values{"grant_type": {"ig_refresh_token"}}
	answer, err := c.askToken(ctx, &account, &account, tokenCall{edge: "refresh_access_token", method: http.MethodGet, form: form})
	if err != nil && (err.Class == ClassHuman || err.Class == ClassPermanent || err.Class == ClassGone) && err.Trouble() != TroubleBlocked {
		form.Set("method", "get")
		form.Set("access_token", account.AccessToken)
		refused := err
		answer, err = c.askToken(ctx, &account, &account, tokenCall{edge: "refresh_access_token", method: http.MethodPost, form: form, bare: true})
		if err != nil && err.MayLackPermission() {
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

// InspectToken asks Meta about the account's access token, in the name of the app. An error is an [*Error]. Source:
// reference "debug_token". The token goes out in a form, as in [Client.RefreshToken].
func (c *Client) InspectToken(ctx context.Context, account Account, appID string) (TokenFacts, error) {
	app := Account{ID: account.ID, GraphURL: account.GraphURL, AccessToken: appID + "|" + account.AppSecret, AppSecret: account.AppSecret}
	form := url.Values{"method": {"get"}, "input_token": {account.AccessToken}}
	answer, err := c.askToken(ctx, &account, &app, tokenCall{edge: "debug_token", prefix: c.prefix, method: http.MethodPost, form: form})
	if err != nil {
		return TokenFacts{}, err
	}
	return tokenFacts(answer), nil
}

// tokenCall is a call about a token, by its path.
type tokenCall struct {
	edge, prefix, method string
	form                 url.Values
	bare                 bool // no Authorization header: the token is in the form
}

// askToken makes one call in the name of bearer, and hides what is of the account.
func (c *Client) askToken(ctx context.Context, account, bearer *Account, of tokenCall) (string, *Error) {
	who, err := c.identities.of(bearer)
	if err != nil {
		return "", &Error{Class: ClassHuman, Message: err.Error(), Err: err}
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	started := c.now()
	answer, header, e := c.exchange(of.request(who).WithContext(ctx), bearer, read)
	// What is asked in the name of the app tells nothing of the account's limits.
	call := Call{Edge: of.edge, Class: ClassOK, Took: c.now().Sub(started), TraceID: traceID(header), Date: date(header)}
	if bearer == account {
		call.Account, call.Usage = account.ID, ParseUsage(header, account.ids()...)
	}
	if e != nil {
		if e.Status != 0 && e.Code == 0 {
			// What is no error of Meta's may be quoted, and may be half a new token.
			e.Message, e.Err = "the answer can't be understood", nil
		}
		e.Message = presentable(e.Message, account)
		call.Class, call.TraceID = e.Class, e.TraceID
	}
	c.observe(call)
	return answer, e
}

func (of *tokenCall) request(who *identity) *http.Request {
	target := who.base
	target.Path += of.prefix + "/" + of.edge
	if who.proof != "" {
		of.form.Set("appsecret_proof", who.proof)
	}
	if of.method == http.MethodGet {
		target.RawQuery = of.form.Encode()
		return &http.Request{Method: of.method, URL: &target, Header: who.reads}
	}
	header, body := who.writes, of.form.Encode()
	if of.bare {
		header = header.Clone()
		header.Del("Authorization")
	}
	return &http.Request{Method: of.method, URL: &target, Header: header, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
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

func tokenFacts(answer string) (facts TokenFacts) {
	w := walker{s: answer}
	for key := range w.members() {
		if key != "data" {
			continue
		}
		for key := range w.members() {
			switch key {
			case "is_valid":
				facts.Valid = w.at() == 't'
			case "expires_at":
				facts.Expires = unixTime(w.word())
			case "data_access_expires_at":
				facts.DataEnds = unixTime(w.word())
			}
		}
	}
	return facts
}

// unixTime reads seconds; 0 is Meta's word for never.
func unixTime(s string) time.Time {
	seconds, err := strconv.ParseInt(s, 10, 64)
	if err != nil || seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
