package main

import (
	"context"

	"github.com/answerback/answerback/bot/config"
	"github.com/answerback/answerback/bot/doctor"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/bot/token"
	"github.com/answerback/answerback/rules/platform"
)

// tokensInUse are the accounts with the tokens that the daemon would use now, be it running or not, and what it has noted
// of them. What is wrong with the database is not for here to say: the configured tokens stand then.
func tokensInUse(ctx context.Context, cfg *config.Config) ([]instagram.Account, map[string]doctor.Note) {
	desk, unread := openNotes(ctx, cfg.Database)
	if desk != nil {
		defer desk.Close()
	}
	var accounts []instagram.Account
	notes := map[string]doctor.Note{}
	for i := range cfg.Accounts {
		a := token.Account{Account: instagramAccount(cfg, i), File: cfg.AccessTokenFile(cfg.Accounts[i].ID)}
		if a.Login == platform.InstagramLogin {
			note := doctor.Note{Unread: unread, Unrenewed: token.Unrenewed(a, cfg.TokenKey.Reveal())}
			if desk != nil {
				a.AccessToken = find(ctx, desk, a.Account, cfg.TokenKey.Reveal(), &note)
			}
			notes[a.ID] = note
		}
		accounts = append(accounts, a.Account)
	}
	return accounts, notes
}

// find is the token that an account of Instagram Login is to use, and notes what is known of it.
func find(ctx context.Context, desk *sqlite.Desk, a instagram.Account, key string, note *doctor.Note) string {
	found, err := token.Find(ctx, desk, a, key)
	if err != nil {
		note.Sealed = err.Error()
	}
	note.Renewed = found.Renewed
	note.Ends, note.Told = found.End(a.Login)
	return found.Token
}

// openNotes opens the database for reading; nil if there is none yet, or, unread, where it can't be opened without changing
// something.
func openNotes(ctx context.Context, path string) (desk *sqlite.Desk, unread bool) {
	d, err := lookAtDatabase(ctx, path)
	if err == nil && !d.Exists {
		return nil, false
	}
	if err != nil || d.Known == 0 || d.Current != d.Known {
		return nil, true
	}
	desk, err = sqlite.OpenDesk(ctx, path)
	return desk, err != nil
}
