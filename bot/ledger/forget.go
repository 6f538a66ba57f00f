package ledger

import "errors"

// Forgotten is what was removed of a person, in number.
type Forgotten struct {
	// Open are events that were undecided: they ended, skipped as gone. Events are the decided ones.
	Open, Events int
	// Cancelled are replies that waited for a person or for their time, and are not said any more.
	Cancelled int
	// Naming are replies to others, and facts of others' events, in which the person was named or whose media was theirs.
	Naming int
	// Busy are events that were left as they are, because a reply is being sent or its fate may still be found out.
	Busy int
}

// Any reports whether there was anything.
func (f Forgotten) Any() bool { return f != Forgotten{} }

// ErrLogged says that all was removed, but that the database's log, which is written anew by and by, may still hold it.
var ErrLogged = errors.New("the database's log is in use, and may hold the removed texts until it is written anew or the daemon stops; ask again later")
