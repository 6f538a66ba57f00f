package instagramtest

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// Life is how long an access token lives. A token without one was made long ago and doesn't end.
type Life struct {
	Issued   time.Time
	Expires  time.Time // zero: never
	DataEnds time.Time // as data_access_expires_at; zero: never
}

// The lives of tokens. Source: reference "refresh_access_token".
const (
	refreshedLife = 5183944 * time.Second
	refreshAge    = 24 * time.Hour
)

// lives are those of the tokens that have one.
type lives struct {
	mu    sync.Mutex
	known map[string]Life
}

func (l *lives) of(token string) Life {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[token]
}

// SetLife gives a token a life. From its end on it is refused.
func (f *Fake) SetLife(token string, life Life) {
	f.lives.mu.Lock()
	defer f.lives.mu.Unlock()
	if f.lives.known == nil {
		f.lives.known = map[string]Life{}
	}
	f.lives.known[token] = life
}

// Token is the access token that an account was given last.
func (f *Fake) Token(accountID string) string {
	f.world.mu.RLock()
	defer f.world.mu.RUnlock()
	return f.world.accounts[accountID].Token
}

// addToken gives an account one more token; the former ones go on for as long as they live.
func (f *Fake) addToken(accountID, token string) {
	w := &f.world
	w.mu.Lock()
	defer w.mu.Unlock()
	a := w.accounts[accountID]
	a.Token = token
	w.accounts[a.ID], w.byToken[token], w.proofs[token] = a, a, w.proof(token)
}

// ended refuses a token whose life is over.
func (f *Fake) ended(token string) *refusal {
	if end := f.lives.of(token).Expires; !end.IsZero() && !f.o.Now().Before(end) {
		return &refusal{code: 190, subcode: 463, message: "Error validating access token: Session has expired on " + end.UTC().Format(time.RFC1123)}
	}
	return nil
}

// refresh serves refresh_access_token. What is asked stands in the query, or in the form of a POST that says method=get.
func (f *Fake) refresh(c *call) (answer, *refusal) {
	if c.Method != http.MethodGet && take(c, "method") != "get" {
		return answer{}, ptr(missing("post", c.node))
	}
	if take(c, "grant_type") != "ig_refresh_token" {
		return answer{}, ptr(invalid("Invalid grant_type"))
	}
	if f.o.Now().Sub(f.lives.of(c.token).Issued) < refreshAge {
		return answer{}, ptr(invalid("The access token must be at least 24 hours old to be refreshed"))
	}
	fresh := "IGAA" + f.nextID()
	f.addToken(c.account.ID, fresh)
	f.SetLife(fresh, Life{Issued: f.o.Now(), Expires: f.o.Now().Add(refreshedLife)})
	b := appendString(appendKey([]byte{'{'}, "access_token"), fresh)
	b = appendString(appendKey(b, "token_type"), "bearer")
	b = strconv.AppendInt(appendKey(b, "expires_in"), int64(refreshedLife/time.Second), 10)
	return answer{status: 200, body: append(b, '}')}, nil
}

func isRefresh(c *call) bool { return c.edge == "" && c.node == "refresh_access_token" }
