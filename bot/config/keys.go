package config

import (
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/shape"
	"github.com/answerback/answerback/rules/yamlpos"
)

// Shape is what may stand in a configuration, as it is when the environment's ${NAME} are put in.
func Shape() *shape.Shape {
	file := shape.Of(fileShape{})
	for _, own := range []string{"limits", "sweep"} {
		inAccount := file.Key("accounts").Shape.Item.Key(own).Shape
		for i := range inAccount.Keys {
			inAccount.Keys[i].Default = "" // it is what the top says
		}
	}
	return file
}

// Keys are those of the file.
func (fileShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "listen", Default: "127.0.0.1:8080", Doc: "The address, host:port, on which notifications come in, at /webhooks/instagram."},
		{Name: "admin", Doc: "The operators' own address."},
		{Name: "database", Default: "sqlite:answerback.db", Doc: "The database, as sqlite:FILE."},
		{Name: "rules", Default: "rules/", Doc: "The rules, a folder or a file."},
		{Name: "mode", Words: []string{string(rules.Live), string(rules.Shadow)}, Default: string(rules.Live), Doc: "live: replies are sent. shadow: all is decided and recorded as if it were live, but nothing is ever sent."},
		{Name: "notify", Doc: "Places by name that rules may send messages to."},
		{Name: "log", Doc: "How the log is written."},
		{Name: "limits", Doc: "Caps on the replies of each account."},
		{Name: "workers", Default: "16", Doc: "How many events and deliveries are in work at once, from 1 to 1024."},
		{Name: "drain", Default: "20s", Doc: "How long a stop waits for work in hand."},
		{Name: "settle_after", Default: "60s", Doc: "How long after a reply whose fate is unknown it is looked for on Instagram."},
		{Name: "instagram", Doc: "What all accounts have in common on the platform."},
		{Name: "accounts", Required: true, Doc: "The accounts that are answered for, at least one."},
		{Name: "sweep", Doc: "The search for comments on the accounts' own media that no notification told of."},
		{Name: "token_key", Doc: "The key with which access tokens that the daemon renews are encrypted; needed only for that."},
		{Name: "retention", Default: "90d", Doc: "How long events, and what was said to them, are kept and known to the rules; the database keeps four days at least."},
	}
}

// Keys are those of the admin address.
func (adminShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "listen", Default: "127.0.0.1:9090", Doc: "The address, host:port, of /healthz, /readyz, /metrics and POST /-/reload."},
		{Name: "token", Doc: "What they want as Authorization: Bearer, but for /healthz and /readyz. Required where the address can be reached from other machines."},
	}
}

// Keys are those of a place.
func (notifyShape) Keys() []shape.Key {
	return []shape.Key{{Name: "url", Required: true, Doc: "The place's address, which is kept secret: whoever knows it can post there."}}
}

// Keys are those of the log.
func (logShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "level", Words: logLevels(), Default: "info", Doc: "The least that is logged. debug shows the texts of comments."},
		{Name: "format", Words: logFormats(), Default: "text", Doc: "text for people, json for programs."},
	}
}

// Keys are those of the limits, at the top and in an account.
func (limitsShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "replies_per_hour", Default: "60", Doc: "Replies of an account in an hour. What is over waits. 0: no cap."},
		{Name: "replies_per_thread", Default: "3", Doc: "Replies of an account in one conversation. What is over is not answered. 0: no cap."},
	}
}

// Keys are those of the platform.
func (instagramShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "login", Words: logins(), Default: string(platform.FacebookLogin), Doc: "How the accounts' owners let the app in: Instagram API with Facebook Login, or with Instagram Login."},
		{Name: "graph_url", Doc: "Another Graph API than the login's own, https:// unless it is on this machine."},
		{Name: "version", Default: "v26.0", Pattern: graphVersion.String(), Doc: "The version of the Graph API."},
		{Name: "app_id", Pattern: digits.String(), Doc: "The app's id."},
		{Name: "app_secret", Doc: "The app's secret, with which notifications are signed. A list while it is changed, the one in use first. Required unless every account has its own."},
		{Name: "verify_token", Required: true, Doc: "The word that you invented and typed in the app's dashboard, under Webhooks."},
	}
}

// Keys are those of an account.
func (accountShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "id", Required: true, Pattern: digits.String(), Doc: "The account's id as notifications bear it, in entry.id."},
		{Name: "aliases", Pattern: digits.String(), Doc: "Other ids of the same account."},
		{Name: "username", Required: true, Doc: "The account's username. It keeps the bot from answering itself."},
		{Name: "access_token", Required: true, Doc: "The access token for the account."},
		{Name: "page_id", Pattern: digits.String(), Doc: "The id of the Facebook Page that the account is linked to; needed for private replies with Facebook Login."},
		{Name: "login", Words: logins(), Doc: "The account's own login, where it differs from instagram.login."},
		{Name: "graph_url", Doc: "The account's own Graph API, where it differs."},
		{Name: "app_secret", Doc: "The account's own app secret, where it differs; one or a list."},
		{Name: "limits", Doc: "The account's own limits. What isn't said here is as in limits at the top."},
		{Name: "sweep", Doc: "The account's own sweep. What isn't said here is as in sweep at the top."},
	}
}

// Keys are those of the sweep.
func (sweepShape) Keys() []shape.Key {
	return []shape.Key{
		{Name: "every", Default: "0s", Doc: "How often they are looked for, such as 5m. 0s: never."},
		{Name: "since", Default: "24h", Doc: "How old a comment may be, at most 48h. Older ones are left alone, also at the first start."},
	}
}

// Keys are those of a secret that stands in a file of its own.
func (secretFileShape) Keys() []shape.Key {
	return []shape.Key{{Name: "file", Required: true, Doc: "The file that holds the secret, as the path from the folder of this file."}}
}

// secretFileShape is how a file is named in place of a secret.
type secretFileShape struct {
	File yamlpos.Text `yaml:"file"`
}

// Forms are the secret, or the file that holds it.
func (secretShape) Forms() []any { return []any{yamlpos.Text{}, secretFileShape{}} }

// Forms are one secret or several.
func (secretShapes) Forms() []any { return []any{secretShape{}, []secretShape{}} }

func logins() []string {
	var words []string
	for _, login := range platform.Logins() {
		words = append(words, string(login))
	}
	return words
}

func logLevels() []string { return []string{"debug", "info", "warn", "error"} }

func logFormats() []string { return []string{"text", "json"} }
