package main

import (
	"context"

	"github.com/answerback/answerback/bot/sweep"
	"github.com/sirupsen/logrus"
)

// startSweep looks for missed comments of those accounts for which somebody wants that.
func (d *daemon) startSweep(ctx context.Context) error {
	var accounts []sweep.Account
	var results []string
	for _, result := range sweep.Results() {
		results = append(results, string(result))
	}
	for _, a := range d.config.Accounts {
		if a.Sweep.Every == 0 {
			continue
		}
		accounts = append(accounts, sweep.Account{ID: a.ID, Aliases: a.Aliases, Username: a.Username, Every: a.Sweep.Every, Since: a.Sweep.Since})
		d.metrics.Sweeping(a.ID, results...)
		d.log.WithFields(logrus.Fields{"account": a.ID, "username": a.Username, "every": a.Sweep.Every.String(), "since": a.Sweep.Since.String()}).
			Info("comments of which no notification told are looked for")
	}
	if len(accounts) == 0 {
		return nil
	}
	s := sweep.New(sweep.Options{
		Accounts: accounts, Graph: d.bot.Leisure(d.graph), Inbox: d.bot, Observe: rounds{d}, Log: d.log, Now: d.wall,
	})
	s.Start(ctx)
	d.onStop("the sweep", func(ctx context.Context) error {
		return within(ctx, closePatience, func() error { s.Stop(); return nil })
	})
	return nil
}

// rounds counts what a sweep does.
type rounds struct{ daemon *daemon }

func (r rounds) Swept(account string, result sweep.Result, found int) {
	r.daemon.metrics.Swept(account, string(result), found)
}
