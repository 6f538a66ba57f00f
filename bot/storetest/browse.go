package storetest

import (
	"github.com/answerback/answerback/bot/ledger"
	"github.com/answerback/answerback/rules"
)

// listed are the keys of the events that the filter lets through.
func (f *fixture) listed(filter ledger.Filter) []string {
	f.Helper()
	events, err := f.atDesk().Events(f.Context(), filter)
	f.must(err)
	keys := []string{}
	for _, event := range events {
		keys = append(keys, event.Key)
	}
	return keys
}

func browseCases() []testcase {
	return []testcase{
		{"has nothing at first", func(f *fixture) {
			f.equal("listed", f.listed(ledger.Filter{}), []string{})
			_, err := f.atDesk().Event(f.Context(), 1)
			f.refuses("event", err, ledger.ErrNoEvent)
		}},
		{"tells of an open event", func(f *fixture) {
			item := f.acceptOne("a")
			f.must(f.Retry(f.Context(), item.Seq, after(30), nil, "Meta is away"))
			got, err := f.atDesk().Event(f.Context(), item.Seq)
			f.must(err)
			f.equal("event", got, ledger.Event{
				Seq: item.Seq, Key: "a", Account: account, Received: noon(), Attempts: 1, Due: after(30), Reason: "Meta is away",
			})
		}},
		{"tells of a decided event with its deliveries", func(f *fixture) {
			delivery := f.bring("a", planOf("hello", 0), ledger.Posted)
			got, err := f.atDesk().Event(f.Context(), delivery.Seq)
			f.must(err)
			f.equal("event", got, ledger.Event{
				Seq: delivery.Seq, Key: "a", Account: account, Received: noon(), Attempts: 1, Decided: noon(),
				Verdict: ledger.VerdictReply, Rule: "challenge", Deliveries: []ledger.Settled{f.settledOf(delivery)},
			})
		}},
		{"tells of a failed event that is asked for again", func(f *fixture) {
			seq := f.failed("a", ledger.VerdictError)
			f.must(f.atDesk().JudgeAgain(f.Context(), seq, after(3)))
			got, err := f.atDesk().Event(f.Context(), seq)
			f.must(err)
			f.equal("reopened", got.Reopened, after(3))
			f.equal("because", got.Because, rules.BecauseFailed)
		}},
		{"lists by state, account, rule and time, the last first", func(f *fixture) {
			f.bring("posted", planOf("a", 0), ledger.Posted)
			f.bring("unknown", planOf("b", 0), ledger.Unknown)
			f.failed("failed", ledger.VerdictError)
			later := arrival("open", 50)
			later.Account = "1"
			f.accept(later)
			for name, c := range map[string]struct {
				filter ledger.Filter
				want   []string
			}{
				"all":                 {ledger.Filter{}, []string{"open", "failed", "unknown", "posted"}},
				"open":                {ledger.Filter{Open: true}, []string{"open"}},
				"a verdict":           {ledger.Filter{Verdict: ledger.VerdictError}, []string{"failed"}},
				"another verdict":     {ledger.Filter{Verdict: ledger.VerdictReply}, []string{"unknown", "posted"}},
				"a delivery":          {ledger.Filter{Delivery: ledger.Unknown}, []string{"unknown"}},
				"a delivery and more": {ledger.Filter{Delivery: ledger.Unknown, Verdict: ledger.VerdictError}, []string{}},
				"an account":          {ledger.Filter{Account: "1"}, []string{"open"}},
				"a rule":              {ledger.Filter{Rule: "challenge"}, []string{"unknown", "posted"}},
				"since":               {ledger.Filter{Since: after(50)}, []string{"open"}},
				"until":               {ledger.Filter{Until: after(50)}, []string{"failed", "unknown", "posted"}},
				"two":                 {ledger.Filter{Limit: 2}, []string{"open", "failed"}},
				"two more":            {ledger.Filter{Limit: 2, Before: 3}, []string{"unknown", "posted"}},
				"no more":             {ledger.Filter{Limit: 2, Before: 1}, []string{}},
			} {
				f.equal(name, f.listed(c.filter), c.want)
			}
		}},
	}
}
