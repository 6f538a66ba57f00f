package rules

import "github.com/answerback/answerback/rules/event"

// What a rule looks at has a package of its own, below the expressions. These are its names for those who speak of
// rules.
type (
	Event   = event.Event
	From    = event.From
	Comment = event.Comment
	Media   = event.Media
	Account = event.Account
	History = event.History
	Story   = event.Story
)
