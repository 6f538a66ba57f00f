package config

import (
	"net/url"

	"github.com/answerback/answerback/rules/yamlpos"
)

// idle warns of each key that is set and on which nothing acts yet, or not all that it promises. No option is silent: a
// key leaves this function with the change that acts on it.
func (l *loader) idle(file fileShape) {
	idle := func(at yamlpos.Pos, keys ...string) {
		for _, key := range keys {
			if at.Has(key) {
				l.warn(at.Key(key).Problem(codeIdle, key+" is not acted on by this version", ""))
			}
		}
	}
	idle(file.Pos, "notify")
}

// later checks the keys on which little or nothing acts yet, so that files written now go on to be right.
func (l *loader) later(file fileShape) {
	l.config.Settle = file.Settle.Duration
	l.config.Retention = file.Retention.Duration
	for _, d := range []struct {
		key   string
		value yamlpos.Duration
	}{{"settle_after", file.Settle}, {"retention", file.Retention}} {
		if d.value.Given() && d.value.Duration == 0 {
			l.wrong(d.value.Text, "", "%s must be more than nothing", d.key)
		}
	}
	l.tokenKey(file.TokenKey)
	l.config.Notify = map[string]Notify{}
	for _, place := range file.Notify {
		l.notify(place.Key, place.Value)
	}
}

func (l *loader) notify(name yamlpos.Text, place notifyShape) {
	if place.Pos == (yamlpos.Pos{}) {
		return // said to be no mapping
	}
	if !place.Has("url") {
		l.report(name.Problem(codeMissing, "a place of notify needs url", ""))
	}
	l.config.Notify[name.Value] = Notify{}
	l.secret("notify."+name.Value+".url", place.URL, func(c *Config, s Secret) {
		c.Notify[name.Value] = Notify{URL: s}
	})
	address, err := url.Parse(l.config.Notify[name.Value].URL.Reveal())
	if url := l.config.Notify[name.Value].URL; url != "" && (err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http") {
		l.report(place.URL.place().Problem(codeValue, "url must be a URL that begins with https:// or http://", ""))
	}
}
