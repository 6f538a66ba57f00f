package doctor

// Check is something without which no notification comes, and that nobody can see from outside.
type Check struct {
	Check string `json:"check"`
	Why   string `json:"why"`
}

// Checklist is what the operator has to look at himself. Source: guide "Webhooks for Instagram".
func Checklist() []Check {
	return []Check{
		{"the app is Live (published)", "an app in development gets test notifications only, and sees no comments of strangers"},
		{"Advanced Access to the permissions of comments", "Standard Access suffices only for accounts with a role on the app"},
		{"business verification", "Meta grants Advanced Access to verified businesses only"},
		{"with Instagram Login, the fields are ticked in the app's dashboard: comments, mentions, live_comments", "a subscribed account gets what the app is subscribed to, and no more"},
		{"\"Include Values\" is on there", "without it a notification names the field and tells nothing"},
		{"the owner of the media has a public account", "comments and mentions on media of private accounts are not notified"},
		{"a live broadcast goes on", "live comments are notified only meanwhile"},
	}
}
