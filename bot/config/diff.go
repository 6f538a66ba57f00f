package config

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Diff names, sorted, the settings in which two configurations differ and which are taken up only by a restart: all but
// the contents of files that hold secrets. An account is named by its id.
func Diff(old, new *Config) []string {
	before, after := old.settings(), new.settings()
	changed := map[string]bool{}
	for key := range before {
		changed[key] = before[key] != after[key]
	}
	for key := range after {
		if _, ok := before[key]; !ok {
			changed[key] = true
		}
	}
	maps.DeleteFunc(changed, func(_ string, differs bool) bool { return !differs })
	return slices.Sorted(maps.Keys(changed))
}

// settings are the values by their keys, as text.
func (c *Config) settings() map[string]string {
	s := map[string]string{
		"listen":            c.Listen,
		"admin.listen":      c.Admin.Listen,
		"database":          c.Database,
		"rules":             c.Rules,
		"mode":              string(c.Mode),
		"log.level":         c.Log.Level.String(),
		"log.format":        c.Log.Format,
		"workers":           fmt.Sprint(c.Workers),
		"drain":             c.Drain.String(),
		"settle_after":      c.Settle.String(),
		"instagram.version": c.Instagram.Version,
		"instagram.app_id":  c.Instagram.AppID,
		"retention":         c.Retention.String(),
	}
	for _, a := range c.Accounts {
		maps.Copy(s, a.settings())
	}
	maps.Copy(s, c.origins)
	return s
}

func (a Account) settings() map[string]string {
	s := map[string]string{}
	for key, value := range map[string]string{
		"aliases":                   strings.Join(a.Aliases, " "),
		"username":                  a.Username,
		"page_id":                   a.PageID,
		"login":                     string(a.Login),
		"graph_url":                 a.GraphURL,
		"limits.replies_per_hour":   fmt.Sprint(a.Limits.RepliesPerHour),
		"limits.replies_per_thread": fmt.Sprint(a.Limits.RepliesPerThread),
		"sweep.every":               a.Sweep.Every.String(),
		"sweep.since":               a.Sweep.Since.String(),
	} {
		s["accounts."+a.ID+"."+key] = value
	}
	return s
}
