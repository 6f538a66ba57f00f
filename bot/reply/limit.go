package reply

import (
	"fmt"
	"strings"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// unsayable is the fate of a reply that the platform doesn't take; one without a state if it does. Rules render none
// such, but what is kept may be of another version, or changed by a person.
func unsayable(d ledger.Delivery) ledger.Fate {
	var limit platform.Limit
	switch d.Action {
	case rules.ActionReply:
		limit = platform.ReplyLimit()
	case rules.ActionPrivateReply:
		limit = platform.PrivateReplyLimit()
	default:
		return ledger.Fate{}
	}
	text := d.Request.Says()
	switch n := limit.Length(text); {
	case strings.TrimSpace(text) == "":
		return ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseEmptyValue, Reason: "there is nothing in it"}
	case n > limit.Max:
		return ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseTooLong,
			Reason: fmt.Sprintf("it has %d %s of at most %d", n, limit.Unit(), limit.Max)}
	}
	return ledger.Fate{}
}
