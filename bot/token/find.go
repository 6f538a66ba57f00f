package token

import (
	"context"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/platform"
)

// Reader reads what is kept of tokens; see [ledger.TokenStore].
type Reader interface {
	KeptToken(ctx context.Context, account string) (ledger.KeptToken, error)
}

// Found is the token that an account is to use, and what is known of its life.
type Found struct {
	Token string
	// Renewed says that it isn't the configured one, but what a renewal has put into its place in the store.
	Renewed bool
	Since   time.Time // when it was first seen, or came of a renewal; zero: it is new
	Expires time.Time // zero where Meta didn't tell
}

// Find is what an account is to use, by its configured token and what the store keeps of it. Beside an error it is the
// configured one; the error says why nothing better is known.
func Find(ctx context.Context, store Reader, a instagram.Account, key string) (Found, error) {
	configured := Found{Token: a.AccessToken}
	kept, err := store.KeptToken(ctx, a.ID)
	if err != nil {
		return configured, fmt.Errorf("what is kept of the access token can't be read: %w", err)
	}
	if kept.Configured != fingerprint(a.AccessToken) {
		return configured, nil
	}
	if kept.Sealed == nil {
		return Found{Token: a.AccessToken, Since: kept.Since, Expires: kept.Expires}, nil
	}
	token, err := unseal(key, kept.Sealed)
	if err != nil {
		configured.Since = kept.Since // so that it isn't put down anew: the right key may come back
		return configured, fmt.Errorf("the renewed access token in the database can't be opened: %w", err)
	}
	return Found{Token: token, Renewed: true, Since: kept.Since, Expires: kept.Expires}, nil
}

// End is when the account's token ends, or where Meta didn't tell, when it ends at the latest; zero where it may not end.
func (f Found) End(login platform.Login) (at time.Time, told bool) {
	switch {
	case !f.Expires.IsZero():
		return f.Expires, true
	case login == platform.InstagramLogin && !f.Since.IsZero():
		return f.Since.Add(instagram.TokenLife), false
	}
	return time.Time{}, false
}

// Unrenewed says why the account's token is not renewed though Meta would: there is nowhere to keep what came of it. It is
// "" where the token is renewed, or can't be. A file is beside the token's for a moment, to see whether it can be.
func Unrenewed(a Account, key string) string {
	switch {
	case key != "" || a.Login != platform.InstagramLogin:
		return ""
	case a.File == "":
		return "it stands in no {file: …}, and token_key is not set"
	}
	if err := writable(a.File); err != nil {
		return "its file can't be replaced (" + err.Error() + "), and token_key is not set"
	}
	return ""
}
