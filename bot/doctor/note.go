package doctor

import (
	"fmt"
	"time"
)

// Note is what the daemon has noted of an account's access token in its database.
type Note struct {
	// Renewed says that the account's token is what the daemon has renewed the configured one to.
	Renewed bool
	// Unread says that the database could not be looked at.
	Unread bool
	// Sealed is why a renewed token can't be used: its key is another one. Empty where there is none, or it is used.
	Sealed string
	// Ends is when the token ends, as Meta Told, or at the latest; zero: that isn't known.
	Ends time.Time
	Told bool
	// Unrenewed is why the daemon doesn't renew the token though Meta would; empty where it does.
	Unrenewed string
}

const (
	newKey   = "give token_key the value that it had, or put a new token into the place of the configured one"
	keepable = "set token_key, or let the token stand in a {file: …} that the daemon can replace"
)

// noted says of a token of Instagram Login what the daemon has noted: Meta tells its end only to who renews it. Source:
// reference "refresh_access_token".
func (p *patient) noted(l Link) Link {
	n := p.Notes[p.ID]
	switch {
	case l.State == Broken && n.Unread: // it is dead, and may be the former one
		return notLooked(LinkToken, p.Username, LinkDatabase)
	case l.State == Broken && n.Sealed != "":
		l.Seen, l.Do = l.Seen+"; "+n.Sealed, newKey
		return l
	case l.State != OK:
		return l
	}
	l.Seen = "the token is alive"
	if n.Renewed {
		l.Seen = "the token to which the daemon renewed the configured one is alive"
	}
	soon := over(n.Ends, p.Now().Add(dies))
	switch {
	case n.Sealed != "":
		l.State, l.Seen, l.Do = Warning, l.Seen+", but is the one before the last renewal: "+n.Sealed, newKey
	case n.Unrenewed != "":
		l.State, l.Seen, l.Do = Warning, fmt.Sprintf("%s; %s, and is not renewed: %s", l.Seen, n.ends(), n.Unrenewed), keepable
	case soon:
		l.State, l.Seen, l.Do = Warning, fmt.Sprintf("%s; %s, and was not renewed in time", l.Seen, n.ends()), "see in the daemon's log why, or "+newToken
	default:
		l.Seen += fmt.Sprintf("; %s, and the daemon renews it before. With Instagram Login Meta doesn't tell its permissions", n.ends())
	}
	return l
}

func (n Note) ends() string {
	switch {
	case n.Ends.IsZero():
		return "it ends 60 days after it was made"
	case n.Told:
		return "it ends on " + n.Ends.Format(time.DateOnly)
	default:
		return "it ends on " + n.Ends.Format(time.DateOnly) + " at the latest"
	}
}
