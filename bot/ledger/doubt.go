package ledger

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/share"
)

// Doubt is a delivery in state unknown that is looked for on the platform: it may have been said.
type Doubt struct {
	Delivery
	// Began is when it began to be sent. What was said before can't be it.
	Began time.Time
	// Looks counts how often it was looked for in vain since.
	Looks int
	// Again says that it was surely not said once before and this is its second try. There is no third.
	Again bool
	// Accepted says that Meta took it: only a person may send it again.
	Accepted bool
	// Reason is, for people, why its fate is unknown.
	Reason string
}

// ErrNotInDoubt says that a delivery's fate isn't unknown any more, or that it has been sent again since: what was found
// out about it is old.
var ErrNotInDoubt = errors.New("delivery is not in doubt")

// ErrContested says that a reply can't be taken for a delivery's: it belongs to another one, or another one with the
// same text is being sent and it may be that one's.
var ErrContested = errors.New("the reply may be another delivery's")

// Doubts are the deliveries whose fate is unknown and is still to be found out. Times, transactions and concurrency are
// as with [Store].
type Doubts interface {
	// TakeDoubts returns deliveries that are to be looked for by now, as many as there is room for. Until the given time
	// nobody else gets them. Accounts share the room as with TakeDeliveries; of an account those longest due come first.
	TakeDoubts(ctx context.Context, room share.Room, now, until time.Time) ([]Doubt, error)
	// NextDoubt is the earliest time at which a delivery is to be looked for; zero if there is none.
	NextDoubt(ctx context.Context) (time.Time, error)
	// Settle writes what was found out: Posted with Meta's id; Planned, surely not said, to be sent again at Due;
	// or still Unknown, to be looked for again at Due, or never if that is zero. Looks is kept as the doubt has it.
	// ErrNotInDoubt if the delivery was settled or sent again since it was taken, or is Accepted and would be sent again,
	// ErrContested if the id that it was posted with may be another delivery's.
	Settle(ctx context.Context, doubt Doubt, fate Fate) error
	// SentIDs are those of the ids that the account's replies bear, by the ledger.
	SentIDs(ctx context.Context, account string, ids []string) (map[string]bool, error)
}
