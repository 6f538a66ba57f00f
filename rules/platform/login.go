package platform

// Login is the way in which an account's owner let the app in. It decides the Graph API's host, the nodes of some edges
// and what the token can do.
type Login string

// The logins, as Meta names them: "Instagram API with Facebook Login" and "… with Instagram Login".
const (
	FacebookLogin  Login = "facebook"
	InstagramLogin Login = "instagram"
)

// Logins are both of them.
func Logins() []Login { return []Login{FacebookLogin, InstagramLogin} }

// Lacks says, for people, what may not work for an account with the login in events of the kind; empty if all does. For
// mentions with Instagram Login Meta's documentation contradicts itself. Sources: "Instagram Platform", webhooks, and the
// class of Meta's SDK for accounts with Instagram Login.
func (l Login) Lacks(k Kind) string {
	if l != InstagramLogin {
		return ""
	}
	switch k {
	case CommentMention, CaptionMention:
		return "Meta may not tell it of mentions, or only of those in comments, and as comments; and what a mention says may not be readable"
	case StoryInsights:
		return "Meta sends story insights to apps with Facebook Login only"
	}
	return ""
}

// GraphURL is where the Graph API is for the login, that of Facebook Login for an unknown one. Source: Meta, "Instagram
// Platform", overview, host URLs.
func (l Login) GraphURL() string {
	if l == InstagramLogin {
		return "https://graph.instagram.com"
	}
	return "https://graph.facebook.com"
}
