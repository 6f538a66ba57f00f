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

// Field is one of the things that an expression may look at.
type Field = event.Field

// Fields are all that an expression may look at.
func Fields() []Field { return event.Fields() }
