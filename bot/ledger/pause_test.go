package ledger_test

import (
	"testing"
	"time"

	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// TestAPauseIsExplained guards that the record tells whose word it was that held the reply back, and until when.
func TestAPauseIsExplained(t *testing.T) {
	event := comment()
	pause := ledger.Pause{Scope: ledger.ScopeRule, Name: "a", Until: noon().Add(time.Hour), Reason: "a wrong price"}
	record, err := ledger.Conclude(event, decide(event, "a matched"), noon(), ledger.Terms{}, &book{paused: pause})
	if err != nil {
		t.Fatal(err)
	}
	want := rules.Outcome{
		Name: "a", Outcome: rules.HeldBack, Because: rules.BecausePaused, Until: noon().Add(time.Hour),
		Detail: `rule "a" is paused until 2024-01-01T13:00:00Z: a wrong price`,
	}
	if got := record.Kept().Rules; len(got) != 1 || got[0].Detail != want.Detail || !got[0].Until.Equal(want.Until) || got[0].Because != want.Because {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestOutlasts(t *testing.T) {
	until := func(hours int) ledger.Pause {
		return ledger.Pause{Scope: ledger.ScopeAll, Until: noon().Add(time.Duration(hours) * time.Hour)}
	}
	none, ever := ledger.Pause{}, ledger.Pause{Scope: ledger.ScopeAll}
	for i, rising := range [][2]ledger.Pause{{none, until(1)}, {until(1), until(2)}, {until(2), ever}, {none, ever}} {
		if !rising[1].Outlasts(rising[0]) || rising[0].Outlasts(rising[1]) || rising[1].Outlasts(rising[1]) {
			t.Errorf("%d: %v and %v", i, rising[0], rising[1])
		}
	}
}
