package metrics_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/metrics"
)

func TestSweepsAreForetoldAndCounted(t *testing.T) {
	m := metrics.New()
	if got := scrape(t, m); strings.Contains(got, "answerback_sweep_") {
		t.Errorf("shown where nothing is looked for:\n%s", got)
	}
	m.Sweeping("17", "done", "failed")
	m.Swept("17", "done", 3)
	m.Swept("17", "done", 0)
	got := scrape(t, m)
	for _, line := range []string{
		`answerback_sweep_found_total{account="17"} 3`,
		`answerback_sweep_rounds_total{account="17",result="done"} 2`,
		`answerback_sweep_rounds_total{account="17",result="failed"} 0`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
}
