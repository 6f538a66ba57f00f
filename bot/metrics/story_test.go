package metrics_test

import (
	"strings"
	"testing"

	"github.com/answerback/answerback/bot/metrics"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

// story is what is shown of stories, without the explanations.
func story(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	var shown strings.Builder
	for line := range strings.Lines(scrape(t, m)) {
		if strings.HasPrefix(line, "answerback_story_") {
			shown.WriteString(strings.TrimPrefix(line, "answerback_story_"))
		}
	}
	return shown.String()
}

func TestStoriesAddUpAndTheLastOneIsShown(t *testing.T) {
	m := metrics.New()
	if got := story(t, m); got != "" {
		t.Errorf("before any has ended there is\n%s", got)
	}
	first := map[string]int{"reach": 17, "replies": 0, "exits": -1}
	m.Story("1", first)
	first["reach"] = 99 // the caller may do what it likes with its map
	m.Story("1", map[string]int{"reach": -1, "replies": 4, "views": 31})
	m.Story("2", nil)
	const want = `ended_total{account="1"} 2
ended_total{account="2"} 1
figures_below_five_total{account="1",figure="exits"} 1
figures_below_five_total{account="1",figure="reach"} 1
figures_total{account="1",figure="exits"} 0
figures_total{account="1",figure="reach"} 17
figures_total{account="1",figure="replies"} 4
figures_total{account="1",figure="views"} 31
last_figure{account="1",figure="reach"} -1
last_figure{account="1",figure="replies"} 4
last_figure{account="1",figure="views"} 31
`
	if diff := cmp.Diff(want, story(t, m)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	problems, err := promlint.New(strings.NewReader(scrape(t, m))).Lint()
	if err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
