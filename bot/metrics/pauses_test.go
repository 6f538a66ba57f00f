package metrics_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/metrics"
)

func TestPausesAreShownAsLongAsTheyLast(t *testing.T) {
	m := metrics.New()
	lasting, ok := []metrics.PauseFigure{{Scope: "all"}, {Scope: "rule", Name: "price", Waiting: 3}}, true
	m.WatchPauses(func() ([]metrics.PauseFigure, bool) { return lasting, ok })
	const all, rule = `answerback_pause_waiting_replies{name="",scope="all"} 0`, `answerback_pause_waiting_replies{name="price",scope="rule"} 3`
	if got := scrape(t, m); !strings.Contains(got, all+"\n") || !strings.Contains(got, rule+"\n") {
		t.Errorf("no pauses in\n%s", got)
	}
	lasting = lasting[:1]
	if got := scrape(t, m); strings.Contains(got, rule) || !strings.Contains(got, all) {
		t.Errorf("not what lasts:\n%s", got)
	}
	ok = false
	if got := scrape(t, m); strings.Contains(got, "answerback_pause_waiting_replies{") {
		t.Errorf("unknown, and shown:\n%s", got)
	}
}
