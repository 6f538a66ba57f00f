package token

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// workFactor is scrypt's, a few milliseconds and 4 MiB. It adds nothing to a key out of 32 random bytes, as the
// documented command makes it, and a lot of work would only delay the start; keys that a person can remember are refused
// by the configuration for their length.
const workFactor = 12

// maxSealed is more than any sealed token has.
const maxSealed = 64 << 10

// seal encrypts a token with a key, in age's format: age -d opens it by hand, with the key as the passphrase.
func seal(key, token string) ([]byte, error) {
	recipient, err := age.NewScryptRecipient(key)
	if err != nil {
		return nil, fmt.Errorf("encrypt the token: %w", err)
	}
	recipient.SetWorkFactor(workFactor)
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = io.WriteString(w, token)
		err = errors.Join(err, w.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("encrypt the token: %w", err)
	}
	return sealed.Bytes(), nil
}

// unseal opens what seal has made.
func unseal(key string, sealed []byte) (token string, err error) {
	if key == "" {
		return "", errors.New("token_key is not set")
	}
	identity, err := age.NewScryptIdentity(key)
	if err != nil {
		return "", fmt.Errorf("decrypt the token: %w", err)
	}
	// More would let whoever writes into the database keep a start busy.
	identity.SetMaxWorkFactor(workFactor)
	r, err := age.Decrypt(bytes.NewReader(sealed), identity)
	if err != nil {
		return "", fmt.Errorf("decrypt the token: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return "", fmt.Errorf("decrypt the token: %w", err)
	}
	return string(plain), nil
}
