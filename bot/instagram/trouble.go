package instagram

import "strings"

// Trouble is what an error says about the account as a whole, and not only about what was asked for.
type Trouble string

// The troubles. Sources: see classify.go.
const (
	// TroubleLimit is that too many calls were made; Meta serves them again by itself.
	TroubleLimit Trouble = "limit"
	// TroubleToken is that the token or the proof of the app's secret is refused; a person mends it.
	TroubleToken Trouble = "token"
	// TroubleBlocked is that what the account says is blocked as abusive (368). It passes, and comes back if nothing
	// changes.
	TroubleBlocked Trouble = "blocked"
	// TroubleSpam is that what the account says was taken for spam (4/2207051): no quota, though it has a quota's code.
	TroubleSpam Trouble = "spam"
	// TroubleRestricted is that the account itself is restricted, inactive, or has to pass a checkpoint (25), or is
	// restricted from sending messages (10/1893063, 100/2534029).
	TroubleRestricted Trouble = "restricted"
	// TroublePermission is that a permission or capability lacks, maybe for that one thing only: several in a row make
	// it the account's.
	TroublePermission Trouble = "permission"
)

// spamRestricted is the subcode of 4 that is no quota but a restriction for spam.
const spamRestricted = 2207051

// Trouble goes by the code, whatever the class: a write that was answered with 503 and the code of a dead token may have
// been done, and the next one should wait all the same. "" if the error is about nothing but what was asked for.
func (e *Error) Trouble() Trouble {
	switch {
	case strings.Contains(e.Message, "appsecret_proof"):
		return TroubleToken
	case e.Code == 102 || e.Code == 190:
		return TroubleToken
	case e.Code == 368:
		return TroubleBlocked
	case e.Code == 4 && e.Subcode == spamRestricted:
		return TroubleSpam
	case e.Code == 25 || e.restrictsMessages():
		return TroubleRestricted
	case e.Class == ClassWait, e.throttles():
		return TroubleLimit
	case e.Class == ClassHuman:
		return TroublePermission
	default:
		return ""
	}
}

// OfMessages reports whether the error is about the account's messages alone, and not about what else it does: their own
// limits (613/2534040, 80006), or that it is restricted from sending any. Sources: see classify.go.
func (e *Error) OfMessages() bool {
	return e.Code == 613 && e.Subcode == 2534040 || e.Code == 80006 || e.restrictsMessages()
}

func (e *Error) restrictsMessages() bool {
	return e.Code == 10 && e.Subcode == 1893063 || e.Code == 100 && e.Subcode == 2534029
}

// throttles reports whether the code is one of a limit.
func (e *Error) throttles() bool { return e.byTable(read) == ClassWait }

// MayLackPermission reports whether the error says that what was asked for doesn't exist, in words with which Meta also
// refuses what a permission lacks for (100/33). One tells nothing; many in a row do. Source: guide "Handling errors", and
// answers that were captured.
func (e *Error) MayLackPermission() bool { return e.Code == 100 && e.Subcode == 33 }
