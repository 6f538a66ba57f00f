package ledger_test

import (
	"slices"
	"testing"

	"github.com/answerback/answerback/bot/ledger"
)

func TestStates(t *testing.T) {
	ended := []ledger.State{ledger.Posted, ledger.Refused, ledger.Cancelled, ledger.Rejected}
	leads := map[ledger.State][]ledger.State{
		"":              {ledger.Waiting, ledger.Planned, ledger.Sending},
		ledger.Waiting:  {ledger.Planned, ledger.Rejected, ledger.Cancelled},
		ledger.Planned:  {ledger.Sending, ledger.Cancelled},
		ledger.Sending:  {ledger.Posted, ledger.Refused, ledger.Cancelled, ledger.Unknown, ledger.Planned},
		ledger.Unknown:  {ledger.Posted, ledger.Planned, ledger.Refused},
		ledger.Refused:  {ledger.Planned},
		ledger.Posted:   nil,
		ledger.Rejected: nil, ledger.Cancelled: nil,
	}
	for from, next := range leads {
		if from.Ended() != slices.Contains(ended, from) {
			t.Errorf("%q has ended: %v", from, from.Ended())
		}
		for to := range leads {
			if got, want := from.May(to), slices.Contains(next, to); got != want {
				t.Errorf("from %q to %q: %v, want %v", from, to, got, want)
			}
		}
	}
}

// What may have been said is sent again only after a look, or on a person's word.
func TestADoubtIsLeftByALookOrAPerson(t *testing.T) {
	for _, step := range ledger.Steps() {
		if step.From == ledger.Unknown && step.By != ledger.CallSettle && !step.By.Person() {
			t.Errorf("%+v", step)
		}
		if step.To == ledger.Posted && step.From != ledger.Sending && step.From != ledger.Unknown {
			t.Errorf("%+v", step)
		}
	}
}
