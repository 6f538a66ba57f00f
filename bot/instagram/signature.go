package instagram

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
)

// SignatureHeader carries the signature of a notification. Source: Meta's guide "Webhooks, getting started".
const SignatureHeader = "X-Hub-Signature-256"

// Why a signature isn't accepted.
var (
	ErrSignatureMissing   = errors.New("signature missing")
	ErrSignatureMalformed = errors.New("signature malformed: want sha256= and 64 hexadecimal digits")
	ErrSignatureWrong     = errors.New("signature wrong: not made with a secret of ours")
	ErrNoSecret           = errors.New("no app secret to verify a signature with, or an empty one")
)

// Verify checks the value of [SignatureHeader] over the body as it came, byte for byte, in constant time. Every secret
// is tried, so that one can be changed for another, and since Meta doesn't say which of an app's two secrets signs
// under Instagram Login. An empty secret is an error, not a secret. SHA-1 is not accepted.
func Verify(body []byte, header string, secrets [][]byte) error {
	if len(secrets) == 0 {
		return ErrNoSecret
	}
	for _, secret := range secrets {
		if len(secret) == 0 {
			return ErrNoSecret
		}
	}
	if header == "" {
		return ErrSignatureMissing
	}
	digits, ok := strings.CutPrefix(header, "sha256=")
	var got [sha256.Size]byte
	if !ok || len(digits) != 2*len(got) {
		return ErrSignatureMalformed
	}
	if _, err := hex.Decode(got[:], []byte(digits)); err != nil {
		return ErrSignatureMalformed
	}
	var want [sha256.Size]byte
	right := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write(body)
		right = hmac.Equal(got[:], mac.Sum(want[:0])) || right
	}
	if !right {
		return ErrSignatureWrong
	}
	return nil
}

// Sign makes the value of [SignatureHeader], as Meta does.
func Sign(body, secret []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}
