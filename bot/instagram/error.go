package instagram

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Class says what an error means for the one who called.
type Class string

// The classes. What they are made of stands in classify.go.
const (
	ClassOK        Class = "ok"
	ClassRetry     Class = "retry"     // not sent, or a read that may be tried again soon
	ClassWait      Class = "wait"      // throttled: the whole account waits
	ClassGone      Class = "gone"      // what it was about is no longer there for us
	ClassPermanent Class = "permanent" // refused for good
	ClassHuman     Class = "human"     // refused until a person mends it: token, permission, block
	ClassDone      Class = "done"      // an error by form, but it was done
	ClassUnknown   Class = "unknown"   // a write whose fate can't be told: never send it again
)

// Error is a Graph call that didn't go well.
type Error struct {
	Class   Class
	Status  int // HTTP; 0 if there was no answer
	Code    int
	Subcode int
	Type    string
	Message string // Meta's, or the network's; never holds a token
	TraceID string // fbtrace_id
	// RetryAfter is how long Meta told to wait; 0 if it didn't.
	RetryAfter time.Duration
	Err        error // the network's error, if it was one
	// transient is Meta's own word for what may be tried again.
	transient bool
	// unsupported: see Unsupported.
	unsupported bool
}

// Error is one line with all that Meta's support asks for: code, subcode, trace id.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("graph: ")
	if e.Code != 0 {
		fmt.Fprintf(&b, "(#%d", e.Code)
		if e.Subcode != 0 {
			fmt.Fprintf(&b, "/%d", e.Subcode)
		}
		b.WriteString(") ")
	}
	message := strings.TrimPrefix(e.Message, fmt.Sprintf("(#%d) ", e.Code))
	if message == "" {
		message = "no message"
	}
	b.WriteString(message)
	var notes []string
	if e.Type != "" {
		notes = append(notes, e.Type)
	}
	if e.Status != 0 {
		notes = append(notes, fmt.Sprintf("HTTP %d", e.Status))
	}
	if e.TraceID != "" {
		notes = append(notes, "trace "+e.TraceID)
	}
	if len(notes) > 0 {
		fmt.Fprintf(&b, " [%s]", strings.Join(notes, ", "))
	}
	return b.String()
}

// Unwrap gives the network's error.
func (e *Error) Unwrap() error { return e.Err }

// secretParameter finds what mustn't be told where a URL or a form is quoted.
var secretParameter = regexp.MustCompile(`(?i)(access_token|appsecret_proof|input_token|client_secret)(=|%3D)[^&\s"'<>]+`)

// maxMessage is how many code points of a message are kept.
const maxMessage = 500

// presentable makes what came from outside fit for a log: one line, bounded, without the account's secrets.
func presentable(s string, account *Account) string {
	// What is invisible goes first: it may stand in the midst of a secret.
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	s = secretParameter.ReplaceAllString(s, "$1$2…")
	for _, secret := range []string{account.AccessToken, account.AppSecret} {
		if secret != "" {
			s = strings.ReplaceAll(s, secret, "…")
		}
	}
	return strings.Join(strings.Fields(cut(s, maxMessage)), " ")
}
