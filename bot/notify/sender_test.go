package notify_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/answerback/answerback/bot/inbox"
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/bot/notify"
	"github.com/answerback/answerback/rules"
	"github.com/sirupsen/logrus"
)

// page is a ledger with one delivery, which fails so often before it takes a fate.
type page struct {
	fates []ledger.Fate
	fail  int
	err   error
}

func (p *page) Finish(_ context.Context, _ int64, fate ledger.Fate) error {
	if p.fail--; p.fail >= 0 {
		return errors.New("disk full")
	}
	p.fates = append(p.fates, fate)
	return p.err
}

// answers is a poster that answers in one way.
type answers struct {
	err   error
	notes []notify.Note
}

func (a *answers) Post(_ context.Context, _ string, note notify.Note) error {
	a.notes = append(a.notes, note)
	return a.err
}

func sender(p *page, a *answers, told *[]ledger.State) (*notify.Sender, *bytes.Buffer) {
	var out bytes.Buffer
	log := logrus.New()
	log.SetOutput(&out)
	return notify.NewSender(notify.SenderOptions{
		Poster: a, Ledger: p, Backoff: inbox.Retries(), Log: log, Now: time.Now,
		Observe: func(_ ledger.Delivery, state ledger.State) { *told = append(*told, state) },
	}), &out
}

func notice(attempts int) ledger.Delivery {
	return ledger.Delivery{ID: 275, Seq: 17, Attempts: attempts, Plan: ledger.Plan{Action: rules.ActionNotify, Rule: "a rule", To: "ops", Text: "look"}}
}

func TestSend(t *testing.T) {
	for name, c := range map[string]struct {
		err      error
		attempts int
		want     ledger.State
		because  rules.Because
		pause    time.Duration // at least
	}{
		"taken":                       {nil, 1, ledger.Posted, "", 0},
		"not now":                     {&notify.Error{Status: 503}, 1, ledger.Planned, "", time.Second},
		"not for a while":             {&notify.Error{Status: 429, RetryAfter: time.Minute}, 1, ledger.Planned, "", time.Minute},
		"not after most of a day":     {&notify.Error{Status: 503}, 270, ledger.Planned, "", time.Minute},
		"not after a day":             {&notify.Error{Status: 503}, 400, ledger.Refused, rules.BecauseFailed, 0},
		"never":                       {&notify.Error{Status: 404, Refused: true}, 1, ledger.Refused, rules.BecauseFailed, 0},
		"to a place that isn't there": {notify.ErrNoPlace, 1, ledger.Cancelled, rules.BecauseFailed, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var told []ledger.State
			p, a := &page{}, &answers{err: c.err}
			s, log := sender(p, a, &told)
			before := time.Now()
			s.Send(t.Context(), notice(c.attempts))
			fate := p.fates[0]
			if fate.State != c.want || fate.Because != c.because || len(told) != 1 || told[0] != c.want {
				t.Errorf("%+v, told %v", fate, told)
			}
			if c.want == ledger.Planned && fate.Due.Sub(before) < c.pause {
				t.Errorf("again after %v", fate.Due.Sub(before))
			}
			if want := (notify.Note{Text: "look", Rule: "a rule", Event: "17", ID: "275"}); a.notes[0] != want {
				t.Errorf("%+v", a.notes[0])
			}
			if strings.Contains(log.String(), "look") || !strings.Contains(log.String(), "action=notify") {
				t.Error(log.String())
			}
		})
	}
}

// The ledger may be away for a while; the note is not posted again for that.
func TestAFateIsEnteredInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var told []ledger.State
		p, a := &page{fail: 5}, &answers{}
		s, _ := sender(p, a, &told)
		s.Send(t.Context(), notice(1))
		if len(a.notes) != 1 || len(p.fates) != 1 || len(told) != 1 {
			t.Errorf("%d notes, fates %v, told %v", len(a.notes), p.fates, told)
		}
		p = &page{fail: 1 << 30}
		s, _ = sender(p, a, &told)
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		s.Send(ctx, notice(1))
		if len(p.fates) != 0 || len(told) != 1 {
			t.Errorf("fates %v, told %v", p.fates, told)
		}
		p = &page{err: ledger.ErrNotSending}
		s, _ = sender(p, a, &told)
		s.Cancel(t.Context(), notice(1), rules.BecauseDisabled, "its rule is gone")
		if len(p.fates) != 1 || p.fates[0].State != ledger.Cancelled {
			t.Errorf("fates %v", p.fates)
		}
	})
}
