package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/answerback/answerback/bot/ledger"
)

// event is the one with the ID; that there is none is a failure.
func (d *desk) event(ctx context.Context, seq int64) (ledger.Event, error) {
	event, err := d.Event(ctx, seq)
	switch {
	case errors.Is(err, ledger.ErrNoEvent):
		return event, d.notDone(seq, ledger.ErrNoEvent)
	case err != nil:
		return event, failure{err}
	}
	return event, nil
}

// eachEvent does something with each event. That it can't be done with one, which was said, keeps it from none.
func eachEvent(seqs []int64, do func(seq int64) error) (failed error) {
	for _, seq := range seqs {
		if err := do(seq); errors.Is(err, errFailed) {
			failed = err
		} else if err != nil {
			return err
		}
	}
	return failed
}

// retry puts an event back to work: its reply where one ended badly, else its judgement.
func (d *desk) retry(ctx context.Context, seq int64, evenIfSaid bool) error {
	event, err := d.event(ctx, seq)
	if err != nil {
		return err
	}
	reply := replyThatIs(event, ledger.Refused, ledger.Unknown)
	switch {
	case reply != nil:
		err = d.SendAgain(ctx, reply.ID, evenIfSaid, d.now())
	case event.Verdict == ledger.VerdictError:
		err = d.JudgeAgain(ctx, seq, d.now())
	default:
		err = errors.New("there is nothing to retry: " + eventState(event))
	}
	switch {
	case errors.Is(err, ledger.ErrMaybeSaid):
		err = fmt.Errorf("its reply may have been said. Look at Instagram: if it is there, answerback events resolve %d --as posted; "+
			"if not, --as refused, and retry then; or retry with --even-if-said, and people may read it twice", seq)
	case errors.Is(err, ledger.ErrExpired):
		err = errors.New("its reply is too old to be said")
	}
	if err != nil {
		return d.notDone(seq, err)
	}
	if reply != nil {
		return d.done(seq, "its reply is sent once more")
	}
	return d.done(seq, "it is judged again")
}

// resolve settles the reply of an event that is unknown.
func (d *desk) resolve(ctx context.Context, seq int64, as ledger.State, note string) error {
	event, err := d.event(ctx, seq)
	if err != nil {
		return err
	}
	reply := replyThatIs(event, ledger.Unknown)
	if reply == nil {
		return d.notDone(seq, errors.New("it has no reply that is unknown: "+eventState(event)))
	}
	if err := d.Resolve(ctx, reply.ID, as, note, d.now()); err != nil {
		return d.notDone(seq, err)
	}
	return d.done(seq, "settled as "+string(as))
}

// replyThatIs is the first of the event's deliveries that stands so; nil if none does.
func replyThatIs(event ledger.Event, states ...ledger.State) *ledger.Settled {
	for i := range event.Deliveries {
		for _, state := range states {
			if event.Deliveries[i].State == state {
				return &event.Deliveries[i]
			}
		}
	}
	return nil
}

func (d *desk) done(seq int64, what string) error {
	if _, err := fmt.Fprintf(d.stdout, "%d: %s\n", seq, what); err != nil {
		return failure{err}
	}
	return nil
}

// notDone tells, in the place of what was to be done, why it wasn't.
func (d *desk) notDone(seq int64, err error) error {
	for _, known := range []error{ledger.ErrNotFailed, ledger.ErrNotSettled, ledger.ErrNotUnknown} {
		if errors.Is(err, known) { // somebody was faster
			err = known
		}
	}
	if err := d.done(seq, d.reason(err)); err != nil {
		return err
	}
	return errFailed
}
