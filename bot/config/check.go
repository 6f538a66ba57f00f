package config

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/answerback/answerback/rules/yamlpos"
	"github.com/sirupsen/logrus"
)

// addresses checks where the daemon listens. Who reaches the admin address can read and switch everything, so beyond
// the machine it takes a token.
func (l *loader) addresses(file fileShape) {
	l.config.Listen = file.Listen.Value
	l.config.Admin.Listen = file.Admin.Listen.Value
	l.address("listen", file.Listen)
	admin, ok := l.address("admin.listen", file.Admin.Listen)
	l.secret("admin.token", file.Admin.Token, func(c *Config, s Secret) { c.Admin.Token = s })
	if ok && !isLoopback(admin) && !file.Admin.Has("token") {
		l.report(file.Admin.Listen.Problem(codeMissing, "admin.listen can be reached from other machines, so admin needs a token",
			"add token, or listen on 127.0.0.1"))
	}
	if port := portOf(file.Listen.Value); port != "0" && file.Listen.Value == file.Admin.Listen.Value {
		l.report(file.Admin.Pos.Key("listen").Problem(codeTwice, "listen and admin.listen are the same address", ""))
	}
}

// address checks a host:port and gives the host.
func (l *loader) address(key string, value yamlpos.Text) (host string, ok bool) {
	host, port, err := net.SplitHostPort(value.Value)
	if err != nil {
		l.wrong(value, "such as 127.0.0.1:8080, or :8080 for every address of the machine", "%s must be host:port", key)
		return "", false
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		l.wrong(value, "", "%s: the port must be a number from 0 to 65535", key)
		return "", false
	}
	if host != "" && net.ParseIP(withoutZone(host)) == nil && !hostName.MatchString(host) {
		l.wrong(value, "", "%s: the host is neither an address nor a name", key)
		return "", false
	}
	return host, true
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$`)

func withoutZone(host string) string {
	address, _, _ := strings.Cut(host, "%")
	return address
}

func isLoopback(host string) bool {
	ip := net.ParseIP(withoutZone(host))
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func portOf(address string) string {
	return address[strings.LastIndexByte(address, ':')+1:]
}

// places checks where things lie on disk.
func (l *loader) places(file fileShape) {
	l.config.Rules = resolve(l.path, file.Rules.Value)
	engine, path, _ := strings.Cut(file.Database.Value, ":")
	switch {
	case engine == "postgres" || engine == "postgresql":
		l.report(file.Database.Problem(codeUnbuilt, "PostgreSQL is not built into this version yet", "use sqlite:PATH"))
	case engine != "sqlite":
		l.wrong(file.Database, "such as sqlite:answerback.db", "database must be sqlite:PATH")
	case path == "" || path == ":memory:":
		l.wrong(file.Database, "such as sqlite:answerback.db", "database needs the path of a file: what is accepted must outlive the process")
	default:
		l.config.Database = resolve(l.path, path)
	}
}

// maxWorkers is far beyond what one database takes, and keeps a slip of the finger from eating the memory.
const maxWorkers = 1024

// daemon checks how the daemon works.
func (l *loader) daemon(file fileShape) {
	l.config.Mode = rules.Mode(l.word("mode", file.Mode, string(rules.Live), string(rules.Shadow)))
	l.config.Log.Format = l.word("log.format", file.Log.Format, logFormats()...)
	l.config.Log.Level = l.level(file.Log.Level)
	l.config.Workers = file.Workers
	if file.Workers < 1 || file.Workers > maxWorkers {
		l.report(file.Pos.Key("workers").Problem(codeValue, fmt.Sprintf("workers must be from 1 to %d", maxWorkers), ""))
	}
	l.config.Drain = file.Drain.Duration
	l.limits("limits", file.Limits)
}

// word checks a value that must be one of a few.
func (l *loader) word(key string, value yamlpos.Text, known ...string) string {
	if !slices.Contains(known, value.Value) {
		hint := ""
		if near, ok := yamlpos.Nearest(value.Value, known); ok {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		last := len(known) - 1
		l.wrong(value, hint, "%s must be %s or %s", key, strings.Join(known[:last], ", "), known[last])
	}
	return value.Value
}

func (l *loader) level(value yamlpos.Text) logrus.Level {
	level, err := logrus.ParseLevel(l.word("log.level", value, logLevels()...))
	if err != nil {
		return logrus.InfoLevel // the word was refused above
	}
	return level
}

func (l *loader) limits(name string, limits limitsShape) {
	for _, limit := range []struct {
		key   string
		value *int
	}{{"replies_per_hour", limits.RepliesPerHour}, {"replies_per_thread", limits.RepliesPerThread}} {
		if limit.value != nil && *limit.value < 0 {
			l.report(limits.Key(limit.key).Problem(codeValue, name+"."+limit.key+" must not be negative", "0 is no cap"))
		}
	}
}

var graphVersion = regexp.MustCompile(`^v[0-9]+\.[0-9]+$`)

// instagram checks what the accounts have in common.
func (l *loader) instagram(file instagramShape) {
	l.login("instagram.login", file.Login)
	l.graphURL("instagram.graph_url", file.GraphURL)
	l.otherHost("instagram.graph_url", file.GraphURL, platform.Login(file.Login.Value))
	if !graphVersion.MatchString(file.Version.Value) {
		l.wrong(file.Version, "such as v26.0", "instagram.version must be v, a number, a point and a number")
	}
	l.config.Instagram.Version = file.Version.Value
	l.config.Instagram.AppID = file.AppID.Value
	if file.AppID.Given() && !isID(file.AppID.Value) {
		l.wrong(file.AppID, "", "instagram.app_id must be digits")
	}
	l.needed("instagram.verify_token", file.Pos, file.VerifyToken, func(c *Config, s Secret) { c.Instagram.VerifyToken = s })
}

func (l *loader) login(key string, value yamlpos.Text) platform.Login {
	return platform.Login(l.word(key, value, logins()...))
}

// graphURL checks where Graph calls go. They bear the access token, so on the way to another machine they are
// encrypted. Its value isn't repeated: somebody may have put a password into it.
func (l *loader) graphURL(key string, value yamlpos.Text) string {
	if !value.Given() {
		return ""
	}
	address, err := url.Parse(value.Value)
	switch {
	case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
		l.wrong(value, "such as https://graph.facebook.com", "%s must be a URL that begins with https://", key)
	case address.User != nil || address.RawQuery != "" || address.ForceQuery || address.Fragment != "":
		l.wrong(value, "", "%s must have no user, no query and no fragment in it", key)
	case address.Scheme == "http" && !isLoopback(address.Hostname()):
		l.wrong(value, "", "%s must begin with https:// (http:// is for this machine only)", key)
	}
	return strings.TrimRight(value.Value, "/")
}

// otherHost reports the host of another login than the account's: that takes none of its tokens.
func (l *loader) otherHost(key string, value yamlpos.Text, login platform.Login) {
	address, err := url.Parse(value.Value)
	if err != nil || !slices.Contains(platform.Logins(), login) {
		return // that was said
	}
	for _, other := range platform.Logins() {
		if other != login && strings.EqualFold("https://"+address.Hostname(), other.GraphURL()) {
			l.wrong(value, "leave it out: by itself it is "+login.GraphURL(), "%s is for login: %s, and the login is %s", key, other, login)
		}
	}
}
