package main

import (
	"context"
	"time"

	"github.com/answerback/answerback/bot"
	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/token"
	"github.com/answerback/answerback/rules/problem"
)

// lookAtSecrets is how often the files that hold secrets are looked at. What has changed is taken up by the look after
// that which sees it first.
const lookAtSecrets = 2 * time.Second

// makeTokens makes the keeper of the access tokens, which knows from then on what the accounts are to use.
func (d *daemon) makeTokens(ctx context.Context, graph token.Graph) {
	d.tokens = token.New(token.Options{
		Store: d.store, Graph: graph, AppID: d.config.Instagram.AppID, Log: d.log, Now: d.wall, NotBefore: notBefore(), Changed: d.tokenRenewed,
	})
	d.configureTokens(ctx, d.config)
	d.metrics.WatchTokens(d.tokens.Ends, d.tokens.DataEnds)
}

func (d *daemon) configureTokens(ctx context.Context, cfg *config.Config) {
	var accounts []token.Account
	for i, a := range cfg.Accounts {
		accounts = append(accounts, token.Account{Account: instagramAccount(cfg, i), File: cfg.AccessTokenFile(a.ID)})
	}
	d.tokens.Configure(ctx, accounts, cfg.TokenKey.Reveal())
}

// accounts are the bot's, each with the token that it is to use now.
func (d *daemon) accounts(cfg *config.Config) []bot.Account {
	accounts := botAccounts(cfg)
	for i := range accounts {
		accounts[i].AccessToken = d.tokens.Token(accounts[i].ID)
	}
	return accounts
}

// tokenRenewed has the bot use a token that was renewed.
func (d *daemon) tokenRenewed() {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	d.bot.SetAccounts(d.accounts(d.config))
}

func (d *daemon) startTokens(context.Context) error {
	d.tokens.Start()
	d.onStop("renewing tokens", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, d.drains/4)
		defer cancel()
		d.tokens.Stop(ctx)
		return nil
	})
	return nil
}

// watchSecrets takes up secrets when their files change.
func (d *daemon) watchSecrets(ctx context.Context) error {
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan struct{})
	d.reloading.Lock()
	watch := d.config.Watch()
	d.reloading.Unlock()
	go func() {
		defer close(ended)
		look := time.NewTicker(lookAtSecrets)
		defer look.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-look.C:
			}
			if watch.Changed() {
				d.takeUpSecrets(ctx)
			}
		}
	}()
	d.onStop("watching the secrets", func(context.Context) error {
		stop()
		<-ended
		return nil
	})
	return nil
}

// takeUpSecrets reads the secrets that stand in files again. One that can't be read stays what it was.
func (d *daemon) takeUpSecrets(ctx context.Context) {
	d.reloading.Lock()
	defer d.reloading.Unlock()
	next, found := d.config.TakeUp()
	for _, p := range found {
		if p.Severity == problem.Error {
			d.log.Warn("a secret stays what it was: " + p.String())
		}
	}
	d.useSecrets(ctx, next)
}

// useSecrets has all use the secrets of a configuration that is else as before.
func (d *daemon) useSecrets(ctx context.Context, next *config.Config) {
	if err := d.door.Rotate(doorSecrets(next)); err != nil {
		d.log.WithError(err).Error("the door keeps its former secrets")
		return
	}
	d.configureTokens(ctx, next)
	d.bot.SetAccounts(d.accounts(next))
	d.places.SetPlaces(places(next))
	d.config = next
}

// instagramAccount is how the platform knows the account with this index, with the token that is configured.
func instagramAccount(cfg *config.Config, i int) instagram.Account {
	a := cfg.Accounts[i]
	return instagram.Account{
		ID: a.ID, Aliases: a.Aliases, Username: a.Username, AccessToken: a.AccessToken.Reveal(),
		AppSecret: a.AppSecrets[0].Reveal(), GraphURL: a.GraphURL, Login: a.Login, PageID: a.PageID,
	}
}
