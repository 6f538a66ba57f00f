// Package token keeps access tokens alive: it renews those that can be renewed, puts what came of it where the next start
// finds it, and tells in time when one is going to end.
//
// A token of Instagram Login lives for 60 days and can be renewed while it lives, not after. One of Facebook Login can't be
// renewed by a program; of it the package only finds out when it ends, where the app's id is known.
package token

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules/platform"
)

// Account is one whose token is kept alive.
type Account struct {
	instagram.Account // with the token that is configured
	// File is where the token stands; "" if it came from the configuration itself or from the environment.
	File string
}

// Graph are the calls about tokens. Errors are [*instagram.Error].
type Graph interface {
	RefreshToken(ctx context.Context, account instagram.Account) (instagram.FreshToken, error)
	InspectToken(ctx context.Context, app instagram.App, token string) (instagram.Token, error)
}

const (
	// renewBefore is how much of its life a token may have left when it is renewed: half, so that there is time to notice
	// when that fails.
	renewBefore = instagram.TokenLife / 2
	// warnBefore is how long before its end a token is warned of, once a day.
	warnBefore = 14 * 24 * time.Hour
	daily      = 24 * time.Hour
)

// held is an account with what is known of its token. It is guarded by the keeper's lock.
type held struct {
	Account           // its AccessToken is the configured one
	configured string // that one's fingerprint
	former     string // of the one before it, which a renewal has replaced in its file, until the file was read again
	token      string // the one that is used
	since      time.Time
	expires    time.Time // zero: not told
	dataEnds   time.Time // zero: none, or not told
	sealed     bool      // what is used stands encrypted in the store
	unkept     bool      // what is used stands nowhere: a restart would forget it
	astray     string    // why what is kept of the token can't be used; "" if nothing is, or it is used

	next     time.Time // when Meta may be asked again
	failures int       // in a row
	refused  string    // why it wasn't renewed when that was last tried; "" if it was
	dead     time.Time // since when Meta refuses the token itself; zero: it doesn't
	death    string    // why it does
	nowhere  string    // why a renewed token could not be kept; "" if it could
	warned   time.Time
}

// renewable reports whether Meta renews such tokens.
func (h *held) renewable() bool { return h.Login == platform.InstagramLogin }

// end is when the token ended, as far as Meta refuses it, or ends; see [Found.End].
func (h *held) end() (at time.Time, told bool) {
	if !h.dead.IsZero() && (h.expires.IsZero() || h.dead.Before(h.expires)) {
		return h.dead, true
	}
	return Found{Since: h.since, Expires: h.expires}.End(h.Login)
}

// due reports whether the token is to be renewed now. One whose end nobody has told is: that tells it.
func (h *held) due(now time.Time) bool {
	if !h.renewable() || h.nowhere != "" || now.Before(h.next) {
		return false
	}
	if h.expires.IsZero() {
		return true
	}
	age := now.Sub(h.since)
	if age <= -daily { // by a clock that was far ahead, and so is the end that it told
		return true
	}
	return h.expires.After(now) && h.expires.Sub(now) < renewBefore && (age < 0 || age >= instagram.TokenAge)
}

// kept is what the store keeps of it, but for the token itself.
func (h *held) kept() ledger.KeptToken {
	return ledger.KeptToken{Account: h.ID, Configured: h.configured, Since: h.since, Expires: h.expires}
}

// fingerprint tells tokens apart without telling them.
func fingerprint(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:16])
}

// days is a time to come in words.
func days(d time.Duration) string {
	switch n := int(d / daily); {
	case d <= 0:
		return "now"
	case n == 0:
		return "within a day"
	case n == 1:
		return "in 1 day"
	default:
		return fmt.Sprintf("in %d days", n)
	}
}
