package instagram_test

import (
	"os"
	"testing"

	"github.com/answerback/answerback/bot/instagram"
	"github.com/google/go-cmp/cmp"
)

func TestMetrics(t *testing.T) {
	for raw, want := range map[string]map[string]int{
		`{"field":"story_insights","value":{"media_id":"1","reach":17,"views":3}}`:                         {"reach": 17, "views": 3},
		`{"value":{"taps_back":-1,"media_id":1,"taps_forward":0},"field":"story_insights"}`:                {"taps_back": -1, "taps_forward": 0},
		`{"field":"story_insights","value":{"media_id":"1","reach":"17","exits":" 4","replies":"4x"}}`:     {"reach": 17},
		`{"field":"story_insights","value":{"media_id":"1","reach":-2,"exits":1.5,"views":null}}`:          {},
		`{"field":"story_insights","value":{"media_id":"1","reach":99999999999999999999,"exits":[1]}}`:     {},
		`{"field":"story_insights","value":{"media_id":"1","reach":{"reach":5},"saves":6}}`:                {},
		`{"field":"story_insights","value":{"media_id":"1","reach":5,"exits":2,"reach":6,"exits":"no"}}`:   {"reach": 6},
		`{"field":"story_insights","value":{"media_id":"1","reach":5},"value":{"media_id":"1","views":6}}`: {"views": 6},
		`{"field":"comments","value":{"id":"1","replies":5}}`:                                              nil,
	} {
		change, err := instagram.ParseChange([]byte(raw))
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		if diff := cmp.Diff(want, change.Metrics()); diff != "" {
			t.Errorf("%s: got + and want -:\n%s", raw, diff)
		}
	}
}

func TestMetricsOfTheGuide(t *testing.T) {
	body, err := os.ReadFile(samples + "guide_story_insights.json")
	if err != nil {
		t.Fatal(err)
	}
	got, err := instagram.Parse(body)
	if err != nil || len(got.Changes) != 1 {
		t.Fatalf("%v, %d changes", err, len(got.Changes))
	}
	want := map[string]int{"exits": 1, "replies": 0, "reach": 17, "taps_forward": 12, "taps_back": 0, "impressions": 28}
	if diff := cmp.Diff(want, got.Changes[0].Metrics()); diff != "" {
		t.Errorf("got + and want -:\n%s", diff)
	}
}
