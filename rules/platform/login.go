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

// GraphURL is where the Graph API is for the login, that of Facebook Login for an unknown one. Source: Meta, "Instagram
// Platform", overview, host URLs.
func (l Login) GraphURL() string {
	if l == InstagramLogin {
		return "https://graph.instagram.com"
	}
	return "https://graph.facebook.com"
}
