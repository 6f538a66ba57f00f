package instagram

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
)

// identity is what is the same in all calls of an account: it is made once and then only read.
type identity struct {
	base   url.URL
	reads  http.Header
	writes http.Header
	// proof is appsecret_proof, hex(HMAC-SHA256(app secret, token)); "" if there is no secret. Source: Meta's guide
	// "Secure Graph API calls".
	proof string
}

type credentials struct{ graphURL, token, secret string }

// identities remembers identities by credentials, so that a new token makes a new one.
type identities struct {
	mu    sync.RWMutex
	known map[credentials]*identity
}

// maxIdentities bounds what changed tokens leave behind.
const maxIdentities = 4096

func (s *identities) of(account *Account) (*identity, error) {
	key := credentials{account.GraphURL, account.AccessToken, account.AppSecret}
	s.mu.RLock()
	id := s.known[key]
	s.mu.RUnlock()
	if id != nil {
		return id, nil
	}
	id, err := newIdentity(account)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil || len(s.known) >= maxIdentities {
		s.known = map[credentials]*identity{}
	}
	s.known[key] = id
	return id, nil
}

func newIdentity(account *Account) (*identity, error) {
	base, err := url.Parse(account.GraphURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, errors.New("the Graph URL is not a URL of http or https")
	}
	if account.AccessToken == "" || strings.ContainsFunc(account.AccessToken, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the access token is empty or holds what no token holds")
	}
	id := &identity{base: url.URL{Scheme: base.Scheme, Host: base.Host, Path: strings.TrimSuffix(base.Path, "/")}}
	common := http.Header{
		"Accept":        {"application/json"},
		"Authorization": {"Bearer " + account.AccessToken},
		"User-Agent":    {"answerback"},
	}
	id.reads, id.writes = common, common.Clone()
	id.writes.Set("Content-Type", "application/x-www-form-urlencoded")
	if account.AppSecret != "" {
		mac := hmac.New(sha256.New, []byte(account.AppSecret))
		mac.Write([]byte(account.AccessToken))
		id.proof = hex.EncodeToString(mac.Sum(nil))
	}
	return id, nil
}
