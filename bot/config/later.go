package config

import "github.com/answerback/answerback/rules/yamlpos"

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
	l.notices(file.Notify)
}
