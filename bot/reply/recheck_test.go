package reply_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/google/go-cmp/cmp"
)

func TestAnObjectionKeepsADeliveryFromBeingPosted(t *testing.T) {
	answer := func(o reply.Objection, err error) func() (reply.Objection, error) {
		return func() (reply.Objection, error) { return o, err }
	}
	classed := func(c instagram.Class) error { return &instagram.Error{Class: c, Message: "refused"} }
	for name, c := range map[string]struct {
		recheck func() (reply.Objection, error)
		want    ledger.Fate
	}{
		"deleted meanwhile": {
			answer(reply.Objection{Because: rules.BecauseGone, Reason: "deleted"}, nil),
			ledger.Fate{State: ledger.Cancelled, Because: rules.BecauseGone, Reason: "deleted"},
		},
		"can't be told yet": {
			answer(reply.Objection{}, classed(instagram.ClassRetry)),
			ledger.Fate{State: ledger.Planned, Due: noon.Add(time.Minute)},
		},
		"a person must act first": {
			answer(reply.Objection{}, classed(instagram.ClassHuman)),
			ledger.Fate{State: ledger.Planned, Due: noon.Add(10 * time.Minute)},
		},
		"the ledger fails": {
			answer(reply.Objection{}, errors.New("disk full")),
			ledger.Fate{State: ledger.Planned, Reason: "disk full", Due: noon.Add(time.Minute)},
		},
		"refused for good": {
			answer(reply.Objection{}, classed(instagram.ClassPermanent)),
			ledger.Fate{State: ledger.Refused, Because: rules.BecauseFailed},
		},
	} {
		t.Run(name, func(t *testing.T) {
			pace := reply.NewPace()
			pace.Add("1", 1, nil)
			pace.Careful("1")
			g, b := &graph{id: "99"}, &book{}
			s := sender(g, b, pace)
			s.Recheck = func(context.Context, instagram.Account, ledger.Delivery) (reply.Objection, error) { return c.recheck() }
			if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{ID: 1, Plan: ledger.Plan{Account: "1"}, Attempts: 1}); err != nil {
				t.Fatal(err)
			}
			c.want.At = noon
			if c.want.Reason == "" {
				c.want.Reason = "graph: refused"
			}
			if diff := cmp.Diff([]ledger.Fate{c.want}, b.fates); diff != "" {
				t.Error(diff)
			}
			if g.calls != 0 {
				t.Errorf("posted %d times", g.calls)
			}
			// The one place of the hour, and the turn of the first after a start, are there for another.
			if at := pace.Reserve("1", reply.Writes, 2, noon); !at.Equal(noon) {
				t.Errorf("the next one has to wait until %v", at)
			}
		})
	}
}

func TestAPanicOfTheRecheckSaysNothing(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 0, nil)
	g, b := &graph{id: "99"}, &book{}
	s := sender(g, b, pace)
	s.Recheck = func(context.Context, instagram.Account, ledger.Delivery) (reply.Objection, error) { panic("odd") }
	if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{Plan: ledger.Plan{Account: "1"}}); err != nil {
		t.Fatal(err)
	}
	if g.calls != 0 || len(b.fates) != 1 || b.fates[0].State != ledger.Refused {
		t.Errorf("%d posts, fates %+v", g.calls, b.fates)
	}
}

func TestWithoutAnObjectionADeliveryIsPosted(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 1, nil)
	g, b := &graph{id: "99"}, &book{}
	s := sender(g, b, pace)
	s.Recheck = func(_ context.Context, a instagram.Account, d ledger.Delivery) (reply.Objection, error) {
		if a.ID != "1" || d.ID != 7 || g.calls != 0 {
			t.Errorf("asked of %+v for %+v after %d posts", d, a, g.calls)
		}
		return reply.Objection{}, nil
	}
	if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{ID: 7, Plan: ledger.Plan{Account: "1"}}); err != nil {
		t.Fatal(err)
	}
	if g.calls != 1 || b.fates[0].State != ledger.Posted {
		t.Errorf("%d posts, fates %+v", g.calls, b.fates)
	}
	// What is over the cap isn't asked about: its turn has not come.
	s.Recheck = func(context.Context, instagram.Account, ledger.Delivery) (reply.Objection, error) {
		t.Error("asked before its turn")
		return reply.Objection{}, nil
	}
	if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{ID: 8, Plan: ledger.Plan{Account: "1"}}); err != nil {
		t.Fatal(err)
	}
}
