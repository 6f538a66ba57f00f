package rules

// Reason is a Because with its meaning for people.
type Reason struct {
	Because Because
	Meaning string
}

// Reasons are all of them: those of rules that aren't for an event, those of rules that don't match or hold back, and
// those of the bot.
func Reasons() []Reason {
	return []Reason{
		{BecauseKind, "the rule is for other kinds of events"},
		{BecauseAccount, "the rule is for other accounts"},
		{BecauseMedia, "the rule is for other media"},
		{BecauseDisabled, "the rule says enabled: false"},
		{BecauseInactive, "the rule is not active at this time"},
		{BecauseWhen, "the rule's when is not true"},
		{BecauseUnless, "the rule's unless is true"},
		{BecauseMaxAge, "the event is older than the rule's max_age, or than the 7 days for a private reply"},
		{BecauseOncePer, "the rule answered already, and its once_per lets it answer once"},
		{BecauseCooldown, "the rule answered a short while ago, and its cooldown still lasts"},
		{BecauseLimit, "the rule has given as many replies as its limit allows"},
		{BecauseEmptyValue, "a value that the reply shows is empty"},
		{BecauseTooLong, "the reply is longer than Instagram takes"},
		{BecauseAlreadyAnswered, "a rule before gives the one public or private reply or hides the comment, or the conversation has had as many as the configuration allows"},
		{BecauseOwn, "the event is the account's own doing, such as a reply of the bot"},
		{BecauseTestEvent, "the event is a test from Meta's dashboard"},
		{BecauseStale, "the notification is too old to be Meta's first telling of it"},
		{BecausePaused, "answering is paused"},
		{BecauseExpired, "the reply waited for a person, or to be sent, until the event was too old"},
		{BecauseGone, "the comment or the media is no longer there, or not as it was: hidden or edited"},
		{BecauseUndecidable, "what the rules must know of the event can't be found out"},
		{BecauseFailed, "something failed, such as an expression with this event's values"},
	}
}
