package config

import (
	"net/url"

	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/yamlpos"
)

// notices reads the places that rules may notify.
func (l *loader) notices(places yamlpos.Map[notifyShape]) {
	l.config.Notify = map[string]Notify{}
	for _, place := range places {
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
	l.secret(urlOf(name.Value), place.URL, func(c *Config, s Secret) { c.Notify[name.Value] = Notify{URL: s} })
	l.problems = append(l.problems, l.config.Notify[name.Value].problems(place.URL.place())...)
}

// urlOf is how the setting of a place's URL is called.
func urlOf(place string) string { return "notify." + place + ".url" }

// problems says why notes can't be posted to the URL, which stands at the given place. What people wrote is on its way
// there, so beyond this machine it is encrypted. The URL isn't repeated: it is a secret.
func (n Notify) problems(at yamlpos.Text) problem.List {
	if n.URL == "" {
		return nil // said where it lacks, or left unread
	}
	address, err := url.Parse(n.URL.Reveal())
	switch {
	case err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http":
		return problem.List{at.Problem(codeValue, "url must be a URL that begins with https://", "")}
	case address.Scheme == "http" && !isLoopback(address.Hostname()):
		return problem.List{at.Problem(codeValue, "url must begin with https:// (http:// is for this machine only)", "")}
	}
	return nil
}
