package ledger

import (
	"context"
	"time"
)

// KeptToken is what is kept of an account's access token. The token itself is in it only where it was renewed and has no
// file of its own to stand in, and then encrypted: a store never sees one that can be used.
type KeptToken struct {
	Account string
	// Configured is the fingerprint of the token in the configuration to which all this belongs. Where the configuration
	// has another one now, it is void.
	Configured string
	// Since is when the token that is used was first seen here, or came of a renewal.
	Since time.Time
	// Expires is when it ends; zero where Meta didn't tell.
	Expires time.Time
	// Sealed is the token that is used in place of the configured one; nil where that is the one.
	Sealed []byte
}

// TokenStore keeps one token for each account.
type TokenStore interface {
	// KeepToken puts a token in the place of the account's former one. When it returns, a power failure doesn't undo it.
	KeepToken(ctx context.Context, token KeptToken) error
	// KeptToken is the account's; without an Account in it if there is none.
	KeptToken(ctx context.Context, account string) (KeptToken, error)
}
