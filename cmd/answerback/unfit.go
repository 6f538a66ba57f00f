package main

import (
	"fmt"
	"slices"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/problem"
)

// tellUnfit warns of what the rules want of accounts whose logins may not give it, but for what was told of the set
// before. It returns what there is to tell now.
func (d *daemon) tellUnfit(cfg *config.Config, set *rules.Set, told problem.List) problem.List {
	found := cfg.Fit(set)
	for _, p := range found {
		if !slices.Contains(told, p) {
			d.log.Warn(p.String())
		}
	}
	return found
}

// readConfig loads the configuration that says who the rules are for, if one was named.
func (k *check) readConfig() (err error) {
	if k.path == "" {
		return nil
	}
	cfg, problems, err := config.Load(k.path, config.Options{SkipSecrets: true})
	switch {
	case err != nil:
		return err
	case problems.HasErrors():
		if err := problems.Text(k.stderr); err != nil {
			return failure{err}
		}
		return fmt.Errorf("configuration %q is not usable", k.path)
	}
	k.config = cfg
	return nil
}
