package main

import (
	"context"
	"errors"
	"slices"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/rules/problem"
	"github.com/answerback/answerback/rules/watch"
)

// health is the bot's, with a note on a refused edit of the rules.
func (d *daemon) health(ctx context.Context) (reasons, notes []string) {
	reasons, notes = d.bot.Health(ctx)
	notes = append(notes, d.tokens.Notes()...)
	for _, p := range d.rules.Rejected() {
		notes = append(notes, "rules: an edit is refused: "+p.String())
	}
	return reasons, notes
}

func (d *daemon) activeRules() (revision string, rules int) {
	set := d.rules.Active()
	return set.Revision(), set.Len()
}

// reload takes up what may change while the daemon runs, and tells what is wrong with it: rules, and secrets that
// stand in files. What is wrong with one doesn't keep the other from being taken up.
func (d *daemon) reload(ctx context.Context, trigger string) (problem.List, error) {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	found := d.reloadSecrets(ctx)
	d.nameRestarts()
	result := d.rules.Reload(ctx, trigger)
	err := result.Err
	if err == nil && found.HasErrors() {
		err = errors.New("secrets can't be read")
	}
	return append(found, result.Problems...), err
}

// reloadSecrets reads secrets that stand in files of their own again.
func (d *daemon) reloadSecrets(ctx context.Context) problem.List {
	next, found := d.config.ReadSecrets()
	found = onlyErrors(found)
	for _, p := range found {
		d.log.Error(p.String())
	}
	if len(found) > 0 {
		return found
	}
	d.useSecrets(ctx, next)
	return found
}

// nameRestarts says which changes of the configuration wait for a restart.
func (d *daemon) nameRestarts() {
	next, found, err := d.reread()
	if err != nil {
		d.log.WithError(err).Warn("the configuration can't be read again; the daemon goes on with what it has")
		return
	}
	for _, p := range onlyErrors(found) {
		d.log.Warn(p.String())
	}
	if found.HasErrors() {
		return
	}
	if changed := config.Diff(d.config, next); len(changed) > 0 {
		d.log.WithField("settings", changed).Warn("these settings have changed and are taken up by a restart")
	}
}

// onlyErrors leaves out warnings, which were told of at the start.
func onlyErrors(found problem.List) problem.List {
	return slices.DeleteFunc(slices.Clone(found), func(p problem.Problem) bool { return p.Severity != problem.Error })
}

// consoleReload is a reload that was asked for over HTTP.
func (d *daemon) consoleReload(ctx context.Context) (problem.List, error) {
	return d.reload(ctx, watch.TriggerRequest)
}
