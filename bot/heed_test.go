package bot_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/instagram"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/sqlite"
	"github.com/answerback/answerback/rules"
)

// decide has a person do something at a desk.
func (h *house) decide(do func(*sqlite.Desk) error) {
	h.t.Helper()
	desk, err := sqlite.OpenDesk(h.t.Context(), h.path)
	if err != nil {
		h.t.Fatal(err)
	}
	if err := do(desk); err != nil {
		h.t.Error(err)
	}
	if err := desk.Close(); err != nil {
		h.t.Error(err)
	}
}

func (h *house) pause(pause ledger.Pause) {
	h.t.Helper()
	pause.Reason, pause.Since = "a wrong price", time.Now()
	h.decide(func(d *sqlite.Desk) error { return d.Pause(h.t.Context(), pause) })
}

func (h *house) resume(scope ledger.Scope, name string) {
	h.t.Helper()
	h.decide(func(d *sqlite.Desk) error { return d.Resume(h.t.Context(), scope, name, time.Now()) })
}

func soon(p *ledger.Plan) {
	p.Due, p.Expires = time.Now().Add(time.Minute), time.Now().Add(time.Hour)
}

// What is decided after the pause was made is held back by it, without anybody telling the daemon.
func TestAPauseHoldsForTheNextEvent(t *testing.T) {
	for _, pause := range []ledger.Pause{
		{Scope: ledger.ScopeAll}, {Scope: ledger.ScopeAccount, Name: account}, {Scope: ledger.ScopeRule, Name: "challenge"},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := newHouse(t)
			defer h.start()()
			h.mention("11")
			synctest.Wait()
			h.pause(pause)
			h.mention("12")
			time.Sleep(time.Second)
			record, err := h.store.Record(t.Context(), 2)
			if err != nil || record.Verdict != ledger.VerdictSkipped || record.Because != rules.BecausePaused || record.Rule != "challenge" {
				t.Errorf("%v %+v", err, record)
			}
			h.resume(pause.Scope, pause.Name)
			h.mention("13")
			time.Sleep(time.Second)
			if said := h.graph.replies(); !slices.Equal(said, []string{"11", "13"}) {
				t.Errorf("said %v", said)
			}
		})
	}
}

// What was planned waits for the end of the pause, however it comes, and is said within 15 seconds of it.
func TestAPauseHoldsBackWhatWasPlanned(t *testing.T) {
	for name, c := range map[string]struct {
		until time.Duration // 0: a person ends it, after half an hour
		state ledger.State
	}{
		"until a person ends it": {state: ledger.Posted},
		"until its own end":      {until: 30 * time.Minute, state: ledger.Posted},
		"for too long":           {until: 2 * time.Hour, state: ledger.Cancelled},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := newHouse(t)
				h.plant("11", soon)
				defer h.start()()
				time.Sleep(45 * time.Second) // the daemon knows by now when it is due
				pause := ledger.Pause{Scope: ledger.ScopeRule, Name: "challenge"}
				if c.until > 0 {
					pause.Until = time.Now().Add(c.until)
				}
				h.pause(pause)
				time.Sleep(30 * time.Minute)
				if said := h.graph.replies(); len(said) != 0 && c.until == 0 {
					t.Errorf("said %v while it was paused", said)
				}
				if c.until == 0 {
					h.resume(pause.Scope, pause.Name)
				}
				time.Sleep(15 * time.Second)
				if c.state == ledger.Cancelled {
					time.Sleep(time.Hour)
				}
				if f := h.fate(1); f.State != c.state {
					t.Errorf("%+v", f)
				}
			})
		})
	}
}

func TestReadinessNamesPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		defer h.start()()
		h.pause(ledger.Pause{Scope: ledger.ScopeRule, Name: "challenge"})
		reasons, notes := h.bot.Health(t.Context())
		if len(reasons) != 0 || len(notes) != 1 || notes[0] != `rule "challenge" is paused: a wrong price` {
			t.Errorf("%q, %q", reasons, notes)
		}
	})
}

// An event that was given up, and that a person wants judged again, is looked up anew and answered.
func TestAFailedEventIsJudgedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.graph.reads = times(1, classed(instagram.ClassPermanent))
		defer h.start()()
		h.mention("11")
		time.Sleep(time.Second)
		record, err := h.store.Record(t.Context(), 1)
		if err != nil || record.Verdict != ledger.VerdictError || record.Event.Text != "" {
			t.Fatalf("%v %+v", err, record)
		}
		h.decide(func(d *sqlite.Desk) error { return d.JudgeAgain(t.Context(), 1, time.Now()) })
		time.Sleep(15 * time.Second)
		record, err = h.store.Record(t.Context(), 1)
		if err != nil || record.Verdict != ledger.VerdictReply || !strings.Contains(record.Event.Text, "challenge") {
			t.Errorf("%v %+v", err, record)
		}
		accepted, err := h.bot.Accept(t.Context(), []inbox.Arrival{{Key: account + "/comment/11", Account: account, Thread: "11"}})
		if err != nil || accepted.Duplicate != 1 {
			t.Errorf("%v %+v", err, accepted)
		}
		if said := h.graph.replies(); !slices.Equal(said, []string{"11"}) {
			t.Errorf("said %v", said)
		}
	})
}

// A reply of unknown fate that a person has sent again is tried once more.
func TestAPersonHasAReplySentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		id := h.plant("11", func(p *ledger.Plan) { p.Now = true }) // the run before ended while it was being sent
		defer h.start()()
		time.Sleep(time.Second)
		if f := h.fate(1); f.State != ledger.Unknown {
			t.Fatalf("%+v", f)
		}
		h.decide(func(d *sqlite.Desk) error { return d.SendAgain(t.Context(), id, true, time.Now()) })
		time.Sleep(15 * time.Second)
		if f, said := h.fate(1), h.graph.replies(); f.State != ledger.Posted || len(said) != 1 {
			t.Errorf("%+v, said %v", f, said)
		}
	})
}
