package instagram

import (
	"strings"

	"github.com/answerback/answerback/rules/platform"
)

// Unsupported reports whether Meta doesn't serve what was asked for to the account at all: it is not about the one thing
// that was to be read, and nothing comes of asking again soon. With Instagram Login the edges that read mentions are
// such, as far as Meta's documentation tells.
func (e *Error) Unsupported() bool { return e.unsupported }

// isUnsupported reports whether an error says that the account's node lacks the edge. No source tells how Meta says so to
// an account with Instagram Login, so each way in which it says such things counts there; with Facebook Login, which has
// the edges, only that the field by its name doesn't exist.
func (e *Error) isUnsupported(q *query) bool {
	switch {
	case q.parameter == "":
		return false
	case e.Code == 100 && strings.Contains(e.Message, "nonexist"):
		m := nonexisting.FindStringSubmatch(e.Message)
		return m != nil && m[1] == q.edge
	case q.account.Login != platform.InstagramLogin:
		return false
	case e.Code == 100 && e.Subcode == 33:
		return strings.Contains(e.Message, "'"+q.account.ID+"'") // and not the comment's or media's
	default:
		return e.Code == 3 || e.Code == 2500 // capability, unknown path
	}
}

// unsupported is the error of an edge that was refused within the last hour.
func (q *query) unsupported() *Error {
	return &Error{
		Class: ClassPermanent, unsupported: true,
		Message: "Meta doesn't serve " + q.edge + " to this account, as it said within the last hour",
	}
}
