package ledger

import (
	"context"
	"time"
)

// Clocked is what a ledger does about a clock that was set back. All that it keeps bears a time of the wall clock: of
// what was written while the clock ran ahead, a part lies in the future afterwards, and would wait until then.
type Clocked interface {
	// Latest is a time at which something happened, by what was written last: about the latest. It is zero if nothing
	// ever did.
	Latest(ctx context.Context) (time.Time, error)
	// SetBack says that the clock shows now where it should have shown a time at least that much later, had it not been
	// set back. What is said to have happened after now happened now at the latest. What is due after now is due that
	// much earlier, and not before now; so is the end of a claim. A reply in sending or of unknown fate began that much
	// earlier, and a minute more, since it is never known exactly by how much a clock was wrong. When a delivery
	// expires and a pause ends stays: it is as right as what it was reckoned from. It may be several transactions;
	// after an error, asking again does the rest.
	SetBack(ctx context.Context, now time.Time, by time.Duration) error
}
