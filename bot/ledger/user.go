package ledger

import (
	"strings"

	"github.com/answerback/answerback/rules"
)

// nameOf is a username as names are compared: Instagram's have no capitals, what people type may.
func nameOf(user rules.From) string { return strings.ToLower(user.Username) }

// sameUser reports whether both are surely the same: by id or, where either lacks one, by name.
func sameUser(a, b rules.From) bool {
	if a.ID != "" && b.ID != "" {
		return a.ID == b.ID
	}
	return a.Username != "" && nameOf(a) == nameOf(b)
}

// identity is a way to know a user, and the user known in that way. Two hashes can't compare as sameUser does, so that
// a reply is entered under as many identities as it takes, and looked up under those that are surely the same.
type identity struct{ by, value string }

func (i identity) none() bool { return i == identity{} }

// The ways. A name beside an id is apart from one alone: of two with ids only the ids count.
const (
	byID         = "id"
	byNameBeside = "username beside an id"
	byNameAlone  = "username alone"
)

// known are the identities that a reply to the user is entered under.
func known(user rules.From) []identity {
	id, name := user.ID, nameOf(user)
	switch {
	case id != "" && name != "":
		return []identity{{byID, id}, {byNameBeside, name}}
	case id != "":
		return []identity{{byID, id}}
	case name != "":
		return []identity{{byNameAlone, name}}
	default:
		return nil
	}
}

// met are the identities under which earlier replies to the same user were entered.
func met(user rules.From) []identity {
	id, name := user.ID, nameOf(user)
	switch {
	case id != "" && name != "":
		return []identity{{byID, id}, {byNameAlone, name}}
	case id != "":
		return []identity{{byID, id}}
	case name != "":
		return []identity{{byNameBeside, name}, {byNameAlone, name}}
	default:
		return nil
	}
}
