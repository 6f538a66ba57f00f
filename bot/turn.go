package bot

import (
	"context"
	"errors"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/reply"
)

// errAccountWaits is why an event isn't judged yet whose account has to leave Meta alone.
var errAccountWaits = errors.New("the account waits")

// accountsTrouble reports whether an event has to wait for something that is its account's, and no other event of the
// account would fare better. That a permission lacks may be about the one event alone.
func accountsTrouble(err error) bool {
	var e *instagram.Error
	if !errors.As(err, &e) {
		return errors.Is(err, errAccountWaits)
	}
	trouble := e.Trouble()
	return trouble != "" && trouble != instagram.TroublePermission
}

// pacedReader reads for one attempt at an event, at the account's pace, and tells the pace what Meta answered. An event
// that needs no reading never waits. Only the first call takes a turn: an attempt that was let through ends, else it
// would begin anew for ever.
type pacedReader struct {
	*Bot
	item *inbox.Item
	let  bool
}

// paced makes a call in its turn. Told to wait, the event comes back later. That is no error of Meta's: events that only
// wait must not have the account wait longer.
func paced[T any](p *pacedReader, call func() (T, error)) (T, error) {
	began := p.Now()
	if !p.let {
		if at := p.pace.Read(p.item.Account, p.item.Seq, began); at.After(began) {
			var none T
			// The store keeps times to the millisecond, so that one more makes it no earlier than it is.
			return none, later{pause: at.Sub(began) + time.Millisecond, err: errAccountWaits}
		}
	}
	p.let = true
	got, err := call()
	p.pace.Answered(p.item.Account, reply.Reads, err, began, p.Now())
	return got, err
}

func (p *pacedReader) MentionedComment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return paced(p, func() (instagram.Comment, error) { return p.Graph.MentionedComment(ctx, a, id, fields) })
}

func (p *pacedReader) MentionedMedia(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Media, error) {
	return paced(p, func() (instagram.Media, error) { return p.Graph.MentionedMedia(ctx, a, id, fields) })
}

func (p *pacedReader) Comment(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Comment, error) {
	return paced(p, func() (instagram.Comment, error) { return p.Graph.Comment(ctx, a, id, fields) })
}

func (p *pacedReader) Media(ctx context.Context, a instagram.Account, id string, fields []string) (instagram.Media, error) {
	return paced(p, func() (instagram.Media, error) { return p.Graph.Media(ctx, a, id, fields) })
}
