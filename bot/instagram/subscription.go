package instagram

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/answerback/answerback/rules/platform"
)

// Subscription is an app to which Meta sends notifications about an account.
type Subscription struct {
	App    string   // its id; empty where Meta doesn't tell
	Fields []string // sorted
}

// subscribed is the path on which the account's subscriptions stand: its Page with Facebook Login, itself with Instagram
// Login. Source: guide "Webhooks for Instagram", and reference "Page Subscribed Apps".
func (a *Account) subscribed() (path string, ok bool) {
	node := a.ID
	if a.Login != platform.InstagramLogin {
		node = a.PageID
	}
	return "/" + node + "/subscribed_apps", isID(node)
}

// Subscriptions lists the apps that are subscribed to the account: GET /{page-id}/subscribed_apps with Facebook Login,
// which takes the Page's token ([Client.Page]), GET /{ig-id}/subscribed_apps with Instagram Login. An error is an
// [*Error].
func (c *Client) Subscriptions(ctx context.Context, account Account) ([]Subscription, error) {
	path, ok := account.subscribed()
	if !ok {
		return nil, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	answer, err := c.run(ctx, errand{account: &account, method: http.MethodGet, edge: "subscribed_apps", path: path})
	if err != nil {
		return nil, err
	}
	return listed(answer, (*walker).subscription)
}

func (w *walker) subscription() (s Subscription) {
	for key := range w.members() {
		switch key {
		case "id":
			s.App = cut(w.word(), maxName)
		case "subscribed_fields":
			s.Fields = w.words()
		}
	}
	return s
}

// Subscribe has Meta send the app notifications of the fields, and of no others: POST to the path of
// [Client.Subscriptions]. With Facebook Login the fields are a Page's, as "feed"; one that isn't in Meta's list makes the
// whole call fail. To say the same again changes nothing. Source: as there.
func (c *Client) Subscribe(ctx context.Context, account Account, fields []string) error {
	path, ok := account.subscribed()
	if !ok || len(fields) == 0 {
		return &Error{Class: ClassPermanent, Message: "there is nothing to subscribe"}
	}
	fields = slices.Sorted(slices.Values(fields))
	answer, err := c.run(ctx, errand{account: &account, method: http.MethodPost, edge: "subscribed_apps", path: path,
		parameters: url.Values{"subscribed_fields": {strings.Join(slices.Compact(fields), ",")}}})
	if err != nil {
		return err
	}
	w := walker{s: answer}
	for key := range w.members() {
		if key == "success" && w.at() == 't' {
			return nil
		}
	}
	return &Error{Class: ClassUnknown, Status: http.StatusOK, Message: "the answer doesn't say that it was done"}
}
