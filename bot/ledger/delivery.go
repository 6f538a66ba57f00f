package ledger

import (
	"time"

	"github.com/answerback/answerback/rules"
)

// State is a delivery's.
type State string

// The states of a delivery: planned → sending → posted, or refused, unknown, cancelled. One whose rule waits for a
// person is waiting before it is planned, or ends rejected; one that waited too long ends cancelled, because expired.
// [Steps] has all ways between them, and who takes which.
const (
	Waiting   State = "waiting"
	Rejected  State = "rejected"
	Planned   State = "planned"
	Sending   State = "sending"
	Posted    State = "posted"
	Refused   State = "refused"
	Unknown   State = "unknown"
	Cancelled State = "cancelled"
)

// Delivery is an entered plan. One that is read back has no Marks, and neither Now nor Approve: its state tells.
type Delivery struct {
	Plan
	ID    int64
	Seq   int64 // of its event
	State State
	// Attempts is how often it was sent or tried to be, less those that its account held back.
	Attempts int
}

// Fate is how an attempt to send ended.
type Fate struct {
	// State is Posted, Refused, Unknown, Cancelled, or Planned: surely not sent, to be tried again at Due.
	State State
	// PostedID is Meta's id of the reply.
	PostedID string
	// Reason is for people: the error, with Meta's code and trace id. Because is its short name.
	Reason  string
	Because rules.Because
	At      time.Time
	// Due is when it is tried again, or, where the fate is Unknown, when it is looked for; zero: never, a person must.
	Due time.Time
	// Accepted says of one that is Unknown and looked for that Meta took it, without saying what it made of it: not to be
	// seen, it stays unknown.
	Accepted bool
	// Uncounted says of one that is Planned that the attempt doesn't count: the account was held back, not this reply.
	Uncounted bool
}
