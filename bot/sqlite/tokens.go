package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/answerback/answerback/bot/ledger"
)

var _ ledger.TokenStore = (*Store)(nil)

const keepToken = `INSERT INTO tokens (account, configured, since, expires, sealed) VALUES (?, ?, ?, ?, ?)
	ON CONFLICT (account) DO UPDATE SET configured = excluded.configured, since = excluded.since, expires = excluded.expires, sealed = excluded.sealed`

// KeepToken implements [ledger.TokenStore].
func (s *Store) KeepToken(ctx context.Context, token ledger.KeptToken) error {
	err := s.writer.do(ctx, func(tx *tx) error {
		_, err := tx.keepToken.exec(token.Account, token.Configured, token.Since, token.Expires, nullable(token.Sealed))
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the token of account %q: %w", token.Account, err)
	}
	return nil
}

// KeptToken implements [ledger.TokenStore].
func (r reader) KeptToken(ctx context.Context, account string) (ledger.KeptToken, error) {
	token := ledger.KeptToken{Account: account}
	var since, expires int64
	err := r.db.QueryRowContext(ctx, `SELECT configured, since, expires, sealed FROM tokens WHERE account = ?`, account).
		Scan(&token.Configured, &since, &expires, &token.Sealed)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return ledger.KeptToken{}, nil
	case err != nil:
		return ledger.KeptToken{}, fmt.Errorf("kept token of account %q: %w", account, explain(err))
	}
	token.Since, token.Expires = moment(since), moment(expires)
	return token, nil
}
