package metrics_test

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/answerback/answerback/bot/metrics"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

var update = flag.Bool("update", false, "write the golden files anew")

// scrape is what Prometheus would read, less the runtime's and the process' own figures.
func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	var ours strings.Builder
	for line := range strings.Lines(scrapeAll(t, m)) {
		if strings.Contains(line, "answerback_") {
			ours.WriteString(line)
		}
	}
	return ours.String()
}

func scrapeAll(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestEverythingIsShown(t *testing.T) {
	m := metrics.New()
	m.Answered(200, 3*time.Millisecond)
	m.Answered(200, 40*time.Millisecond)
	m.Answered(403, time.Millisecond)
	m.Answered(408, 30*time.Second)
	m.Received("comment")
	m.Received("comment")
	m.Received("caption_mention")
	m.Duplicates(0)
	m.Duplicates(2)
	m.Ignored("field", "messages")
	m.Ignored("test_event", "comments")
	m.Decided("reply", "")
	m.Decided("skipped", "own")
	m.Decided("skipped", "own")
	m.Delivered("reply", "posted")
	m.Delivered("notify", "unknown")
	m.Posted(1500 * time.Millisecond)
	m.GraphCall("mentions", "ok", 120*time.Millisecond)
	m.GraphCall("mentions", "wait", 20*time.Millisecond)
	m.RulesActive("3f2a", 14, time.UnixMilli(1_800_000_000_250))
	m.RulesRejected()
	m.WatchBacklog(func() (int, bool) { return 7, true })
	m.WatchAccounts(func() map[string]string { return map[string]string{"17841": "token", "17842": ""} })
	m.WatchUsage(func() map[string]float64 { return map[string]float64{"17841": 95.5} })
	m.WatchClock(func() time.Duration { return -90 * time.Second })
	m.WatchMissing(func() map[string]int { return map[string]int{"17841": 12} })

	const golden = "testdata/scrape.txt"
	got := scrape(t, m)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("scrape (-want +got):\n%s", diff)
	}
}

func TestNamesFollowTheConventions(t *testing.T) {
	m := metrics.New()
	m.RulesActive("3f2a", 1, time.Unix(1, 0))
	m.Ignored("field", "messages")
	m.GraphCall("mentions", "ok", time.Second)
	m.Decided("reply", "")
	m.Received("comment")
	m.WatchBacklog(func() (int, bool) { return 0, true })
	problems, err := promlint.New(strings.NewReader(scrape(t, m))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Errorf("%s: %s", p.Metric, p.Text)
	}
}

func TestRuntimeAndBuildAreShown(t *testing.T) {
	all := scrapeAll(t, metrics.New())
	for _, name := range []string{"go_goroutines ", "go_build_info{", "process_start_time_seconds "} {
		if !strings.Contains(all, "\n"+name) {
			t.Errorf("no %s in the scrape", name)
		}
	}
}

func TestAlertableSeriesExistBeforeAnythingHappens(t *testing.T) {
	got := scrape(t, metrics.New())
	for _, line := range []string{
		`answerback_notifications_total{status="503"} 0`,
		`answerback_deliveries_total{action="private_reply",fate="unknown"} 0`,
		`answerback_reloads_total{result="rejected"} 0`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s", line)
		}
	}
	if strings.Contains(got, "answerback_rules_info{") {
		t.Error("a revision is shown before there are rules")
	}
}

func TestReloads(t *testing.T) {
	type state struct{ info, rules, good, ok, rejected string }
	active := func(revision, rules, good, ok, rejected string) state {
		return state{`answerback_rules_info{revision="` + revision + `"} 1`, "answerback_rules_active " + rules, "answerback_last_reload_successful " + good,
			`answerback_reloads_total{result="ok"} ` + ok, `answerback_reloads_total{result="rejected"} ` + rejected}
	}
	m := metrics.New()
	for _, step := range []struct {
		name string
		do   func()
		want state
	}{
		{"start over broken rules", func() { m.RulesKept("old", 3) }, active("old", "3", "0", "0", "1")},
		{"mended", func() { m.RulesActive("new", 4, time.Unix(5, 0)) }, active("new", "4", "1", "1", "1")},
		{"broken again", m.RulesRejected, active("new", "4", "0", "1", "2")},
		{"edit undone", m.RulesUnchanged, active("new", "4", "1", "1", "2")},
	} {
		step.do()
		got := scrape(t, m)
		for _, line := range []string{step.want.info, step.want.rules, step.want.good, step.want.ok, step.want.rejected} {
			if !strings.Contains(got, line+"\n") {
				t.Errorf("%s: no %q in\n%s", step.name, line, got)
			}
		}
		if n := strings.Count(got, "answerback_rules_info{"); n != 1 {
			t.Errorf("%s: %d revisions at once", step.name, n)
		}
	}
}

func TestIgnoredNamesAreBounded(t *testing.T) {
	m := metrics.New()
	for i := range 5000 {
		m.Ignored("account", fmt.Sprint(i))
	}
	m.Ignored("account", "17")
	got := scrape(t, m)
	if n := strings.Count(got, "answerback_ignored_total{"); n > 101 {
		t.Errorf("%d series", n)
	}
	for _, line := range []string{
		`answerback_ignored_total{name="17",reason="account"} 2`,
		`answerback_ignored_total{name="other",reason="account"} 4900`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s", line)
		}
	}
}

func TestOddNamesAreMadeHarmless(t *testing.T) {
	m := metrics.New()
	m.Ignored("junk", "\xff\xfe\n\"}\\")
	m.Ignored("junk", strings.Repeat("é", 1000))
	m.Ignored("junk", strings.Repeat("é", 64))
	got := scrape(t, m)
	for _, line := range []string{
		`answerback_ignored_total{name="` + "\uFFFD" + `\n\"}\\",reason="junk"} 1`,
		`answerback_ignored_total{name="` + strings.Repeat("é", 64) + `",reason="junk"} 2`,
	} {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("no %s in\n%s", line, got)
		}
	}
}

func TestWatchedFiguresAreAskedAtEachScrape(t *testing.T) {
	m := metrics.New()
	n, ok := 1, true
	m.WatchBacklog(func() (int, bool) { return n, ok })
	for _, want := range []string{"answerback_inbox_backlog 1\n", "answerback_inbox_backlog 2\n"} {
		if got := scrape(t, m); !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
		n++
	}
	ok = false
	if got := scrape(t, m); strings.Contains(got, "answerback_inbox_backlog ") {
		t.Error("a figure is shown that nobody knows")
	}
}

// Whatever is called for each event must not make garbage.
func TestNothingIsAllocatedOnAnEventsWay(t *testing.T) {
	m := metrics.New()
	for name, do := range map[string]func(){
		"Answered":   func() { m.Answered(200, time.Millisecond) },
		"Received":   func() { m.Received("comment") },
		"Duplicates": func() { m.Duplicates(1) },
		"Ignored":    func() { m.Ignored("field", "messages") },
		"Decided":    func() { m.Decided("skipped", "own") },
		"Delivered":  func() { m.Delivered("reply", "posted") },
		"Posted":     func() { m.Posted(time.Second) },
		"GraphCall":  func() { m.GraphCall("mentions", "ok", time.Second) },
	} {
		if n := testing.AllocsPerRun(100, do); n != 0 {
			t.Errorf("%s allocates %v times", name, n)
		}
	}
}

func TestTwoInOneProcess(t *testing.T) {
	one, two := metrics.New(), metrics.New()
	one.Delivered("reply", "posted")
	if got := scrape(t, two); !strings.Contains(got, `answerback_deliveries_total{action="reply",fate="posted"} 0`+"\n") {
		t.Errorf("what one counted is seen in the other:\n%s", got)
	}
}

func TestCountingWhileScraping(t *testing.T) {
	m := metrics.New()
	var counting sync.WaitGroup
	for g := range 4 {
		counting.Go(func() {
			for i := range 200 {
				m.Ignored("account", fmt.Sprint(g, i))
				m.Decided("no_match", "")
				m.RulesActive(fmt.Sprint(i), i, time.Unix(int64(i), 0))
			}
		})
	}
	for range 5 {
		scrape(t, m)
	}
	counting.Wait()
	if got := scrape(t, m); !strings.Contains(got, `answerback_events_decided_total{because="",verdict="no_match"} 800`+"\n") {
		t.Errorf("counts were lost:\n%s", got)
	}
}

func BenchmarkAnswered(b *testing.B) {
	m := metrics.New()
	b.ReportAllocs()
	for b.Loop() {
		m.Answered(200, 3*time.Millisecond)
		m.Received("comment")
	}
}
