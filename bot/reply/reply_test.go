package reply_test

import (
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
)

type graph struct {
	id    string
	err   error
	calls int
}

func (g *graph) Write(context.Context, instagram.Account, platform.Request) (string, error) {
	g.calls++
	return g.id, g.err
}

type book struct {
	fates  []ledger.Fate
	err    error
	mended int // the call from which on there is no error; 0: never
}

func (b *book) Finish(_ context.Context, _ int64, fate ledger.Fate) error {
	b.fates = append(b.fates, fate)
	if b.mended > 0 && len(b.fates) >= b.mended {
		return nil
	}
	return b.err
}

func sender(g *graph, b *book, pace *reply.Pace) *reply.Sender {
	log := logrus.New()
	log.SetOutput(io.Discard)
	return reply.NewSender(reply.Options{
		Graph: g, Ledger: b, Pace: pace, Log: log, Now: func() time.Time { return noon },
		Backoff: inbox.Backoff{First: time.Minute, Factor: 2, Cap: time.Hour},
	})
}

func TestEachAnswerHasItsFate(t *testing.T) {
	classed := func(c instagram.Class) error { return &instagram.Error{Class: c, Message: "refused"} }
	waits := &instagram.Error{Class: instagram.ClassWait, Message: "refused", RetryAfter: 7 * time.Minute}
	dead := &instagram.Error{Class: instagram.ClassHuman, Code: 190, Message: "refused"}
	for name, c := range map[string]struct {
		err     error
		state   ledger.State
		because rules.Because
		due     time.Duration
		blocked time.Duration
	}{
		"posted":              {state: ledger.Posted},
		"done":                {err: classed(instagram.ClassDone), state: ledger.Posted},
		"gone":                {err: classed(instagram.ClassGone), state: ledger.Refused, because: rules.BecauseGone},
		"refused for good":    {err: classed(instagram.ClassPermanent), state: ledger.Refused, because: rules.BecauseFailed},
		"surely not sent":     {err: classed(instagram.ClassRetry), state: ledger.Planned, due: time.Minute},
		"throttled":           {err: waits, state: ledger.Planned, due: 7 * time.Minute, blocked: 7 * time.Minute},
		"a person must act":   {err: classed(instagram.ClassHuman), state: ledger.Planned, due: 10 * time.Minute},
		"the token is dead":   {err: dead, state: ledger.Planned, due: 10 * time.Minute, blocked: 10 * time.Minute},
		"fate unknown":        {err: classed(instagram.ClassUnknown), state: ledger.Unknown, because: rules.BecauseFailed},
		"an error unheard of": {err: errors.New("surprise"), state: ledger.Unknown, because: rules.BecauseFailed},
	} {
		t.Run(name, func(t *testing.T) {
			pace := reply.NewPace()
			pace.Add("1", 0, nil)
			g, b := &graph{id: "99", err: c.err}, &book{}
			if c.err != nil {
				g.id = ""
			}
			if err := sender(g, b, pace).Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{Plan: ledger.Plan{Account: "1"}, Attempts: 1}); err != nil {
				t.Fatal(err)
			}
			want := ledger.Fate{State: c.state, Because: c.because, PostedID: g.id, At: noon}
			if c.err != nil {
				want.Reason = c.err.Error()
			}
			if c.due > 0 {
				want.Due = noon.Add(c.due)
			}
			if c.blocked > 0 {
				want.Due = want.Due.Add(time.Millisecond) // the ledger cuts times down to it
				want.Uncounted = true                     // of the reply: the account stands still
			}
			if diff := cmp.Diff([]ledger.Fate{want}, b.fates); diff != "" {
				t.Error(diff)
			}
			if g.calls != 1 {
				t.Errorf("posted %d times", g.calls)
			}
			if until := pace.Next("1", reply.Writes, noon); !until.Equal(noon.Add(c.blocked)) {
				t.Errorf("the account waits until %v", until)
			}
		})
	}
}

func TestNothingIsPostedThatMustWaitOrIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		account string // "none": it is not configured any more
		expires time.Duration
		sent    []time.Time
		state   ledger.State
	}{
		"too old":      {expires: -time.Second, state: ledger.Cancelled},
		"nobody's now": {account: "none", state: ledger.Cancelled},
		"over the cap": {sent: []time.Time{noon.Add(-time.Minute)}, state: ledger.Planned},
	} {
		t.Run(name, func(t *testing.T) {
			pace := reply.NewPace()
			pace.Add("1", 1, c.sent)
			g, b := &graph{}, &book{}
			d := ledger.Delivery{Plan: ledger.Plan{Account: "1"}, Attempts: 1}
			if c.expires != 0 {
				d.Expires = noon.Add(c.expires)
			}
			who := instagram.Account{ID: "1"}
			if c.account == "none" {
				who = instagram.Account{}
			}
			if err := sender(g, b, pace).Send(t.Context(), who, d); err != nil {
				t.Fatal(err)
			}
			if g.calls != 0 || len(b.fates) != 1 || b.fates[0].State != c.state {
				t.Errorf("%d posts, fates %+v; want none and %s", g.calls, b.fates, c.state)
			}
			if held := c.state == ledger.Planned; b.fates[0].Uncounted != held {
				t.Errorf("fate %+v; uncounted should be %v", b.fates[0], held)
			}
		})
	}
}

func TestARetryEndsWithTheDelivery(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 0, nil)
	b := &book{}
	d := ledger.Delivery{Plan: ledger.Plan{Account: "1", Expires: noon.Add(30 * time.Second)}, Attempts: 1}
	s := sender(&graph{err: &instagram.Error{Class: instagram.ClassRetry}}, b, pace)
	if err := s.Send(t.Context(), instagram.Account{ID: "1"}, d); err != nil {
		t.Fatal(err)
	}
	if b.fates[0].State != ledger.Refused || b.fates[0].Because != rules.BecauseFailed {
		t.Errorf("a delivery that would be too old at its next attempt: %+v", b.fates[0])
	}
}

// Nothing is tried for ever, also where its rule says nothing of its age.
func TestARetryEndsAfterABound(t *testing.T) {
	for attempts, want := range map[int]ledger.State{499: ledger.Planned, 500: ledger.Refused} {
		pace := reply.NewPace()
		pace.Add("1", 0, nil)
		b := &book{}
		s := sender(&graph{err: &instagram.Error{Class: instagram.ClassRetry, Message: "no route"}}, b, pace)
		if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{Plan: ledger.Plan{Account: "1"}, Attempts: attempts}); err != nil {
			t.Fatal(err)
		}
		if fate := b.fates[0]; fate.State != want || (fate.Because == rules.BecauseFailed) != (want == ledger.Refused) {
			t.Errorf("attempt %d: %+v, want %s", attempts, fate, want)
		}
	}
}

func TestAFateIsEnteredWhenTheLedgerIsBack(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 0, nil)
	full := errors.New("disk full")
	g, b := &graph{id: "99"}, &book{err: full, mended: 12}
	s := sender(g, b, pace)
	posted := 0
	s.Observe = func(ledger.Delivery, ledger.State) { posted++ }
	err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{ID: 7, Plan: ledger.Plan{Account: "1"}})
	var unentered *reply.Unentered
	for errors.As(err, &unentered) {
		if !errors.Is(err, full) || unentered.Delivery() != 7 || posted != 0 {
			t.Fatalf("%v of delivery %d, told of %d", err, unentered.Delivery(), posted)
		}
		err = s.Enter(t.Context(), unentered)
	}
	if err != nil || g.calls != 1 || len(b.fates) != 12 || posted != 1 {
		t.Errorf("%v: posted %d times, entered %d times, told %d times; want 1, 12 and 1", err, g.calls, len(b.fates), posted)
	}
	for _, fate := range b.fates {
		if fate != b.fates[0] || fate.PostedID != "99" {
			t.Errorf("entered %+v", fate)
		}
	}
}

// blowing is a platform that panics.
type blowing struct{}

func (blowing) Write(context.Context, instagram.Account, platform.Request) (string, error) {
	panic("boom")
}

func TestAPanicLeavesTheFateUnknown(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 0, nil)
	b := &book{}
	s := sender(nil, b, pace)
	s.Graph = blowing{}
	if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{Plan: ledger.Plan{Account: "1"}}); err != nil {
		t.Fatal(err)
	}
	if len(b.fates) != 1 || b.fates[0].State != ledger.Unknown {
		t.Errorf("%+v", b.fates)
	}
}

// startled is a ledger that panics at first.
type startled struct {
	*book
	panics int
}

func (b *startled) Finish(ctx context.Context, id int64, fate ledger.Fate) error {
	if b.panics--; b.panics >= 0 {
		panic("boom")
	}
	return b.book.Finish(ctx, id, fate)
}

func TestAPanicOfTheLedgerCostsNoFate(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 0, nil)
	g, b := &graph{id: "99"}, &book{}
	s := sender(g, b, pace)
	s.Ledger = &startled{book: b, panics: 2}
	err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{Plan: ledger.Plan{Account: "1"}})
	for range 2 {
		var owed *reply.Unentered
		if !errors.As(err, &owed) || len(b.fates) != 0 {
			t.Fatalf("%v, fates %+v", err, b.fates)
		}
		err = s.Enter(t.Context(), owed)
	}
	if err != nil || g.calls != 1 || len(b.fates) != 1 || b.fates[0].State != ledger.Posted {
		t.Errorf("%v: posted %d times, fates %+v", err, g.calls, b.fates)
	}
}

// What grows too old while it waits for its turn makes room for those behind it.
func TestAnExpiredDeliveryGivesItsPlaceBack(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 1, []time.Time{noon.Add(-30 * time.Minute)})
	promised := pace.Reserve("1", reply.Writes, 7, noon.Add(-time.Minute))
	if want := noon.Add(30 * time.Minute); !promised.Equal(want) {
		t.Fatalf("promised %v, want %v", promised, want)
	}
	d := ledger.Delivery{ID: 7, Plan: ledger.Plan{Account: "1", Expires: noon.Add(-time.Second)}}
	if err := sender(&graph{}, &book{}, pace).Send(t.Context(), instagram.Account{ID: "1"}, d); err != nil {
		t.Fatal(err)
	}
	if at := pace.Next("1", reply.Writes, noon); !at.Equal(promised) {
		t.Errorf("the next may speak at %v, want %v", at, promised)
	}
}

// What will be too old when its turn comes takes no turn from those behind it.
func TestADeliveryTakesNoPlaceThatComesTooLate(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 1, []time.Time{noon.Add(-30 * time.Minute)})
	b := &book{}
	s := sender(&graph{}, b, pace)
	for id := int64(1); id <= 50; id++ {
		d := ledger.Delivery{ID: id, Plan: ledger.Plan{Account: "1", Expires: noon.Add(10 * time.Minute)}}
		if err := s.Send(t.Context(), instagram.Account{ID: "1"}, d); err != nil {
			t.Fatal(err)
		}
		if fate := b.fates[id-1]; fate.State != ledger.Planned || !fate.Due.Equal(d.Expires.Add(time.Millisecond)) {
			t.Fatalf("%+v, want it to come back when it is too old", fate)
		}
	}
	if at, want := pace.Reserve("1", reply.Writes, 99, noon), noon.Add(30*time.Minute); !at.Equal(want) {
		t.Errorf("one that may wait longer is promised %v, want %v", at, want)
	}
}

func TestACancelledDeliveryIsNotPostedAndGivesItsPlaceBack(t *testing.T) {
	pace := reply.NewPace()
	pace.Add("1", 1, []time.Time{noon.Add(-30 * time.Minute)})
	promised := pace.Reserve("1", reply.Writes, 7, noon.Add(-time.Minute))
	g, b := &graph{}, &book{}
	s := sender(g, b, pace)
	var observed []ledger.State
	s.Observe = func(_ ledger.Delivery, state ledger.State) { observed = append(observed, state) }
	if err := s.Cancel(t.Context(), ledger.Delivery{ID: 7, Plan: ledger.Plan{Account: "1"}}, rules.BecauseDisabled, "its rule is gone"); err != nil {
		t.Fatal(err)
	}
	want := []ledger.Fate{{State: ledger.Cancelled, Because: rules.BecauseDisabled, Reason: "its rule is gone", At: noon}}
	if diff := cmp.Diff(want, b.fates); diff != "" || g.calls != 0 || !cmp.Equal(observed, []ledger.State{ledger.Cancelled}) {
		t.Errorf("%d posts, observed %v, fates got + and want -:\n%s", g.calls, observed, diff)
	}
	if at := pace.Next("1", reply.Writes, noon); !at.Equal(promised) {
		t.Errorf("the next may speak at %v, want %v", at, promised)
	}
}
