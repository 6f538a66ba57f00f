package config

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
)

var (
	digits   = regexp.MustCompile(`^[0-9]{1,32}$`)
	username = regexp.MustCompile(`^[A-Za-z0-9._]{1,30}$`)
)

func isID(s string) bool { return digits.MatchString(s) }

// accounts checks whom the bot answers for.
func (l *loader) accounts(file fileShape) {
	l.sweep(file.Sweep, defaults().Sweep)
	l.missing(file.Pos, "", "accounts")
	if file.Accounts != nil && len(file.Accounts) == 0 {
		l.report(file.Key("accounts").Problem(codeMissing, "accounts must hold at least one account", ""))
	}
	l.config.Accounts = make([]Account, len(file.Accounts))
	l.config.logins = make([]yamlpos.Text, len(file.Accounts))
	for i, a := range file.Accounts {
		if a.Pos != (yamlpos.Pos{}) {
			l.account(i, a, file)
		}
	}
	l.unique(file.Accounts)
	l.appSecrets(file)
}

func (l *loader) account(i int, file accountShape, all fileShape) {
	a := &l.config.Accounts[i]
	l.name(a, file)
	a.PageID = file.PageID.Value
	if file.PageID.Given() && !isID(file.PageID.Value) {
		l.wrong(file.PageID, "", "page_id must be digits")
	}
	a.Login, a.GraphURL = l.graph(file, all.Instagram)
	if l.config.logins[i] = all.Instagram.Login; file.Login.Given() {
		l.config.logins[i] = file.Login
	}
	l.limits("limits", file.Limits)
	a.Limits = mergedLimits(file.Limits, all.Limits)
	a.Sweep = l.sweep(file.Sweep, all.Sweep)
	l.needed(accountKey(i, file, "access_token"), file.Pos, file.AccessToken, func(c *Config, s Secret) { c.Accounts[i].AccessToken = s })
}

// name checks who the account is.
func (l *loader) name(a *Account, file accountShape) {
	a.ID, a.Username = file.ID.Value, file.Username.Value
	if !file.ID.Given() {
		l.missing(file.Pos, "an account", "id")
	} else {
		l.accountID(file.ID, "it is the account's id on the platform, not its name", "id must be digits")
	}
	for _, alias := range file.Aliases {
		if !alias.Given() {
			continue // something was said of it
		}
		a.Aliases = append(a.Aliases, alias.Value)
		l.accountID(alias, "", "aliases must be ids, which are digits")
	}
	switch {
	case !file.Username.Given():
		if !file.Has("username") {
			l.missing(file.Pos, "an account", "username")
		}
	case !username.MatchString(a.Username):
		l.wrong(file.Username, "write it without @", "username must be 1 to 30 letters, digits, points and underscores")
	}
}

// accountID checks what notifications are to bear. What bears 0 is never answered, so an account by that id would be deaf.
func (l *loader) accountID(id yamlpos.Text, hint, message string) {
	switch {
	case !isID(id.Value):
		l.wrong(id, hint, "%s", message)
	case strings.Trim(id.Value, "0") == "":
		l.wrong(id, "0 stands for none in what the test button of Meta's dashboard sends", "0 is no account's id")
	}
}

// graph is how the account logged in and where its calls go. The common graph_url is that of the common login.
func (l *loader) graph(file accountShape, common instagramShape) (platform.Login, string) {
	login := platform.Login(common.Login.Value)
	if file.Login.Given() {
		login = l.login("login", file.Login)
	}
	l.otherHost("graph_url", file.GraphURL, login)
	switch own := l.graphURL("graph_url", file.GraphURL); {
	case own != "":
		return login, own
	case common.GraphURL.Given() && login == platform.Login(common.Login.Value):
		return login, strings.TrimRight(common.GraphURL.Value, "/")
	}
	return login, login.GraphURL()
}

// mergedLimits are an account's own limits, and for what it doesn't say the common ones.
func mergedLimits(own, common limitsShape) Limits {
	pick := func(own, common *int) int {
		if own != nil {
			return *own
		}
		return *common
	}
	return Limits{
		RepliesPerHour:   pick(own.RepliesPerHour, common.RepliesPerHour),
		RepliesPerThread: pick(own.RepliesPerThread, common.RepliesPerThread),
	}
}

// unique reports ids and usernames that stand there twice: an event must belong to one account.
func (l *loader) unique(accounts []accountShape) {
	ids, names := map[string]yamlpos.Text{}, map[string]yamlpos.Text{}
	for _, a := range accounts {
		for _, id := range append([]yamlpos.Text{a.ID}, a.Aliases...) {
			l.once(ids, id, "id")
		}
		l.once(names, a.Username, "username")
	}
}

func (l *loader) once(seen map[string]yamlpos.Text, value yamlpos.Text, what string) {
	if !value.Given() {
		return
	}
	if first, ok := seen[value.Value]; ok {
		l.report(value.Problem(codeTwice, fmt.Sprintf("this %s stands here a second time, first in line %d", what, first.Line()), ""))
		return
	}
	seen[value.Value] = value
}

// appSecrets gives each account its own app secrets, else the common ones.
func (l *loader) appSecrets(file fileShape) {
	common := file.Instagram.AppSecret
	var inherit []int
	for i, a := range file.Accounts {
		if a.Has("app_secret") {
			l.secrets(accountKey(i, a, "app_secret"), a.AppSecret, []int{i})
		} else {
			inherit = append(inherit, i)
		}
	}
	if all := len(file.Accounts); len(common) == 0 && (len(inherit) > 0 || all == 0) && !l.SkipSecrets {
		l.missing(file.Instagram.Pos, "instagram", "app_secret")
	}
	l.secrets("instagram.app_secret", common, inherit)
}

// accountKey is how a setting of an account is called.
func accountKey(i int, a accountShape, key string) string {
	if a.ID.Given() {
		return "accounts." + a.ID.Value + "." + key
	}
	return fmt.Sprintf("accounts.%d.%s", i+1, key)
}
