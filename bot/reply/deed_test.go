package reply_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/reply"
	"github.com/answerback/answerback/rules"
	"github.com/answerback/answerback/rules/platform"
)

// Each sort of calls is held back by its own troubles, and by those of the whole account.
func TestWhatATroubleOfOneSortHoldsBack(t *testing.T) {
	calls := []reply.Call{reply.Writes, reply.Messages, reply.Hides, reply.Reads}
	restricted := &instagram.Error{Class: instagram.ClassHuman, Code: 10, Subcode: 1893063}
	flooded := &instagram.Error{Class: instagram.ClassWait, Code: 613, Subcode: 2534040}
	for name, c := range map[string]struct {
		met   reply.Call
		err   error
		times int
		held  []bool // writes, messages, hides, reads
	}{
		"restricted from messages":         {reply.Messages, restricted, 1, []bool{false, true, false, false}},
		"too many messages":                {reply.Messages, flooded, 1, []bool{false, true, false, false}},
		"no permission for messages":       {reply.Messages, coded(instagram.ClassHuman, 3), 5, []bool{false, true, false, false}},
		"no permission to reply":           {reply.Writes, coded(instagram.ClassHuman, 10), 5, []bool{true, false, false, false}},
		"no permission to hide":            {reply.Hides, coded(instagram.ClassHuman, 200), 5, []bool{false, false, true, false}},
		"blocked for a reply":              {reply.Writes, coded(instagram.ClassHuman, 368), 1, []bool{true, true, false, false}},
		"blocked for a message":            {reply.Messages, coded(instagram.ClassHuman, 368), 1, []bool{true, true, false, false}},
		"blocked from hiding":              {reply.Hides, coded(instagram.ClassHuman, 368), 1, []bool{false, false, true, false}},
		"a dead token":                     {reply.Messages, coded(instagram.ClassHuman, 190), 1, []bool{true, true, true, true}},
		"too many calls":                   {reply.Messages, coded(instagram.ClassWait, 80002), 1, []bool{true, true, true, true}},
		"a few refusals, but not in a row": {reply.Messages, coded(instagram.ClassHuman, 3), 4, []bool{false, false, false, false}},
	} {
		p, _ := going()
		for range c.times {
			p.Answered("1", c.met, c.err, noon, noon)
		}
		for i, call := range calls {
			at := p.Next("1", call, noon)
			if call == reply.Reads {
				at = p.Read("1", 1, noon)
			}
			if got := at.After(noon); got != c.held[i] {
				t.Errorf("%s: %s held back: %v", name, call, got)
			}
		}
	}
}

// One sort's trouble that ends leaves another's, of the same kind, as it is.
func TestTroublesOfTwoSortsEndApart(t *testing.T) {
	p, _ := going()
	for range 5 {
		p.Answered("1", reply.Messages, coded(instagram.ClassHuman, 10), noon, noon)
		p.Answered("1", reply.Writes, coded(instagram.ClassHuman, 10), noon, noon)
	}
	if stops := p.Stops("1", noon); len(stops) != 2 {
		t.Fatalf("%+v", stops)
	}
	later := noon.Add(time.Hour)
	p.Answered("1", reply.Writes, nil, later, later)
	stops := p.Stops("1", later)
	if len(stops) != 1 || stops[0].Of != reply.Messages || p.Next("1", reply.Writes, later).After(later) {
		t.Errorf("%+v", stops)
	}
	p.Renewed("1", later)
	if stops := p.Stops("1", later); len(stops) != 0 {
		t.Errorf("with another token: %+v", stops)
	}
}

// Private replies have a cap of their own: Meta's.
func TestPrivateRepliesAreCapped(t *testing.T) {
	p := reply.NewPace()
	p.Add("1", 1, []time.Time{noon})
	p.Messaged("1", []time.Time{noon.Add(-time.Minute)}, nil)
	for i := range int64(749) {
		if at := p.Reserve("1", reply.Messages, i, noon); at.After(noon) {
			t.Fatalf("number %d waits until %v", i, at)
		}
	}
	if at, want := p.Reserve("1", reply.Messages, 749, noon), noon.Add(59*time.Minute); !at.Equal(want) {
		t.Errorf("the 751st of an hour goes at %v", at)
	}
	if at := p.Next("1", reply.Messages, noon); !at.After(noon) {
		t.Error("another one could go")
	}
	p.Forget("1", 749)
	if at, want := p.Next("1", reply.Messages, noon), noon.Add(59*time.Minute); !at.Equal(want) {
		t.Errorf("the place that was given up is kept: %v", at)
	}
	if at := p.Reserve("1", reply.Hides, 5000, noon); at.After(noon) {
		t.Error("hiding is capped")
	}
	p.SetBack(noon.Add(-time.Hour), time.Hour)
	if at := p.Next("1", reply.Messages, noon.Add(time.Second)); !at.After(noon) {
		t.Error("a clock that was set back lets more go")
	}
}

// Private replies to live comments have another one, of seconds: in an hour's cap most of a broadcast would be over
// before they are sent.
func TestLivePrivateRepliesHaveACapOfTheirOwn(t *testing.T) {
	const perSecond = 90
	p := reply.NewPace()
	p.Add("1", 1, []time.Time{noon})
	// Those of a second ago count no more.
	p.Messaged("1", nil, []time.Time{noon.Add(-time.Second), noon.Add(-400 * time.Millisecond)})
	next := int64(0)
	reserve := func(now time.Time) time.Time {
		next++
		return p.Reserve("1", reply.LiveMessages, next, now)
	}
	for range perSecond - 1 {
		if at := reserve(noon); at.After(noon) {
			t.Fatalf("number %d waits until %v", next, at)
		}
	}
	for _, want := range []time.Duration{600 * time.Millisecond, time.Second, time.Second} {
		if at := reserve(noon); !at.Equal(noon.Add(want)) {
			t.Errorf("number %d goes at %v, want %v later", next, at, want)
		}
	}
	if at := p.Next("1", reply.Messages, noon); at.After(noon) {
		t.Errorf("another private reply waits for them until %v", at)
	}
	for i := range int64(750) {
		p.Reserve("1", reply.Messages, 10_000+i, noon)
	}
	if at := p.Next("1", reply.Messages, noon); !at.Equal(noon.Add(time.Hour)) {
		t.Errorf("the 751st goes at %v", at)
	}
	p.Forget("1", next)
	if at := p.Reserve("1", reply.LiveMessages, next+1, noon); !at.Equal(noon.Add(time.Second)) {
		t.Errorf("they wait for other private replies, or the place that was given up is kept: %v", at)
	}
}

// Whenever its workers come to them, no second has more than the cap, and what can go goes.
func TestNoSecondHasMoreLivePrivateReplies(t *testing.T) {
	const perSecond, all = 90, 1000
	for name, step := range map[string]time.Duration{"in time": time.Millisecond, "late": 1300 * time.Millisecond} {
		p := reply.NewPace()
		p.Add("1", 0, nil)
		due, sent := map[int64]time.Time{}, []time.Time{}
		for i := range int64(all) {
			due[i] = noon
		}
		for now := noon; len(due) > 0; now = now.Add(step) {
			for i := range int64(all) {
				at, waits := due[i]
				if !waits || at.After(now) {
					continue
				}
				if due[i] = p.Reserve("1", reply.LiveMessages, i, now); !due[i].After(now) {
					delete(due, i)
					sent = append(sent, now)
				}
			}
		}
		for i, at := range sent {
			if i >= perSecond && at.Sub(sent[i-perSecond]) < time.Second {
				t.Errorf("%s: %v after number %d comes number %d", name, at.Sub(sent[i-perSecond]), i-perSecond, i)
			}
		}
		// The second in which the last one falls, and what is lost where the rounds don't meet the seconds.
		if took, want := sent[all-1].Sub(noon), all/perSecond*max(time.Second, step); took > want {
			t.Errorf("%s: all of them took %v, want %v", name, took, want)
		}
	}
}

// Meta's refusals don't tell what a private reply answers.
func TestTroublesWithMessagesConcernLiveOnesToo(t *testing.T) {
	restricted := &instagram.Error{Class: instagram.ClassHuman, Code: 10, Subcode: 1893063}
	for _, c := range [][2]reply.Call{{reply.Messages, reply.LiveMessages}, {reply.LiveMessages, reply.Messages}} {
		met, other := c[0], c[1]
		p, _ := going()
		p.Answered("1", met, restricted, noon, noon)
		if at := p.Next("1", other, noon); !at.After(noon) {
			t.Errorf("%s met it, and %s goes on", met, other)
		}
		if stops := p.Stops("1", noon); len(stops) != 1 || stops[0].Of != reply.Messages {
			t.Errorf("%s: %+v", met, stops)
		}
		if !p.HeldBeside("1", reply.Reads, other, noon) {
			t.Errorf("%s isn't held back", other)
		}
		later := p.Stops("1", noon)[0].Until
		if at := p.Reserve("1", met, 1, later); at.After(later) {
			t.Errorf("%s is not tried: %v", met, at)
		}
		if at := p.Reserve("1", other, 2, later); !at.After(later) {
			t.Errorf("two try whether it is over")
		}
		p.Answered("1", met, nil, later, later)
		if at := p.Next("1", other, later); at.After(later) {
			t.Errorf("it ended for %s, and %s waits until %v", met, other, at)
		}
	}
	p, _ := going()
	for i := range 5 {
		p.Answered("1", []reply.Call{reply.Messages, reply.LiveMessages}[i%2], coded(instagram.ClassHuman, 3), noon, noon)
	}
	if at := p.Next("1", reply.Messages, noon); !at.After(noon) {
		t.Error("five refusals in a row stop nothing")
	}
}

func TestFatesOfOtherActions(t *testing.T) {
	lost := &instagram.Error{Class: instagram.ClassUnknown, Code: 2, Message: "try later"}
	unnamed := &instagram.Error{Class: instagram.ClassUnknown, Status: 200, Message: "no id"}
	odd := &instagram.Error{Class: instagram.ClassUnknown, Code: 987654, Message: "new"}
	gone := &instagram.Error{Class: instagram.ClassGone, Code: 100, Subcode: 2534025, Message: "too late"}
	for name, c := range map[string]struct {
		action   string
		attempts int
		expires  time.Time
		err      error
		state    ledger.State
		because  rules.Because
		posts    int
		due      bool // looked for, or tried again
		accepted bool
	}{
		"a public reply that is lost":   {rules.ActionReply, 1, time.Time{}, lost, ledger.Unknown, rules.BecauseFailed, 1, true, false},
		"a private reply that is lost":  {rules.ActionPrivateReply, 1, time.Time{}, lost, ledger.Unknown, rules.BecauseFailed, 1, false, false},
		"a public reply without an id":  {rules.ActionReply, 1, time.Time{}, unnamed, ledger.Unknown, rules.BecauseFailed, 1, true, true},
		"a private reply without an id": {rules.ActionPrivateReply, 1, time.Time{}, unnamed, ledger.Unknown, rules.BecauseFailed, 1, false, false},
		"a private reply that is late":  {rules.ActionPrivateReply, 1, time.Time{}, gone, ledger.Refused, rules.BecauseGone, 1, false, false},
		"a private reply that is old":   {rules.ActionPrivateReply, 1, noon.Add(-time.Second), nil, ledger.Cancelled, rules.BecauseExpired, 0, false, false},
		"a hide that is lost":           {rules.ActionHide, 1, time.Time{}, lost, ledger.Planned, "", 1, true, false},
		"a hide with an odd answer":     {rules.ActionHide, 4, time.Time{}, odd, ledger.Planned, "", 1, true, false},
		"a hide that is lost too often": {rules.ActionHide, 5, time.Time{}, lost, ledger.Unknown, rules.BecauseFailed, 1, false, false},
		"a hide of what is gone":        {rules.ActionHide, 1, time.Time{}, gone, ledger.Refused, rules.BecauseGone, 1, false, false},
		"a hide":                        {rules.ActionHide, 1, time.Time{}, nil, ledger.Posted, "", 1, false, false},
	} {
		pace := reply.NewPace()
		pace.Add("1", 0, nil)
		g, b := &graph{err: c.err}, &book{}
		s := sender(g, b, pace)
		s.SettleAfter = time.Minute
		plan := ledger.Plan{Account: "1", Action: c.action, Expires: c.expires, Request: platform.HideRequest("5")}
		switch c.action {
		case rules.ActionReply:
			plan.Request = platform.ReplyRequest(platform.Target{Kind: platform.Comment, Account: "1", Comment: "5"}, "hi")
		case rules.ActionPrivateReply:
			plan.Request = platform.PrivateReplyRequest("1", "5", "hi")
		}
		if err := s.Send(t.Context(), instagram.Account{ID: "1"}, ledger.Delivery{ID: 33, Attempts: c.attempts, Plan: plan}); err != nil {
			t.Fatal(err)
		}
		fate := b.fates[0]
		if fate.State != c.state || fate.Because != c.because || g.calls != c.posts || fate.Due.IsZero() == c.due || fate.Accepted != c.accepted {
			t.Errorf("%s: %+v after %d posts", name, fate, g.calls)
		}
	}
}
