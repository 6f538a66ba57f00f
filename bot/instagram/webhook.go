package instagram

import (
	"context"
	"net/http"
)

// Webhook is what the app has Meta send about one sort of object, and where to, as the app's dashboard has it.
type Webhook struct {
	Object   string // "instagram", "page", …
	Callback string // the address, as somebody has typed it
	// Active is false where Meta has switched the webhook off, as it does when nobody takes notifications for long.
	Active bool
	Fields []WebhookField
}

// WebhookField is a field whose changes are notified.
type WebhookField struct {
	Name    string // "comments"
	Version string // of the Graph API, by which notifications of it are made; "v26.0"; empty where Meta doesn't tell
}

// Webhooks asks what the app is subscribed to: GET /{app-id}/subscriptions, with the app's own token. It is another thing
// than [Client.Subscriptions], which is an account's: Meta notifies what stands in both. An error is an [*Error]. Source:
// reference "Application, Subscriptions"; that objects of Instagram are in it, also without any field, is what apps found.
func (c *Client) Webhooks(ctx context.Context, app App) ([]Webhook, error) {
	if !isID(app.ID) {
		return nil, &Error{Class: ClassPermanent, Message: "what was asked for has no id"}
	}
	account := Account{AccessToken: app.ID + "|" + app.Secret, AppSecret: app.Secret, GraphURL: app.GraphURL}
	answer, err := c.run(ctx, errand{account: &account, method: http.MethodGet, edge: "subscriptions", path: "/" + app.ID + "/subscriptions"})
	if err != nil {
		return nil, err
	}
	return listed(answer, (*walker).webhook)
}

func (w *walker) webhook() Webhook {
	hook := Webhook{Active: true}
	for key := range w.members() {
		switch key {
		case "object":
			hook.Object = cut(w.word(), maxName)
		case "callback_url":
			hook.Callback = cut(w.word(), maxAddress)
		case "active":
			hook.Active = w.at() != 'f'
		case "fields":
			for range w.elements() {
				hook.Fields = append(hook.Fields, w.webhookField())
			}
		}
	}
	return hook
}

// maxAddress is more code points than an address has that anybody types.
const maxAddress = 2000

// webhookField is an object, and was a bare name in former versions.
func (w *walker) webhookField() (f WebhookField) {
	if w.at() != '{' {
		f.Name = cut(w.word(), maxName)
		return f
	}
	for key := range w.members() {
		switch key {
		case "name":
			f.Name = cut(w.word(), maxName)
		case "version":
			f.Version = cut(w.word(), maxName)
		}
	}
	return f
}
