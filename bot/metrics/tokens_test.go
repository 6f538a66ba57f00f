package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/metrics"
)

func TestEndsOfTokensAreShownWhereTheyAreKnown(t *testing.T) {
	m := metrics.New()
	ends := map[string]time.Time{"1": time.Unix(1795338000, 0)}
	m.WatchTokens(func() map[string]time.Time { return ends }, func() map[string]time.Time { return nil })
	got := scrape(t, m)
	if !strings.Contains(got, "answerback_token_expires_timestamp_seconds{account=\"1\"} 1.795338e+09\n") {
		t.Errorf("no end in\n%s", got)
	}
	if strings.Contains(got, "answerback_token_data_access_expires_timestamp_seconds{") {
		t.Errorf("what nobody knows is shown:\n%s", got)
	}
}
