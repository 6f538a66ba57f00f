package instagram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// App is the app of Meta's through which the accounts are reached.
type App struct {
	ID       string // digits
	Secret   string
	GraphURL string // of Facebook Login, where tokens are inspected
}

// Token is what Meta tells of an access token.
type Token struct {
	AppID string // of the app that it was made for
	Kind  string // "USER", "PAGE", "SYSTEM_USER", …
	Valid bool
	// Reason is Meta's own word on a token that isn't valid; may be empty.
	Reason string
	// Expires is when the token ends, DataAccessExpires when the app may not read the person's data any more until they
	// log in again; zero: never, or Meta doesn't tell.
	Expires, DataAccessExpires time.Time
	// Scopes are the permissions that were granted.
	Scopes []string
	// Targets are the ids that a permission was granted for, by the permission; one that isn't there, or has no ids, was
	// granted for all.
	Targets map[string][]string
}

// InspectToken asks Meta about an access token, with the app's own token: GET /debug_token?input_token=…. Source:
// reference "Debug Token".
//
// Meta has the inspected token in the URL, where proxies and servers log it. So the call is made as the only one of a
// batch, whose calls stand in the body of a POST. Source: guide "Batch Requests".
//
// An error is an [*Error]; one of code 190 or 101 is about the app, not about the token.
func (c *Client) InspectToken(ctx context.Context, app App, token string) (Token, error) {
	account := Account{AccessToken: app.ID + "|" + app.Secret, AppSecret: app.Secret, GraphURL: app.GraphURL}
	batch, err := json.Marshal([]map[string]string{{
		"method": http.MethodGet, "relative_url": "debug_token?" + url.Values{"input_token": {token}}.Encode(),
	}})
	if err != nil {
		return Token{}, &Error{Class: ClassPermanent, Message: err.Error(), Err: err}
	}
	answer, err := c.run(ctx, errand{account: &account, method: http.MethodPost, edge: "debug_token", path: "/", reads: true, tells: true,
		parameters: url.Values{"batch": {string(batch)}, "include_headers": {"false"}}})
	account.AccessToken = token // an answer may quote it
	var refused *Error
	if errors.As(err, &refused) {
		refused.Message = presentable(refused.Message, &account)
		refused.Type, refused.TraceID = presentable(refused.Type, &account), presentable(refused.TraceID, &account)
	}
	if err != nil {
		return Token{}, err
	}
	status, body := only(answer)
	if e := judge(status, nil, body, &account, read); e != nil {
		return Token{}, e
	}
	w := walker{s: body}
	inspected, told := w.inspected(&account)
	if !told {
		return Token{}, lacking()
	}
	return inspected, nil
}

// only is the one answer in a batch's: [{"code": 200, "body": "…"}].
func only(answer string) (status int, body string) {
	w := walker{s: answer}
	for range w.elements() {
		for key := range w.members() {
			switch key {
			case "code":
				status, _ = strconv.Atoi(w.word())
			case "body":
				body = w.word()
			}
		}
	}
	return status, body
}

// inspected reads {"data": {…}}.
func (w *walker) inspected(account *Account) (t Token, told bool) {
	for key := range w.members() {
		if key != "data" {
			continue
		}
		for key := range w.members() {
			told = w.aboutToken(&t, key, account) || told
		}
	}
	return t, told
}

// aboutToken reads one member, and reports whether it was the one without which nothing is known.
func (w *walker) aboutToken(t *Token, key string, account *Account) (decides bool) {
	switch key {
	case "is_valid":
		t.Valid = w.at() == 't'
		return true
	case "app_id":
		t.AppID = cut(w.word(), maxName)
	case "type":
		t.Kind = cut(w.word(), maxName)
	case "expires_at":
		t.Expires = w.unix()
	case "data_access_expires_at":
		t.DataAccessExpires = w.unix()
	case "scopes":
		t.Scopes = w.words()
	case "granular_scopes":
		t.Targets = w.targets()
	case "error":
		var e Error
		e.readObject(w)
		t.Reason = presentable(e.Message, account)
	}
	return false
}

// targets reads [{"scope": "…", "target_ids": ["…"]}].
func (w *walker) targets() map[string][]string {
	targets := map[string][]string{}
	for range w.elements() {
		scope, ids := "", []string(nil)
		for key := range w.members() {
			switch key {
			case "scope":
				scope = w.word()
			case "target_ids":
				ids = w.words()
			}
		}
		targets[scope] = append(targets[scope], ids...)
	}
	return targets
}

// words are the scalars of the array at hand, sorted, each once.
func (w *walker) words() []string {
	var words []string
	for range w.elements() {
		if word := cut(w.word(), maxName); word != "" {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// unix is a time in seconds; 0 is none.
func (w *walker) unix() time.Time {
	seconds, err := strconv.ParseInt(w.word(), 10, 64)
	if err != nil || seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}
