package instagram

// InDoubt reports whether a write of class unknown failed in a way that leaves open whether it was done, so that it can
// be told by looking for what it should have made: there was no whole answer, or Meta's servers were in trouble (HTTP
// 5xx, codes 1, 2, -1, -2). An answer with a code that nobody has described isn't of that sort, nor is subcode 1357046,
// the error that says nothing of a message that was sent. Sources: see classify.go.
func (e *Error) InDoubt() bool {
	if e.Class != ClassUnknown {
		return false
	}
	switch e.Code {
	case 1, 2, -1, -2:
		return e.Subcode != sentAllTheSame
	case 0:
		return e.Err != nil || e.Status >= 500
	default:
		return e.Status >= 500 && e.byTable(write) != ""
	}
}

// Unnamed reports whether a write of class unknown was answered with success, but without the id of what it made. It can
// be looked for too, but that it isn't seen is no proof against Meta's word. Meta documents no such answer; apps report it.
func (e *Error) Unnamed() bool {
	return e.Class == ClassUnknown && e.Err == nil && e.Code == 0 && e.Status >= 200 && e.Status < 300
}

// sentAllTheSame is the subcode of an error of Messenger's though the message was sent.
const sentAllTheSame = 1357046
